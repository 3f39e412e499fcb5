import { CustomerState } from '@quen/events';
import { newestOfEach, OnBatch, Reactions, type Received, type Transaction } from '@quen/messaging';

// A customer without any fact has no insight to publish, so names change neither version nor state.
const namesSql = `
  insert into insight as i (customer_id, source_version, customer_code, display_name, branch_id, owner_id)
  select id, version, code, name, branch, owner
    from jsonb_to_recordset($1::jsonb) as c (id uuid, version bigint, code text, name text, branch uuid, owner uuid) order by id
  on conflict (customer_id) do update set source_version = excluded.source_version, customer_code = excluded.customer_code,
    display_name = excluded.display_name, branch_id = excluded.branch_id, owner_id = excluded.owner_id
  where i.source_version < excluded.source_version`;

/** Keeps who a customer is, for lists and for whose branch may see them; an erased customer keeps figures without a name. */
@Reactions('crm.analytics.customer-names')
export class CustomerNamesReactions {
  @OnBatch(CustomerState) async copy(events: Received<CustomerState | null>[], tx: Transaction): Promise<void> {
    await tx.query(namesSql, [JSON.stringify(newestOfEach(events).map(({ aggregateId, version, data }) => ({
      id: aggregateId, version, code: data?.code ?? null, name: data?.displayName ?? null, branch: data?.branchId ?? null, owner: data?.ownerId ?? null,
    })))]);
  }
}
