import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { Database } from '@quen/chassis';
import { CustomerInsightState, eventOf } from '@quen/events';
import { newestOfEach, type Received, type Transaction } from '@quen/messaging';
import { CustomerInsight } from './customer-insight.replica.js';

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
   * What these events say, each customer's newest; without what the replica already knows to be older or erased, as when
   * events are read again.
   */
  async newest(tx: Transaction, events: Received<CustomerInsightState | null>[]): Promise<CustomerInsightState[]> {
    const newest = newestOfEach(events);
    const known: { id: string; version: string }[] = await tx.query(
      `select customer_id as id, version from customer_insight where customer_id = any($1::uuid[])
       union all select id, version from erased where state = $2 and id = any($1::uuid[])`,
      [newest.map(({ aggregateId }) => aggregateId), eventOf(CustomerInsightState).name],
    );
    const versions = new Map<string, number>();
    for (const { id, version } of known) versions.set(id, Math.max(Number(version), versions.get(id) ?? -1));
    return newest.flatMap(({ data, version }) =>
      data && version >= (versions.get(data.customerId) ?? -1) ? [data] : [],
    );
  }
}
