import { CustomerInsightState } from '@quen/events';
import { newestOfEach, OnBatch, Reactions, type Received, type Transaction } from '@quen/messaging';

/** Keeps sales' replica of what analytics calculates of each customer. */
@Reactions('crm.sales.insight-replica')
export class InsightReplica {
  @OnBatch(CustomerInsightState)
  async copy(events: Received<CustomerInsightState | null>[], tx: Transaction): Promise<void> {
    const newest = newestOfEach(events);
    const known = newest.flatMap(({ data, version }) =>
      data ? [{ customer_id: data.customerId, version, rank: data.rank, state: data }] : [],
    );
    const erased = newest.filter(({ data }) => data === null).map(({ aggregateId }) => aggregateId);
    if (erased.length) await tx.query('delete from insight where customer_id = any($1::uuid[])', [erased]);
    if (!known.length) return;
    await tx.query(
      `insert into insight (customer_id, version, rank, state)
       select customer_id, version, rank, state from jsonb_to_recordset($1::jsonb) as r(customer_id uuid, version bigint, rank text, state jsonb)
       on conflict (customer_id) do update set version = excluded.version, rank = excluded.rank, state = excluded.state, received_at = now()
       where insight.version < excluded.version`,
      [JSON.stringify(known)],
    );
  }
}
