import { Injectable } from '@nestjs/common';
import {
  bool,
  choice,
  Database,
  defineList,
  find,
  instant,
  invalid,
  lock,
  momentOf,
  notFound,
  page,
  text,
  texts,
  uuid,
  type Page,
  type ParsedList,
  type Principal,
  type Taken,
} from '@quen/chassis';
import { contactChannels } from '@quen/events';
import { defineProblem, type Transaction } from '@quen/messaging';
import { addressesOn, CustomersService, normalAddress } from '../customers/customers.service.js';
import { Suppression, suppressionOrigins, type SuppressionFields } from './suppression.entity.js';
import { cover, coveredAddresses, coveredBy, coverNew, forget, inForce, reached } from './suppression.queries.js';
import type { CreateSuppression } from './suppressions.dto.js';

export { digestOf } from './suppression.queries.js';

const alreadySuppressed = defineProblem('conflict', 'already_suppressed', {
  en: 'This customer or address is suppressed on {channel} already.',
  vi: 'Khách hàng hoặc địa chỉ này đã bị chặn gửi qua {channel}.',
});

export const suppressionList = defineList({
  entity: Suppression,
  fields: {
    customerId: uuid(),
    address: text(),
    addresses: texts({ sql: coveredAddresses }),
    channel: choice(contactChannels),
    origin: choice(suppressionOrigins),
    createdAt: instant(),
    lifted: bool({ sql: '("e"."lifted_at" is not null)' }),
    liftedAt: instant(),
  },
  sort: ['createdAt'],
  defaultSort: '-createdAt',
  search: ['address', 'reason'],
});

/** An entry with every address that it covers. */
export type Covering = Suppression & { addresses: string[] };

/** The list of those who get no advertising. */
@Injectable()
export class SuppressionsService {
  constructor(
    private readonly database: Database,
    private readonly customers: CustomersService,
  ) {}

  /** Entries of customers whom the caller reaches; those that were lifted only when the filter asks for them. */
  list(query: ParsedList): Promise<Page<Covering>> {
    const asked = query.where.fieldsUsed;
    const now = asked.has('lifted') || asked.has('liftedAt') ? '' : ' and e.lifted_at is null';
    return this.database.read(async (tx) => {
      const found = await page(tx, suppressionList, query, { where: `${reached}${now}` });
      const addresses = await coveredBy(
        tx,
        found.data.map(({ id }) => id),
      );
      return {
        ...found,
        data: found.data.map((each) => Object.assign(each, { addresses: addresses.get(each.id) ?? [] })),
      };
    });
  }

  /** An entry in force. @throws Problem not_found, also for one that the caller does not reach */
  get(id: string): Promise<Covering> {
    return this.database.read(async (tx) => {
      await this.mustReach(tx, id);
      return this.covering(tx, await find(tx, Suppression, id));
    });
  }

  /**
   * Suppresses a customer whom the caller reaches, or any address. @throws Problem validation_failed without customer
   * and address, not_found, already_suppressed
   */
  create(body: CreateSuppression, by: Principal): Promise<Covering> {
    return this.database.transaction(async (tx) => {
      if (!body.customerId && !body.address)
        throw invalid({
          pointer: '/customerId',
          code: 'required',
          message: 'give a customer or an address',
          vi: 'hãy cho khách hàng hoặc địa chỉ',
        });
      const customer = body.customerId ? await this.customers.get(tx, body.customerId) : undefined;
      const address = body.address === undefined ? null : normalAddress(body.address);
      const addresses = [
        ...(address === null ? [] : [address]),
        ...(customer ? addressesOn(body.channel, customer) : []),
      ];
      // A mere address belongs to nobody, so that its entry is written with the service's own reach; who entered it is
      // kept with it.
      return this.database.elevated(async (all) => {
        const suppression = Suppression.of({
          customerId: body.customerId ?? null,
          address: addresses[0] ?? null,
          channel: body.channel,
          reason: body.reason,
          origin: 'manual',
          createdBy: by.subject,
        });
        if (!(await this.insert(all, suppression))) throw alreadySuppressed({ channel: body.channel });
        await cover(all, suppression.id, addresses);
        return this.covering(all, await find(all, Suppression, suppression.id));
      });
    });
  }

  /**
   * Lets advertising through again, for every address that the entry covers; who did it and when is kept. @throws
   * Problem not_found, stale_version
   */
  lift(id: string, version: number, by: Principal): Promise<void> {
    return this.database.transaction(async (tx) => {
      await this.mustReach(tx, id);
      const suppression = await lock(tx, Suppression, id, version);
      suppression.lift(by.subject, momentOf(tx).at);
      await tx.save(suppression);
    });
  }

  /**
   * Suppresses inside another use case; who is suppressed already stays so, with the further address. Returns whether
   * it is new.
   */
  async suppress(tx: Transaction, fields: Omit<SuppressionFields, 'createdBy'>): Promise<boolean> {
    const customer = fields.customerId ? await this.customers.get(tx, fields.customerId) : undefined;
    const addresses = [
      ...new Set([
        ...(fields.address === null ? [] : [normalAddress(fields.address)]),
        ...(customer ? addressesOn(fields.channel, customer) : []),
      ]),
    ];
    const suppression = Suppression.of({ ...fields, address: addresses[0] ?? null, createdBy: null });
    const isNew = await this.insert(tx, suppression);
    const id = isNew ? suppression.id : await inForce(tx, suppression);
    if (id) await cover(tx, id, addresses);
    return isNew;
  }

  /**
   * Follows customers whose record changed: what they asked for holds for their new addresses, and for an erased
   * customer's old ones.
   */
  async follow(tx: Transaction, touched: readonly Taken<unknown>[]): Promise<void> {
    await coverNew(
      tx,
      touched.map(({ id }) => id),
    );
    const erased = touched.flatMap((each) => (each.erased ? [each.id] : []));
    if (erased.length) await forget(tx, erased);
  }

  private async covering(tx: Transaction, suppression: Suppression): Promise<Covering> {
    return Object.assign(suppression, { addresses: (await coveredBy(tx, [suppression.id])).get(suppression.id) ?? [] });
  }

  private async mustReach(tx: Transaction, id: string): Promise<void> {
    const [row]: object[] = await tx.query(
      `select 1 from suppression e where e.id = $1 and e.lifted_at is null and ${reached}`,
      [id],
    );
    if (!row) throw notFound({ what: 'suppression', id });
  }

  private async insert(tx: Transaction, suppression: Suppression): Promise<boolean> {
    const { raw } = await tx
      .createQueryBuilder()
      .insert()
      .into(Suppression)
      .values(suppression)
      .orIgnore()
      .returning('id')
      .execute();
    return (raw as object[]).length > 0;
  }
}
