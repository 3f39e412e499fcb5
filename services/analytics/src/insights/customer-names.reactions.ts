import { CustomerState } from '@quen/events';
import { newestOfEach, OnBatch, Reactions, type Received, type Transaction } from '@quen/messaging';

// A customer without any fact has no insight to publish, so names change neither version nor state.
const namesSql = `
  insert into insight as i (customer_id, source_version, customer_code, display_name, branch_id, owner_id)
  select id, version, code, name, branch, owner
    from jsonb_to_recordset($1::jsonb) as c (id uuid, version bigint, code text, name text, branch uuid, owner uuid)
   where not exists (select 1 from erased_customer e where e.id = c.id and e.version >= c.version) order by id
  on conflict (customer_id) do update set source_version = excluded.source_version, customer_code = excluded.customer_code,
    display_name = excluded.display_name, branch_id = excluded.branch_id, owner_id = excluded.owner_id
  where i.source_version < excluded.source_version`;

/** Keeps who a customer is, for lists and for whose branch may see them; an erased customer keeps figures without a name. */
@Reactions('crm.analytics.customer-names')
export class CustomerNamesReactions {
  @OnBatch(CustomerState) async copy(events: Received<CustomerState | null>[], tx: Transaction): Promise<void> {
    const latest = newestOfEach(events);
    await this.forget(tx, latest.filter(({ data }) => data === null));
    const known = latest.flatMap(({ version, data }) => (data ? [{ id: data.customerId, version, code: data.code, name: data.displayName, branch: data.branchId, owner: data.ownerId ?? null }] : []));
    if (known.length) await tx.query(namesSql, [JSON.stringify(known)]);
  }

  /** Leaves an insight as if it had never had a name, since a rebuild sees neither name nor erasure once both are compacted away. */
  private async forget(tx: Transaction, erased: Received<CustomerState | null>[]): Promise<void> {
    if (!erased.length) return;
    await tx.query(`
      insert into erased_customer as e (id, version) select id, version from jsonb_to_recordset($1::jsonb) as r (id uuid, version bigint) order by id
      on conflict (id) do update set version = greatest(e.version, excluded.version)`, [JSON.stringify(erased.map(({ aggregateId: id, version }) => ({ id, version })))]);
    const customerIds = erased.map(({ aggregateId }) => aggregateId);
    await tx.query('delete from insight where customer_id = any($1::uuid[]) and last_fact_at is null', [customerIds]);
    await tx.query('update insight set source_version = -1, customer_code = null, display_name = null, branch_id = null, owner_id = null where customer_id = any($1::uuid[])', [customerIds]);
  }
}
