import { Database, find, invalid, lock, notKnownHereYet, scopePredicate, transactionTime, type Page, type ParsedList, type Principal } from '@quen/chassis';
import { defineProblem, Events, newId, type Transaction } from '@quen/messaging';
import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { CustomersConfig } from '../customers.config.js';
import { formatCode } from './customer-code.js';
import { detailsOf } from './customer-details.js';
import { codeKey, isTrusted, keyText, readKeys, type CustomerKey } from './customer-key.js';
import { searchCustomers } from './customer-search.js';
import { Customer } from './customer.entity.js';
import type { CreateCustomer, TransferCustomer, UpdateCustomer } from './customers.dto.js';
import { indexCustomers, insertCustomers, keyHolders, namesakes, updateCustomers } from './customers.queries.js';
import { candidateScore, duplicateScore, type DuplicateScore } from './duplicate-score.js';

export { joinPhones, normalEmail, readPhone } from './contact-points.js';
export { codeKey, externalKey, isTrusted, keyText, type CustomerKey } from './customer-key.js';
export { Customer, type CustomerDetails } from './customer.entity.js';
export { idsDiffer, namesAgree } from './duplicate-score.js';
export { normalCitizenId, normalTaxCode, taxCodeWarnings, type NumberWarning } from './identity-numbers.js';
export { joinName, splitTitle, tidyName } from './person-name.js';
export { provinceOf } from './provinces.js';

export const duplicateCustomer = defineProblem('conflict', 'duplicate_customer', {
  en: 'The customer is already there: {code} ({reason}). Send allowDuplicate to register another record nevertheless.',
  vi: 'Khách hàng đã có: {code} ({reason}). Gửi allowDuplicate nếu vẫn muốn tạo thêm hồ sơ.',
});
export const customerCodeTaken = defineProblem('conflict', 'customer_code_taken', { en: 'The code {code} belongs to another customer.', vi: 'Mã {code} đã thuộc về khách hàng khác.' });

/** A record that may be the same as another; `customer` is missing when the caller may not see it. */
export interface Candidate {
  score: DuplicateScore;
  customer?: Customer;
}

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
  constructor(private readonly database: Database, private readonly events: Events, private readonly config: CustomersConfig) {}

  /**
   * Registers a customer and names records that may be the same.
   * @throws Problem duplicate_customer when a trusted id tells that the customer is there, customer_code_taken
   */
  async create(input: CreateCustomer, user: Principal): Promise<{ customer: Customer; candidates: Candidate[] }> {
    return this.database.transaction(async (tx) => {
      const branchId = await this.branch(tx, input.branchId, user);
      const at = await transactionTime(tx);
      const code = input.code ?? (await this.drawCodes(tx, 1))[0] ?? '';
      const details = { ...detailsOf(input), displayName: detailsOf(input).displayName ?? '' };
      const customer = Customer.register(details, { id: newId(), code, branchId, ownerId: input.ownerId ?? null, at });
      if (input.code !== undefined && (await keyHolders(tx, [codeKey(code)])).length > 0) throw customerCodeTaken({ code: customer.code });
      const candidates = await this.candidatesOf(tx, customer);
      const same = candidates.find(({ score }) => score.sure);
      if (same && !input.allowDuplicate) throw duplicate(same);
      await this.write(tx, [{ customer, created: true, facts: [customer.registered()] }], new Set(input.allowDuplicate ? [customer.id] : []));
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

  /** Customers in the caller's scope that a typed key leads to: phone, e-mail, tax code, citizen id, code, or `system:id`. A merged record leads to its survivor. */
  async lookup(typed: string): Promise<Customer[]> {
    return this.database.read(async (tx) => {
      const found = await this.visible(tx, (await keyHolders(tx, readKeys(typed))).map(({ customerId }) => customerId));
      const survivors = await this.visible(tx, found.flatMap(({ mergedInto }) => mergedInto ?? []));
      return [...new Map([...found.filter(({ mergedInto }) => mergedInto === null), ...survivors].map((customer) => [customer.id, customer])).values()];
    });
  }

  /** Records that may be the same as this one. */
  async candidates(id: string): Promise<Candidate[]> {
    return this.database.read(async (tx) => this.candidatesOf(tx, await find(tx, Customer, id)));
  }

  /** Corrects fields; nothing is written when nothing differs. @throws Problem not_found, stale_version, duplicate_customer */
  async update(id: string, version: number, input: UpdateCustomer): Promise<Customer> {
    return this.database.transaction(async (tx) => {
      const customer = await lock(tx, Customer, id, version);
      const before = new Set(customer.keys().map(keyText));
      const corrected = customer.correct(detailsOf(input), await transactionTime(tx));
      if (!corrected) return customer;
      const taken = customer.keys().filter((key) => isTrusted(key.kind) && !before.has(keyText(key)));
      const holder = (await keyHolders(tx, taken)).find(({ customerId }) => customerId !== id);
      if (holder) throw duplicate(await this.compared(tx, customer, holder.customerId));
      await this.write(tx, [{ customer, created: false, facts: [corrected] }]);
      return customer;
    });
  }

  /** Puts the record into other hands, also in a branch that the caller does not see. @throws Problem not_found, stale_version, not_known_here_yet for an unknown branch, validation_failed for a closed one */
  async transfer(id: string, version: number, { branchId, ownerId }: TransferCustomer, user: Principal): Promise<Customer> {
    return this.database.transaction(async (tx) => {
      const customer = await lock(tx, Customer, id, version);
      await this.branch(tx, branchId, user);
      const changed = customer.assign(branchId, ownerId ?? null, await transactionTime(tx));
      if (changed) await this.database.elevated((all) => this.write(all, [{ customer, created: false, facts: [changed] }]));
      return customer;
    });
  }

  /** For other slices: changes one locked record inside `tx`; `work` returns the facts that it caused. Nothing is written without any. */
  async change(tx: Transaction, id: string, work: (customer: Customer, at: Date) => object[]): Promise<Customer> {
    const customer = await lock(tx, Customer, id);
    const facts = work(customer, await transactionTime(tx));
    if (facts.length > 0) await this.write(tx, [{ customer, created: false, facts }]);
    return customer;
  }

  /** For other slices: who holds these keys, in whatever branch; of those that the caller may see the locked records. */
  async holders(tx: Transaction, keys: CustomerKey[]): Promise<{ holders: Map<string, string[]>; customers: Map<string, Customer> }> {
    const found = await keyHolders(tx, keys);
    const holders = new Map<string, string[]>();
    for (const { key, customerId } of found) holders.set(key, [...(holders.get(key) ?? []), customerId]);
    const customers = await this.visible(tx, found.map(({ customerId }) => customerId), true);
    return { holders, customers: new Map(customers.map((customer) => [customer.id, customer])) };
  }

  /** Writes new and changed records with their keys, facts and states: a handful of statements however many records. */
  async write(tx: Transaction, changes: CustomerChange[], duplicates: ReadonlySet<string> = new Set()): Promise<void> {
    const customers = changes.map(({ customer }) => customer);
    await insertCustomers(tx, changes.filter(({ created }) => created).map(({ customer }) => customer));
    await updateCustomers(tx, changes.filter(({ created }) => !created).map(({ customer }) => customer));
    await indexCustomers(tx, customers, duplicates);
    await this.events.publishAll(tx, changes.map(({ customer, facts }) => ({ aggregate: customer, messages: [...facts, customer.state()] })));
  }

  /** New codes that nobody has; numbers that a firm gave by hand are stepped over. */
  async drawCodes(tx: Transaction, count: number): Promise<string[]> {
    const codes: string[] = [];
    for (let draw = count; codes.length < count; draw = Math.min(draw * 2, 1000)) {
      const numbers: { n: string }[] = await tx.query(`select nextval('customer_code_number') as n from generate_series(1, $1)`, [Math.max(draw, count - codes.length)]);
      const drawn = numbers.map(({ n }) => formatCode(this.config.CUSTOMER_CODE_FORMAT, Number(n)));
      const taken = new Set((await keyHolders(tx, drawn.map(codeKey))).map(({ key }) => key));
      codes.push(...drawn.filter((code) => !taken.has(keyText(codeKey(code)))));
    }
    return codes.slice(0, count);
  }

  private async candidatesOf(tx: Transaction, customer: Customer): Promise<Candidate[]> {
    const keys = customer.keys().filter(({ kind }) => kind !== 'code');
    const ids = [...new Set((await keyHolders(tx, keys)).map(({ customerId }) => customerId))].filter((id) => id !== customer.id);
    const holders = await this.database.elevated((all) => all.findBy(Customer, { id: In(ids.slice(0, 200)) }));
    const seen = new Set((await this.visible(tx, ids)).map(({ id }) => id));
    const others = new Map([...holders, ...await namesakes(tx, customer)].map((other) => [other.id, other]));
    return [...others.values()]
      .map((other): Candidate => ({ score: duplicateScore(customer, other), customer: seen.has(other.id) || !ids.includes(other.id) ? other : undefined }))
      .filter(({ score }) => score.sure || score.score >= candidateScore)
      .sort((one, other) => other.score.score - one.score.score)
      .slice(0, 20);
  }

  private async compared(tx: Transaction, customer: Customer, otherId: string): Promise<Candidate> {
    const other = await this.database.elevated((all) => all.findOneByOrFail(Customer, { id: otherId }));
    const [visible] = await this.visible(tx, [otherId]);
    return { score: duplicateScore(customer, other), customer: visible };
  }

  private async visible(tx: Transaction, ids: string[], locked = false): Promise<Customer[]> {
    if (ids.length === 0) return [];
    const query = tx.createQueryBuilder(Customer, 'e').where('e.id = any(:ids)', { ids }).orderBy('e.id');
    const scope = scopePredicate(tx, tx.connection.getMetadata(Customer));
    if (scope) query.andWhere(scope.sql);
    return (locked ? query.setLock('pessimistic_write') : query).getMany();
  }

  private async branch(tx: Transaction, given: string | undefined, user: Principal): Promise<string> {
    const branchId = given ?? user.branchId;
    if (branchId === undefined) throw invalid({ pointer: '/branchId', code: 'required', message: 'must be given, since you belong to no branch', vi: 'phải cho, vì bạn không thuộc chi nhánh nào' });
    if (branchId === user.branchId) return branchId;
    const [known]: { active: boolean }[] = await tx.query('select active from branch where id = $1', [branchId]);
    if (!known) throw notKnownHereYet({ what: 'branch', id: branchId });
    if (!known.active) throw invalid({ pointer: '/branchId', code: 'branch_closed', message: 'must be an active branch', vi: 'phải là chi nhánh đang hoạt động' });
    return branchId;
  }
}

function duplicate({ score, customer }: Candidate): Error {
  const reason = score.reasons.find(({ points }) => points === 100)?.code ?? 'same_code';
  return duplicateCustomer({ code: customer?.code ?? '—', customerId: customer?.id ?? null, reason });
}
