import { Injectable } from '@nestjs/common';
import {
  bool,
  choice,
  Database,
  defineList,
  Every,
  find,
  instant,
  invalid,
  lock,
  momentOf,
  page,
  Params,
  text,
  uuid,
  type Page,
  type ParsedList,
  type Principal,
  type Touched,
} from '@quen/chassis';
import { Events, type Transaction } from '@quen/messaging';
import { Customer } from '../customers/customers.service.js';
import { changeList, evaluate, leaveLists, membershipSql, type MembershipChange } from './membership.queries.js';
import { membershipState } from './membership.states.js';
import { segmentFields } from './segment-fields.js';
import { Segment, segmentKinds } from './segment.entity.js';
import type { ChangeMembers, ChangeSegment, CreateSegment, MembershipStep, PreviewSegment } from './segments.dto.js';

export { Segment };

export const segmentList = defineList({
  entity: Segment,
  fields: {
    name: text(),
    kind: choice(segmentKinds),
    active: bool(),
    branchId: uuid(),
    createdAt: instant(),
    updatedAt: instant(),
  },
  sort: ['name', 'createdAt', 'updatedAt'],
  defaultSort: '-createdAt',
  search: ['name', 'description'],
});

export const memberList = defineList({
  entity: Customer,
  fields: segmentFields.fields,
  sort: ['code', 'displayName', 'lifetimeValue', 'revenue', 'lastOrderOn'],
  defaultSort: 'code',
  search: ['code', 'displayName'],
});

/**
 * Who has the segments' rules in hand while customers change: consumers share the lock, whoever creates or changes a
 * segment has it alone. So a new
 * segment's first filling sees every committed change of a customer, and every later change sees the new segment.
 */
const upkeepLock = `hashtextextended('segment-upkeep', 0)`;

/** A segment with the number of its members. */
export type SizedSegment = Segment & { size: number };

/** Segments and their members. */
@Injectable()
export class SegmentsService {
  constructor(
    private readonly database: Database,
    private readonly events: Events,
  ) {}

  list(query: ParsedList): Promise<Page<SizedSegment>> {
    return this.database.read(async (tx) => {
      const found = await page(tx, segmentList, query);
      const sizes = await this.sizes(
        tx,
        found.data.map((segment) => segment.id),
      );
      return {
        ...found,
        data: found.data.map((segment) => Object.assign(segment, { size: sizes.get(segment.id) ?? 0 })),
      };
    });
  }

  get(id: string): Promise<SizedSegment> {
    return this.database.read(async (tx) => this.withSize(tx, await find(tx, Segment, id)));
  }

  /**
   * Saves a segment and fills it with those whom its rule describes. @throws Problem validation_failed for a wrong rule
   */
  create(body: CreateSegment, by: Principal): Promise<SizedSegment> {
    return this.database.transaction(async (tx) => {
      const segment = Segment.create(
        {
          name: body.name,
          description: body.description,
          kind: body.kind,
          ownerId: by.subject,
          rule: body.rule ? segmentFields.parse(body.rule, '/rule').toJSON() : null,
          branchId: body.branchId ?? (by.scope === 'all' ? null : (by.branchId ?? null)),
        },
        momentOf(tx).at,
      );
      await tx.query(`select pg_advisory_xact_lock(${upkeepLock})`);
      await tx.save(segment);
      await this.fill(tx, segment);
      return this.withSize(tx, await find(tx, Segment, segment.id));
    });
  }

  /** Changes name, description or rule; a changed rule is evaluated for all customers at once. */
  change(id: string, version: number, body: ChangeSegment): Promise<SizedSegment> {
    return this.database.transaction(async (tx) => {
      if (body.rule) await tx.query(`select pg_advisory_xact_lock(${upkeepLock})`);
      const segment = await lock(tx, Segment, id, version);
      segment.mustBeActive();
      if (body.name !== undefined) segment.name = body.name;
      if (body.description !== undefined) segment.description = body.description;
      if (body.rule) segment.describe(segmentFields.parse(body.rule, '/rule').toJSON());
      segment.updatedAt = momentOf(tx).at;
      await tx.save(segment);
      if (body.rule) await this.fill(tx, segment);
      return this.withSize(tx, segment);
    });
  }

  archive(id: string, version: number): Promise<SizedSegment> {
    return this.database.transaction(async (tx) => {
      const segment = await lock(tx, Segment, id, version);
      segment.archive();
      segment.updatedAt = momentOf(tx).at;
      await tx.save(segment);
      return this.withSize(tx, segment);
    });
  }

  /** Size and a sample of those whom a rule describes, without saving anything; within the caller's reach. */
  preview(body: PreviewSegment): Promise<{ size: number; reachableByEmail: number; sample: Customer[] }> {
    return this.database.read(async (tx) => {
      const params = new Params();
      const condition = membershipSql(
        { rule: segmentFields.parse(body.rule, '/rule').toJSON(), branchId: body.branchId ?? null },
        params,
      );
      const [counted]: { size: string; reachable: string; ids: string[] | null }[] = await tx.query(
        `
        select count(*) as size, count(*) filter (where 'email' = any(marketing_channels) and cardinality(emails) > 0) as reachable,
          (array_agg(id order by code))[1:10] as ids
        from customer where ${condition}`,
        params.values,
      );
      const sample = counted?.ids
        ? await tx
            .createQueryBuilder(Customer, 'c')
            .where('c.id = any(:ids)', { ids: counted.ids })
            .orderBy('c.code')
            .getMany()
        : [];
      return { size: Number(counted?.size), reachableByEmail: Number(counted?.reachable), sample };
    });
  }

  members(id: string, query: ParsedList): Promise<Page<Customer>> {
    return this.database.read(async (tx) => {
      await find(tx, Segment, id);
      return page(tx, memberList, query, {
        where:
          'exists (select 1 from segment_membership m where m.segment_id = $1 and m.customer_id = e.id and m.member)',
        params: [id],
      });
    });
  }

  /** Every step of one customer into and out of a segment, newest first. */
  history(id: string, customerId: string): Promise<MembershipStep[]> {
    return this.database.read(async (tx) => {
      await find(tx, Segment, id);
      // Steps of an erased customer, of whom there is no row, are for whoever reaches everything.
      const rows: { member: boolean; at: Date; because_of: string | null }[] = await tx.query(
        `select member, at, because_of from segment_membership_change where segment_id = $1 and customer_id = $2
          and (quen_scope() = 'all' or exists (select 1 from customer where id = $2)) order by id desc limit 200`,
        [id, customerId],
      );
      if (rows.length === 0) await find(tx, Customer, customerId);
      return rows.map((row) => ({
        customerId,
        member: row.member,
        at: row.at.toISOString(),
        becauseOf: row.because_of,
      }));
    });
  }

  /** Adds customers to a static list and takes others off. @throws Problem segment_kind_mismatch */
  changeMembers(id: string, body: ChangeMembers): Promise<{ added: number; removed: number }> {
    return this.database.transaction(async (tx) => {
      const segment = await lock(tx, Segment, id);
      segment.mustTakeMembers();
      const add = body.add ?? [];
      const both = add.filter((each) => body.remove?.includes(each));
      if (both.length)
        throw invalid({
          pointer: '/remove',
          code: 'also_added',
          message: `${both[0]} is in add as well`,
          vi: `${both[0]} cũng có trong add`,
        });
      const changes = await changeList(tx, id, add, body.remove ?? []);
      await this.publish(tx, changes);
      return {
        added: changes.filter((change) => change.member).length,
        removed: changes.filter((change) => !change.member).length,
      };
    });
  }

  /**
   * Keeps the upkeep of members from meeting a segment that is just being created or changed; first thing in a
   * transaction that changes customers.
   */
  async beginUpkeep(tx: Transaction): Promise<void> {
    await tx.query(`select pg_advisory_xact_lock_shared(${upkeepLock})`);
  }

  /** Evaluates every active segment for the customers whom a batch of events touched, and for nobody else. */
  async evaluateTouched(tx: Transaction, touched: readonly Touched[]): Promise<void> {
    if (touched.length === 0) return;
    const segments = await tx.findBy(Segment, { active: true, kind: 'rules' });
    const changes = [...(await evaluate(tx, segments, touched)), ...(await leaveLists(tx, touched))];
    await this.publish(tx, changes);
  }

  /**
   * Evaluates each segment for everybody once a day: members change by the calendar where a rule counts days, and by a
   * moved branch.
   * One segment a call, so that no transaction grows with their number.
   */
  @Every('PT10S', 'segment-calendar')
  async evaluateByCalendar(): Promise<void> {
    await this.database.elevated(async (tx) => {
      const [due]: { id: string }[] = await tx.query(`
        select id from segment where active and kind = 'rules' and evaluated_on < quen_today() order by uses_clock desc, evaluated_on limit 1`);
      if (!due) return;
      await tx.query(`select pg_advisory_xact_lock(${upkeepLock})`);
      await this.fill(tx, await lock(tx, Segment, due.id));
    });
  }

  private async fill(tx: Transaction, segment: Segment): Promise<void> {
    if (segment.kind !== 'rules') return;
    await this.publish(tx, await evaluate(tx, [segment]));
    await tx.query('update segment set evaluated_on = quen_today() where id = $1', [segment.id]);
  }

  private async publish(tx: Transaction, changes: readonly MembershipChange[]): Promise<void> {
    const messages = changes.map((change) => ({ aggregate: change, messages: [membershipState(change)] }));
    for (let from = 0; from < messages.length; from += 1000)
      await this.events.publishAll(tx, messages.slice(from, from + 1000));
  }

  private async withSize(tx: Transaction, segment: Segment): Promise<SizedSegment> {
    return Object.assign(segment, { size: (await this.sizes(tx, [segment.id])).get(segment.id) ?? 0 });
  }

  private async sizes(tx: Transaction, ids: string[]): Promise<Map<string, number>> {
    const rows: { id: string; size: string }[] = await tx.query(
      'select segment_id as id, count(*) as size from segment_membership where segment_id = any($1) and member group by 1',
      [ids],
    );
    return new Map(rows.map((row) => [row.id, Number(row.size)]));
  }
}
