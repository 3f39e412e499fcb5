import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { Database } from '@quen/chassis';
import type { CustomerInsightState } from '@quen/events';
import { newestOfEach, type Received, type Transaction } from '@quen/messaging';
import { CustomerInsight } from './customer-insight.entity.js';

/** What is calculated of customers, kept for the customer's screen. */
@Injectable()
export class InsightsService {
  constructor(private readonly database: Database) {}

  /** Insights by customer id; customers of whom nothing is calculated are missing. */
  async of(customerIds: string[]): Promise<Map<string, CustomerInsightState>> {
    if (customerIds.length === 0) return new Map();
    const insights = await this.database.read((tx) => tx.findBy(CustomerInsight, { customerId: In(customerIds) }));
    return new Map(insights.map(({ customerId, state }) => [customerId, state]));
  }

  /**
   * What these events say, each customer's newest; without what the replica already knows to be older, as when events
   * are read again.
   */
  async newest(tx: Transaction, events: Received<CustomerInsightState | null>[]): Promise<CustomerInsightState[]> {
    const newest = newestOfEach(events);
    const known: { id: string; version: string }[] = await tx.query(
      'select customer_id as id, version from customer_insight where customer_id = any($1::uuid[])',
      [newest.map(({ aggregateId }) => aggregateId)],
    );
    const versions = new Map(known.map(({ id, version }) => [id, Number(version)]));
    return newest.flatMap(({ data, version }) =>
      data && version >= (versions.get(data.customerId) ?? -1) ? [data] : [],
    );
  }

  /** Takes over newer states and forgets erased ones; of several in a batch the newest counts. */
  async copy(tx: Transaction, events: Received<CustomerInsightState | null>[]): Promise<void> {
    const newest = newestOfEach(events);
    const erased = newest.filter(({ data }) => data === null).map(({ aggregateId }) => aggregateId);
    const rows = newest.flatMap(({ data, version }) =>
      data ? [{ customer_id: data.customerId, version, rank: data.rank, state: data }] : [],
    );
    if (rows.length > 0) {
      await tx.query(
        `insert into customer_insight (customer_id, version, rank, state)
         select customer_id, version, rank, state from jsonb_to_recordset($1::jsonb) as r(customer_id uuid, version bigint, rank text, state jsonb)
         on conflict (customer_id) do update set version = excluded.version, rank = excluded.rank, state = excluded.state, received_at = now()
         where customer_insight.version < excluded.version`,
        [JSON.stringify(rows)],
      );
    }
    if (erased.length > 0) await tx.query('delete from customer_insight where customer_id = any($1::uuid[])', [erased]);
  }
}
