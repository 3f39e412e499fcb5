import { Injectable } from '@nestjs/common';
import { choice, Database, defineList, find, instant, invalid, page, type Page, type ParsedList } from '@quen/chassis';
import {
  consentPurposes,
  contactChannels,
  type ConsentAnswer,
  type ConsentGiven,
  type ConsentPurpose,
  type ConsentWithdrawn,
  type ContactChannel,
} from '@quen/events';
import { newId, type Transaction } from '@quen/messaging';
import { Customer, CustomersService } from '../customers/customers.service.js';
import { ConsentEntry } from './consent-entry.entity.js';
import type { RecordConsent } from './consents.dto.js';

export { ConsentEntry } from './consent-entry.entity.js';

export const consentList = defineList({
  entity: ConsentEntry,
  fields: { purpose: choice(consentPurposes), channel: choice(contactChannels), at: instant(), recordedAt: instant() },
  sort: ['recordedAt', 'at'],
  defaultSort: '-recordedAt',
});

/** What a ledger entry says. */
export interface ConsentStatement {
  purpose: ConsentPurpose;
  channel: ContactChannel;
  given: boolean;
  source: string;
  wording: string;
  proof: string | null;
  at: Date;
  /** Nobody knows when it was answered; `at` is then when it was recorded. */
  undated?: boolean;
  recordedBy: string | null;
}

/** The ledger of consents: what customers answered, when, to which words, and how that is proven. */
@Injectable()
export class ConsentsService {
  constructor(
    private readonly database: Database,
    private readonly customers: CustomersService,
  ) {}

  /** @throws Problem not_found */
  async ledger(
    customerId: string,
    query: ParsedList,
  ): Promise<{ current: ConsentAnswer[]; entries: Page<ConsentEntry> }> {
    return this.database.read(async (tx) => {
      const { consents } = await find(tx, Customer, customerId);
      return {
        current: consents,
        entries: await page(tx, consentList, query, { where: 'customer_id = $1', params: [customerId] }),
      };
    });
  }

  /**
   * Adds an answer to the ledger; it counts from its own time on. @throws Problem not_found, validation_failed for a
   * time to come
   */
  async record(customerId: string, input: RecordConsent, recordedBy: string): Promise<ConsentEntry> {
    return this.database.transaction(async (tx) => {
      let entry: ConsentEntry | undefined;
      await this.customers.change(tx, customerId, (customer, now) => {
        const at = input.at === undefined ? now : new Date(input.at);
        // A minute's grace for a caller's clock.
        if (at.getTime() > now.getTime() + 60_000)
          throw invalid({
            pointer: '/at',
            code: 'in_the_future',
            message: 'must not be in the future',
            vi: 'không được ở tương lai',
          });
        const answered = answer(customer, { ...input, proof: input.proof ?? null, at, recordedBy });
        entry = answered.entry;
        return answered.facts;
      });
      return this.append(tx, entry ? [entry] : []).then(([stored]) => stored as ConsentEntry);
    });
  }

  /**
   * An unsubscription that marketing took: withdraws marketing on the channel. Customers that are no longer there are
   * left alone.
   */
  async unsubscribe(
    tx: Transaction,
    customerId: string,
    channel: ContactChannel,
    at: Date,
    messageId: string,
  ): Promise<void> {
    if (!(await tx.existsBy(Customer, { id: customerId }))) return;
    let entry: ConsentEntry | undefined;
    await this.customers.change(tx, customerId, (customer) => {
      const answered = answer(customer, {
        purpose: 'marketing',
        channel,
        given: false,
        source: 'unsubscribe link',
        wording: 'Unsubscribed through the link in a message.',
        proof: `message ${messageId}`,
        at,
        recordedBy: null,
      });
      entry = answered.entry;
      return answered.facts;
    });
    if (entry) await this.append(tx, [entry]);
  }

  /** For imports: lets a record take answers over, before it is written; {@link append} the entries after it was. */
  answer(
    customer: Customer,
    statement: ConsentStatement,
  ): { entry: ConsentEntry; facts: (ConsentGiven | ConsentWithdrawn)[] } {
    return answer(customer, statement);
  }

  /** Writes entries, all in one statement. */
  async append(tx: Transaction, entries: ConsentEntry[]): Promise<ConsentEntry[]> {
    if (entries.length === 0) return [];
    const rows = entries.map((entry) => ({ ...entry, customer_id: entry.customerId, recorded_by: entry.recordedBy }));
    const recorded: { id: string; recorded_at: Date }[] = await tx.query(
      `insert into consent_entry (id, customer_id, purpose, channel, given, source, wording, proof, at, undated, recorded_by)
       select id, customer_id, purpose, channel, given, source, wording, proof, at, undated, recorded_by
       from jsonb_to_recordset($1::jsonb) as r(id uuid, customer_id uuid, purpose text, channel text, given boolean, source text, wording text, proof text, at timestamptz, undated boolean, recorded_by uuid)
       returning id, recorded_at`,
      [JSON.stringify(rows)],
    );
    const times = new Map(recorded.map(({ id, recorded_at: at }) => [id, at]));
    return entries.map((entry) => Object.assign(entry, { recordedAt: times.get(entry.id) }));
  }
}

function answer(
  customer: Customer,
  statement: ConsentStatement,
): { entry: ConsentEntry; facts: (ConsentGiven | ConsentWithdrawn)[] } {
  const { purpose, channel, given, source, wording, proof, at, undated = false, recordedBy } = statement;
  const entry = Object.assign(new ConsentEntry(), {
    id: newId(),
    customerId: customer.id,
    purpose,
    channel,
    given,
    source,
    wording,
    proof,
    at,
    undated,
    recordedBy,
  });
  const fact = customer.answer({
    consentId: entry.id,
    purpose,
    channel,
    given,
    source,
    at: at.toISOString(),
    ...(undated && { undated }),
  });
  return { entry, facts: fact ? [fact] : [] };
}
