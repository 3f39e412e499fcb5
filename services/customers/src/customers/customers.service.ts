import { Injectable } from '@nestjs/common';
import {
  civilDay,
  Database,
  fieldForbidden,
  find,
  invalid,
  lock,
  momentOf,
  nextCodes,
  notKnownHereYet,
  Rights,
  type Page,
  type ParsedList,
  type Principal,
} from '@quen/chassis';
import type { LifecycleStage } from '@quen/events';
import { defineProblem, Events, newId, type Transaction } from '@quen/messaging';
import { CustomersConfig } from '../customers.config.js';
import { InsightsService } from '../insights/insights.service.js';
import { writesCitizenId } from './citizen-id.js';
import { CustomerCandidates, duplicate, type Candidate } from './customer-candidates.js';
import { detailsOf } from './customer-details.js';
import { codeKey, isTrusted, keyText, readKeys, type CustomerKey } from './customer-key.js';
import { searchCustomers } from './customer-search.js';
import { Customer } from './customer.entity.js';
import type { CreateCustomer, TransferCustomer, UpdateCustomer } from './customers.dto.js';
import { indexCustomers, insertCustomers, updateCustomers } from './customers.queries.js';
import { stageAfter, stageOf, type Purchases } from './lifecycle.js';

export { duplicateCustomer, type Candidate } from './customer-candidates.js';
export { isCitizenId } from './citizen-id.js';
export { joinPhones, normalEmail, readPhone } from './contact-points.js';
export { codeKey, externalKey, isTrusted, keyText, type CustomerKey } from './customer-key.js';
export { Customer, type CustomerDetails } from './customer.entity.js';
export { idsDiffer, namesAgree } from './duplicate-score.js';
export { normalCitizenId, normalTaxCode, taxCodeWarnings, type NumberWarning } from './identity-numbers.js';
export { stageSaid } from './lifecycle.js';
export { joinName, splitTitle, tidyName } from './person-name.js';
export { provinceOf } from './provinces.js';

export const lifecycleFollowsFacts = defineProblem('unprocessable', 'lifecycle_follows_facts', {
  en: 'The life-cycle stage follows from the orders, by which it is {stage}. People may only say that a customer is lost, or take that back.',
  vi: 'Giai đoạn của khách hàng được xác định từ đơn hàng, hiện là {stage}. Chỉ có thể ghi nhận khách hàng đã mất (lost), hoặc bỏ ghi nhận đó.',
});
export const customerCodeTaken = defineProblem('conflict', 'customer_code_taken', {
  en: 'The code {code} belongs to another customer.',
  vi: 'Mã {code} đã thuộc về khách hàng khác.',
});

/** Customers and the events of their change, to be written together. */
export interface CustomerChange {
  customer: Customer;
  /** True for a new record. */
  created: boolean;
  facts: object[];
}

/** The customer database's use cases. */
@Injectable()
export class CustomersService {
  constructor(
    private readonly database: Database,
    private readonly events: Events,
    private readonly rights: Rights,
    private readonly insights: InsightsService,
    private readonly records: CustomerCandidates,
    private readonly config: CustomersConfig,
  ) {}

  /**
   * Registers a customer and names records that may be the same. Whoever may register may enter a citizen id with the
   * record; it is compared only
   * with those that the caller may read.
   * @throws Problem duplicate_customer when a trusted id tells that the customer is there, customer_code_taken
   */
  async create(input: CreateCustomer, user: Principal): Promise<{ customer: Customer; candidates: Candidate[] }> {
    return this.database.transaction(async (tx) => {
      const branchId = await this.branch(tx, input.branchId, user);
      await this.mayBeSaid(input.lifecycle, { lifecycle: 'prospect' });
      const at = momentOf(tx).at;
      const code = input.code ?? (await this.drawCodes(tx, 1))[0] ?? '';
      const details = { ...detailsOf(input), displayName: detailsOf(input).displayName ?? '' };
      const customer = Customer.register(details, { id: newId(), code, branchId, ownerId: input.ownerId ?? null, at });
      if (input.code !== undefined && (await this.records.heldAnywhere([codeKey(code)])).length > 0)
        throw customerCodeTaken({ code: customer.code });
      const candidates = await this.records.candidatesOf(tx, customer, await this.readsCitizenIds(user), true);
      const same = candidates.find(({ sure }) => sure);
      if (same && !input.allowDuplicate) throw duplicate(same);
      await this.write(
        tx,
        [{ customer, created: true, facts: [customer.registered()] }],
        new Set(input.allowDuplicate ? [customer.id] : []),
      );
      return { customer, candidates };
    });
  }

  /** @throws Problem not_found */
  async find(id: string): Promise<Customer> {
    return this.database.read((tx) => find(tx, Customer, id));
  }

  async list(query: ParsedList, ranked: string | undefined): Promise<Page<Customer>> {
    return this.database.read((tx) => searchCustomers(tx, query, ranked));
  }

  /**
   * Customers in the caller's scope that a typed key leads to: phone, e-mail, tax code, citizen id, code, or
   * `system:id`. A merged record leads to its
   * survivor. A citizen id leads nowhere for who may not read it there.
   */
  async lookup(typed: string, user: Principal): Promise<Customer[]> {
    return this.database.read(async (tx) => {
      const reads = await this.readsCitizenIds(user);
      const holders = await this.records.heldAnywhere(readKeys(typed));
      const found = (
        await this.records.visible(
          tx,
          holders.map(({ customerId }) => customerId),
        )
      ).filter((customer) =>
        holders.some(({ customerId, citizenId }) => customerId === customer.id && (!citizenId || reads(customer))),
      );
      const survivors = await this.records.visible(
        tx,
        found.flatMap(({ mergedInto }) => mergedInto ?? []),
      );
      return [
        ...new Map(
          [...found.filter(({ mergedInto }) => mergedInto === null), ...survivors].map((customer) => [
            customer.id,
            customer,
          ]),
        ).values(),
      ];
    });
  }

  /** Records that may be the same as this one. */
  async candidates(id: string, user: Principal): Promise<Candidate[]> {
    return this.database.read(async (tx) => {
      const customer = await find(tx, Customer, id);
      const reads = await this.readsCitizenIds(user);
      return this.records.candidatesOf(tx, customer, reads, reads(customer));
    });
  }

  /**
   * Corrects fields; nothing is written when nothing differs. @throws Problem not_found, stale_version,
   * field_forbidden, duplicate_customer
   */
  async update(id: string, version: number, input: UpdateCustomer, user: Principal): Promise<Customer> {
    return this.database.transaction(async (tx) => {
      const customer = await lock(tx, Customer, id, version);
      await this.mayWrite(input, customer, user);
      await this.mayBeSaid(input.lifecycle, customer);
      const before = new Set(customer.keys().map(keyText));
      const corrected = customer.correct(detailsOf(input), momentOf(tx).at);
      if (!corrected) return customer;
      const taken = customer.keys().filter((key) => isTrusted(key.kind) && !before.has(keyText(key)));
      const same = await this.records.holderOf(tx, customer, taken, await this.readsCitizenIds(user));
      if (same) throw duplicate(same);
      await this.write(tx, [{ customer, created: false, facts: [corrected] }]);
      return customer;
    });
  }

  /**
   * Puts the record into other hands, also in a branch that the caller does not see. @throws Problem not_found,
   * stale_version, not_known_here_yet for an unknown branch, validation_failed for a closed one
   */
  async transfer(
    id: string,
    version: number,
    { branchId, ownerId }: TransferCustomer,
    user: Principal,
  ): Promise<Customer> {
    return this.database.transaction(async (tx) => {
      const customer = await lock(tx, Customer, id, version);
      await this.branch(tx, branchId, user);
      const changed = customer.assign(branchId, ownerId ?? null, momentOf(tx).at);
      if (changed)
        await this.database.elevated((all) => this.write(all, [{ customer, created: false, facts: [changed] }]));
      return customer;
    });
  }

  /**
   * For other slices: changes one locked record inside `tx`; `work` returns the facts that it caused. Nothing is
   * written without any.
   */
  async change(tx: Transaction, id: string, work: (customer: Customer, at: Date) => object[]): Promise<Customer> {
    const customer = await lock(tx, Customer, id);
    const facts = work(customer, momentOf(tx).at);
    if (facts.length > 0) await this.write(tx, [{ customer, created: false, facts }]);
    return customer;
  }

  /**
   * For other slices: moves life-cycle stages by what was bought, and publishes the customers that moved, once a move.
   */
  async followPurchases(tx: Transaction, purchases: (Purchases & { customerId: string })[]): Promise<void> {
    const of = new Map(purchases.map((each) => [each.customerId, each]));
    const stages: Pick<Customer, 'id' | 'lifecycle' | 'lifecycleSince'>[] = await tx.query(
      `select id, lifecycle, lifecycle_since::text as "lifecycleSince" from customer where id = any($1::uuid[])`,
      [[...of.keys()]],
    );
    const moving = stages
      .filter((stage) => stageAfter(stage, of.get(stage.id) as Purchases).lifecycle !== stage.lifecycle)
      .map(({ id }) => id);
    if (moving.length === 0) return;
    const at = momentOf(tx).at;
    const moved = (await this.records.visible(tx, moving, true)).filter((customer) =>
      customer.followPurchases(of.get(customer.id) as Purchases, at),
    );
    await this.write(
      tx,
      moved.map((customer) => ({ customer, created: false, facts: [] })),
    );
  }

  /**
   * For other slices: who holds these keys, in whatever branch, and a citizen id only among those that the caller may
   * see; of these the locked records.
   */
  async holders(
    tx: Transaction,
    keys: CustomerKey[],
  ): Promise<{ holders: Map<string, string[]>; customers: Map<string, Customer> }> {
    const found = await this.records.heldAnywhere(keys);
    const customers = new Map(
      (
        await this.records.visible(
          tx,
          found.map(({ customerId }) => customerId),
          true,
        )
      ).map((customer) => [customer.id, customer]),
    );
    const holders = new Map<string, string[]>();
    for (const { key, customerId, citizenId } of found)
      if (!citizenId || customers.has(customerId)) holders.set(key, [...(holders.get(key) ?? []), customerId]);
    return { holders, customers };
  }

  /** Writes new and changed records with their keys, facts and states: a handful of statements however many records. */
  async write(tx: Transaction, changes: CustomerChange[], duplicates: ReadonlySet<string> = new Set()): Promise<void> {
    const customers = changes.map(({ customer }) => customer);
    for (const customer of customers) customer.stageSaidOn(civilDay(customer.updatedAt, momentOf(tx).zone));
    await insertCustomers(
      tx,
      changes.filter(({ created }) => created).map(({ customer }) => customer),
    );
    await updateCustomers(
      tx,
      changes.filter(({ created }) => !created).map(({ customer }) => customer),
    );
    if (customers.length > 0) await this.database.elevated((all) => indexCustomers(all, customers, duplicates));
    await this.events.publishAll(
      tx,
      changes.map(({ customer, facts }) => ({ aggregate: customer, messages: [...facts, customer.state()] })),
    );
  }

  /** New codes that nobody has; numbers that a firm gave by hand are stepped over. */
  async drawCodes(tx: Transaction, count: number): Promise<string[]> {
    const codes: string[] = [];
    for (let draw = count; codes.length < count; draw = Math.min(draw * 2, 1000)) {
      const numbering = { sequence: 'customer_code_number', form: this.config.CUSTOMER_CODE_FORMAT };
      const drawn = await nextCodes(tx, numbering, Math.max(draw, count - codes.length));
      const taken = new Set((await this.records.heldAnywhere(drawn.map(codeKey))).map(({ key }) => key));
      codes.push(...drawn.filter((code) => !taken.has(keyText(codeKey(code)))));
    }
    return codes.slice(0, count);
  }

  private readsCitizenIds(user: Principal): Promise<(customer: Customer) => boolean> {
    return this.rights.within(user, 'customer', 'read-citizen-id');
  }

  /** A person may say of a stage what it is anyway, or that the customer is lost. */
  private async mayBeSaid(
    stage: LifecycleStage | undefined,
    { id, lifecycle }: Pick<Customer, 'lifecycle'> & Partial<Pick<Customer, 'id'>>,
  ): Promise<void> {
    if (stage === undefined || stage === 'lost' || stage === lifecycle) return;
    const insight = id === undefined ? undefined : (await this.insights.of([id])).get(id);
    const known = insight ? stageOf(insight) : 'prospect';
    if (stage !== known)
      throw lifecycleFollowsFacts({ stage: known }, [
        {
          pointer: '/lifecycle',
          code: 'lifecycle_follows_facts',
          message: `must be ${known} or lost`,
          vi: `phải là ${known} hoặc lost`,
        },
      ]);
  }

  private async mayWrite(input: UpdateCustomer, customer: Customer, user: Principal): Promise<void> {
    if (
      !writesCitizenId(detailsOf(input), customer) ||
      (await this.rights.may(user, 'customer', 'write-citizen-id', customer))
    )
      return;
    const field = input.citizenId !== undefined ? 'citizenId' : 'taxCode';
    throw fieldForbidden({ field }, [
      {
        pointer: `/${field}`,
        code: 'field_forbidden',
        message: 'is a citizen id, which your roles do not allow to change here',
        vi: 'là số CCCD mà vai trò của bạn không được thay đổi ở đây',
      },
    ]);
  }

  private async branch(tx: Transaction, given: string | undefined, user: Principal): Promise<string> {
    const branchId = given ?? user.branchId;
    if (branchId === undefined)
      throw invalid({
        pointer: '/branchId',
        code: 'required',
        message: 'must be given, since you belong to no branch',
        vi: 'phải cho, vì bạn không thuộc chi nhánh nào',
      });
    const [known]: { active: boolean }[] = await tx.query('select active from branch where id = $1', [branchId]);
    if (!known) throw notKnownHereYet({ what: 'branch', id: branchId });
    if (!known.active)
      throw invalid({
        pointer: '/branchId',
        code: 'branch_closed',
        message: 'must be an active branch',
        vi: 'phải là chi nhánh đang hoạt động',
      });
    return branchId;
  }
}
