import { CaseState } from '@quen/events';
import { newestOfEach, OnBatch, Reactions, type Received, type Transaction } from '@quen/messaging';

/** Keeps sales' replica of support's cases, so that a seller sees what troubles a customer. */
@Reactions('crm.sales.case-replica')
export class CaseReplica {
  @OnBatch(CaseState)
  async copy(events: Received<CaseState | null>[], tx: Transaction): Promise<void> {
    const newest = newestOfEach(events);
    const known = newest.flatMap(({ data, version }) =>
      data ? [{ id: data.caseId, version, customer_id: data.customerId, status: data.status, state: data }] : [],
    );
    const erased = newest.filter(({ data }) => data === null).map(({ aggregateId }) => aggregateId);
    if (erased.length) await tx.query('delete from support_case where id = any($1::uuid[])', [erased]);
    if (!known.length) return;
    await tx.query(
      `insert into support_case (id, version, customer_id, status, state)
       select id, version, customer_id, status, state from jsonb_to_recordset($1::jsonb) as r(id uuid, version bigint, customer_id uuid, status text, state jsonb)
       on conflict (id) do update set version = excluded.version, customer_id = excluded.customer_id, status = excluded.status, state = excluded.state, received_at = now()
       where support_case.version < excluded.version`,
      [JSON.stringify(known)],
    );
  }
}
