import { Injectable } from '@nestjs/common';
import { Database, scopePredicate } from '@quen/chassis';
import { defineProblem, type Transaction } from '@quen/messaging';
import { withoutCitizenId } from './citizen-id.js';
import type { CustomerKey } from './customer-key.js';
import { Customer } from './customer.entity.js';
import { keyHolders, namesakes, type KeyHolder } from './customers.queries.js';
import { candidateScore, duplicateScore, type DuplicateScore } from './duplicate-score.js';

export const duplicateCustomer = defineProblem('conflict', 'duplicate_customer', {
  en: 'The customer is already there: {code}. Send allowDuplicate to register another record nevertheless.',
  vi: 'Khách hàng đã có: {code}. Gửi allowDuplicate nếu vẫn muốn tạo thêm hồ sơ.',
});
/**
 * A record that may be the same as another; one of which the caller may see nothing when `seen` is missing, and there
 * may be several such.
 */
export interface Candidate {
  /** The same customer beyond doubt. */
  sure: boolean;
  seen?: { customer: Customer; score: DuplicateScore };
}

/** Who holds which key, and which records may be the same customer. */
@Injectable()
export class CustomerCandidates {
  constructor(private readonly database: Database) {}

  /** Holders in every branch; what may be told of them is the use case's to decide. */
  heldAnywhere(keys: CustomerKey[]): Promise<KeyHolder[]> {
    return this.database.elevated((all) => keyHolders(all, keys));
  }

  /**
   * Records that hold a key of this one or, among those that the caller may see, have its name and more. Those are
   * scored, the likeliest first, the citizen
   * id only where it may be read (`own`: that of this record). Of all others together it is told that there is one,
   * whatever else is alike.
   */
  async candidatesOf(
    tx: Transaction,
    customer: Customer,
    reads: (other: Customer) => boolean,
    own: boolean,
  ): Promise<Candidate[]> {
    const holders = (await this.heldAnywhere(customer.keys().filter(({ kind }) => kind !== 'code'))).filter(
      ({ customerId }) => customerId !== customer.id,
    );
    const seen = new Map(
      [
        ...(await this.visible(tx, [...new Set(holders.map(({ customerId }) => customerId))])),
        ...(await namesakes(tx, customer)),
      ].map((other) => [other.id, other]),
    );
    const candidates = [...seen.values()]
      .slice(0, 200)
      .map((other) => this.scored(customer, other, own && reads(other)))
      .filter(
        ({
          sure,
          seen: {
            score: { score },
          },
        }) => sure || score >= candidateScore,
      )
      .sort((one, other) => other.seen.score.score - one.seen.score.score)
      .slice(0, 20);
    const hidden = holders.filter(({ customerId, citizenId }) => !seen.has(customerId) && !citizenId);
    return hidden.length > 0 ? [...candidates, { sure: hidden.some(({ trusted }) => trusted) }] : candidates;
  }

  private scored(customer: Customer, other: Customer, citizenIds: boolean): Required<Candidate> {
    const score = citizenIds
      ? duplicateScore(customer, other)
      : duplicateScore(withoutCitizenId(customer), withoutCitizenId(other));
    return { sure: score.sure, seen: { customer: other, score } };
  }

  /** Who else holds one of these keys, which the caller has typed. */
  async holderOf(
    tx: Transaction,
    customer: Customer,
    keys: CustomerKey[],
    reads: (other: Customer) => boolean,
  ): Promise<Candidate | undefined> {
    const holders = (await this.heldAnywhere(keys)).filter(({ customerId }) => customerId !== customer.id);
    const seen = await this.visible(
      tx,
      holders.map(({ customerId }) => customerId),
    );
    const known = seen.find((other) =>
      holders.some(({ customerId, citizenId }) => customerId === other.id && (!citizenId || reads(other))),
    );
    if (known) return this.scored(customer, known, reads(known));
    return holders.some(({ customerId, citizenId }) => !citizenId && !seen.some(({ id }) => id === customerId))
      ? { sure: true }
      : undefined;
  }

  /** The customers of these ids that the caller may see, by id; `locked` for update. */
  async visible(tx: Transaction, ids: string[], locked = false): Promise<Customer[]> {
    if (ids.length === 0) return [];
    const query = tx.createQueryBuilder(Customer, 'e').where('e.id = any(:ids)', { ids }).orderBy('e.id');
    const scope = scopePredicate(tx, tx.connection.getMetadata(Customer));
    if (scope) query.andWhere(scope.sql);
    return (locked ? query.setLock('pessimistic_write') : query).getMany();
  }
}

/** The answer to a request that would register a customer anew. */
export function duplicate({ seen }: Candidate): Error {
  if (!seen) return duplicateCustomer({ code: '—', customerId: null, reason: null });
  return duplicateCustomer({
    code: seen.customer.code,
    customerId: seen.customer.id,
    reason: seen.score.reasons.find(({ points }) => points === 100)?.code ?? null,
  });
}
