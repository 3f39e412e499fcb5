import { Injectable } from '@nestjs/common';
import {
  choice,
  Database,
  defineList,
  find,
  formatCode,
  instant,
  integer,
  lock,
  momentOf,
  notKnownHereYet,
  page,
  rows,
  save,
  text,
  uuid,
  type Page,
  type ParsedList,
  type Principal,
} from '@quen/chassis';
import { caseChannels, caseKinds, caseSeverities, caseStatuses, customerRanks, type CustomerRank } from '@quen/events';
import { Events, newId, type Transaction } from '@quen/messaging';
import { CustomersService } from '../customers/customers.service.js';
import { SlaPoliciesService, type SlaTerms } from '../sla-policies/sla-policies.service.js';
import { log, logOf, type CaseLogKind } from './case-log.js';
import { Case } from './case.entity.js';
import type {
  AnswerCase,
  CaseLogEntry,
  CaseText,
  DeadlinesView,
  LogTime,
  OpenCase,
  RateCase,
  SolveCase,
  UpdateCase,
} from './cases.dto.js';
import { DeadlinesService } from './deadlines.service.js';
import { pointsSql, priorityOf } from './queue-priority.js';

export const cases = defineList({
  entity: Case,
  fields: {
    status: choice(caseStatuses),
    kind: choice(caseKinds),
    severity: choice(caseSeverities),
    channel: choice(caseChannels),
    category: text(),
    cause: text(),
    rank: choice(customerRanks),
    customerId: uuid(),
    agentId: uuid(),
    branchId: uuid(),
    code: text(),
    openedAt: instant(),
    solutionDueAt: instant(),
    points: integer(),
    rating: integer(),
  },
  sort: ['openedAt', 'solutionDueAt', 'points', 'updatedAt', 'code'],
  defaultSort: '-openedAt',
  search: ['subject', 'code'],
});

/** Cases and complaints of every channel, from opening to rating. */
@Injectable()
export class CasesService {
  constructor(
    private readonly database: Database,
    private readonly events: Events,
    private readonly deadlines: DeadlinesService,
    private readonly policies: SlaPoliciesService,
    private readonly customers: CustomersService,
  ) {}

  list(query: ParsedList): Promise<Page<Case>> {
    return this.database.read((tx) => page(tx, cases, query));
  }

  get(id: string): Promise<Case> {
    return this.database.read((tx) => find(tx, Case, id));
  }

  log(id: string): Promise<CaseLogEntry[]> {
    return this.database.read(async (tx) => {
      await find(tx, Case, id);
      return logOf(tx, id);
    });
  }

  /** Works the deadlines out again, step by step, so that they explain themselves. */
  explainDeadlines(id: string): Promise<DeadlinesView> {
    return this.database.read(async (tx) => {
      const found = await find(tx, Case, id);
      const terms = await this.policies.terms(tx, found.policyId);
      const { firstResponse, solution } = this.deadlines.deadlines(
        found,
        terms,
        (await this.deadlines.clocks(tx, [id])).get(id) ?? [],
      );
      const { policyName, policyVersion, calendarName, calendarVersion } = terms;
      return {
        policyName,
        policyVersion,
        calendarName,
        calendarVersion,
        firstResponse: { ...firstResponse, breachedAt: found.firstResponseBreachedAt },
        solution: { ...solution, breachedAt: found.solutionBreachedAt },
      };
    });
  }

  /** @throws Problem not_known_here_yet when the customer's state has not arrived, or is out of the caller's reach */
  open(wanted: OpenCase): Promise<Case> {
    return this.database.transaction(async (tx) => {
      const customer = await this.customers.known(tx, wanted.customerId);
      if (!customer?.branchId) throw notKnownHereYet({ what: 'customer', id: wanted.customerId });
      const terms = await this.policies.terms(tx, wanted.policyId);
      const { at: now, today } = momentOf(tx);
      const [found] = await rows<{ number: string; reached: boolean }>(
        tx,
        `select nextval('case_code') as number, quen_scope() = 'all' or $1 = any(quen_branches()) as reached`,
        [customer.branchId],
      );
      // Said in the same words, or ids could be tried out for which customers other branches have.
      if (!found?.reached) throw notKnownHereYet({ what: 'customer', id: wanted.customerId });
      const { customerId, subject, description, kind, severity, category, channel } = wanted;
      const opened = tx.create(Case, {
        id: newId(),
        code: formatCode('CS-{000000}', found.number, today),
        customerId: customer.mergedInto ?? customerId,
        branchId: customer.branchId,
        subject,
        description: description ?? null,
        kind,
        severity,
        category,
        channel,
        status: 'new',
        openedAt: now,
        reopened: 0,
        workedMinutes: 0,
        untoldMinutes: null,
        rating: null,
        ratingComment: null,
        rank: customer.rank,
        points: priorityOf(severity, customer.rank, kind).points,
        agentId: null,
        firstAnsweredAt: null,
      });
      this.deadlines.apply(opened, terms, [{ at: now, running: true }]);
      await save(tx, opened);
      await log(tx, opened, 'opened', now, wanted.description);
      await this.events.publish(tx, opened, opened.opened(), opened.state());
      return opened;
    });
  }

  update(id: string, version: number, changes: UpdateCase): Promise<Case> {
    return this.change(id, version, 'changed', (it) => {
      const given = Object.entries(changes).filter(([, value]) => value !== undefined);
      it.correct(Object.fromEntries(given));
      it.points = priorityOf(it.severity, it.rank, it.kind).points;
      return { text: given.map(([name]) => name).join(', ') };
    });
  }

  assign(id: string, version: number, agentId: string): Promise<Case> {
    return this.change(id, version, 'assigned', (it) => ({ event: it.assign(agentId), data: { agentId } }));
  }

  answer(
    id: string,
    version: number,
    by: Principal,
    { text: said, waitForCustomer, minutes }: AnswerCase,
  ): Promise<Case> {
    return this.change(
      id,
      version,
      'answered',
      (it, at) => ({ event: it.answer(by.subject, at, waitForCustomer ?? false), text: said }),
      minutes,
    );
  }

  note(id: string, version: number, { text: said, minutes }: CaseText): Promise<Case> {
    return this.change(
      id,
      version,
      'noted',
      (it) => {
        it.note();
        return { text: said };
      },
      minutes,
    );
  }

  /** Logs minutes of work. @throws Problem case_closed, case_solved */
  logTime(id: string, version: number, { text: said, minutes }: LogTime): Promise<Case> {
    return this.change(id, version, 'worked', () => ({ text: said }), minutes);
  }

  customerWrote(id: string, version: number, { text: said, minutes }: CaseText): Promise<Case> {
    return this.change(id, version, 'customer-wrote', (it) => ({ event: it.reply(), text: said }), minutes);
  }

  solve(id: string, version: number, { solution, cause, minutes }: SolveCase): Promise<Case> {
    return this.change(
      id,
      version,
      'solved',
      (it, at, terms, clock) => {
        const { usedMinutes } = this.deadlines.deadlines(it, terms, [...clock, { at, running: false }]).solution;
        return { event: it.solve(at, solution, cause, usedMinutes), text: solution };
      },
      minutes,
    );
  }

  reopen(id: string, version: number, { text: why, minutes }: CaseText): Promise<Case> {
    return this.change(id, version, 'reopened', (it) => ({ event: it.reopen(), text: why }), minutes);
  }

  close(id: string, version: number): Promise<Case> {
    return this.change(id, version, 'closed', (it, at) => {
      it.close(at);
      return {};
    });
  }

  rate(id: string, version: number, { rating, comment }: RateCase): Promise<Case> {
    return this.change(id, version, 'rated', (it) => ({ event: it.rate(rating, comment), text: comment }));
  }

  /** Moves the open cases of these customers to the places that their ranks earn, and publishes those that moved. */
  async rank(tx: Transaction, customers: { id: string; rank: CustomerRank }[]): Promise<void> {
    const moved = await rows<{ id: string }>(tx, rankSql, [JSON.stringify(customers)]);
    if (moved.length === 0) return;
    const found = await tx
      .createQueryBuilder(Case, 'q')
      .where('q.id in (:...ids)', { ids: moved.map((row) => row.id) })
      .getMany();
    await this.events.publishAll(
      tx,
      found.map((each) => ({ aggregate: each, messages: [each.state()] })),
    );
  }

  /**
   * Loads a case locked, lets a rule change it, logs the minutes it took if any were said, writes the log, works the
   * deadlines out anew and publishes.
   */
  private change(id: string, version: number, kind: CaseLogKind, rule: Rule, minutes?: number | null): Promise<Case> {
    return this.database.transaction(async (tx) =>
      this.changeWithin(tx, await lock(tx, Case, id, version), kind, rule, minutes ?? undefined),
    );
  }

  /** The same within a transaction that has the case locked already. */
  async changeWithin(tx: Transaction, it: Case, kind: CaseLogKind, rule: Rule, minutes?: number): Promise<Case> {
    const terms = await this.policies.terms(tx, it.policyId);
    const clock = (await this.deadlines.clocks(tx, [it.id])).get(it.id) ?? [];
    // A change that waited for another one began before it; the log tells of them in the order in which they were made.
    const now = new Date(Math.max(momentOf(tx).at.getTime(), clock.at(-1)?.at.getTime() ?? 0));
    // A solution tells of the work that it took itself; a case that is reopened can take work only afterwards.
    const takesWork = it.takesWork;
    if (minutes !== undefined && takesWork) it.work(minutes);
    const { event, text: said, data } = rule(it, now, terms, clock);
    if (minutes !== undefined && !takesWork) it.work(minutes);
    this.deadlines.apply(it, terms, [...clock, { at: now, running: it.running }]);
    // An entry of the log is a change of the case, even where no other column moves.
    it.updatedAt = now;
    await save(tx, it);
    await log(tx, it, kind, now, said, data, minutes);
    await this.events.publish(tx, it, ...(event ? [event] : []), it.state());
    return it;
  }
}

// Only open cases of customers whose rank really moved; the index on the customer finds them.
const rankSql = `
  update "case" q set rank = c.rank, points = ${pointsSql('q.severity', 'c.rank', 'q.kind')}, version = q.version + 1, updated_at = now()
    from jsonb_to_recordset($1::jsonb) as c (id uuid, rank text) where q.customer_id = c.id and q.status in ('new', 'open', 'waiting') and q.rank <> c.rank
  returning q.id`;

/** A rule of a case, with what it caused: an event, a text and data for the log. */
type Rule = (
  it: Case,
  at: Date,
  terms: SlaTerms,
  clock: { at: Date; running: boolean }[],
) => { event?: object | undefined; text?: string | undefined; data?: object };
