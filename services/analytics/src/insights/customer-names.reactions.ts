import { CustomerState } from '@quen/events';
import { newestOfEach, OnBatch, Reactions, type Received, type Transaction } from '@quen/messaging';

// A customer without any fact has no insight to publish, so names change neither version nor state. An erased one
// (version -1) is left as if it had
// never had a name, since a rebuild sees neither name nor erasure once both are compacted away. One statement, in the
// order in which facts lock customers.
const namesSql = `
  insert into insight as i (customer_id, source_version, customer_code, display_name, branch_id, owner_id)
  select id, version, code, name, branch, owner
    from jsonb_to_recordset($1::jsonb) as c (id uuid, version bigint, code text, name text, branch uuid, owner uuid)
   where version = -1 or not exists (select 1 from erased_customer e where e.id = c.id and e.version >= c.version) order by id
  on conflict (customer_id) do update set source_version = excluded.source_version, customer_code = excluded.customer_code,
    display_name = excluded.display_name, branch_id = excluded.branch_id, owner_id = excluded.owner_id
  where i.source_version < excluded.source_version or excluded.source_version = -1`;

const erasedSql = `
  insert into erased_customer as e (id, version) select id, version from jsonb_to_recordset($1::jsonb) as r (id uuid, version bigint) order by id
  on conflict (id) do update set version = greatest(e.version, excluded.version)`;

/**
 * Keeps who a customer is, for lists and for whose branch may see them; an erased customer keeps figures without a
 * name.
 */
@Reactions('crm.analytics.customer-names')
export class CustomerNamesReactions {
  @OnBatch(CustomerState) async copy(events: Received<CustomerState | null>[], tx: Transaction): Promise<void> {
    const latest = newestOfEach(events);
    const erased = latest.flatMap(({ aggregateId: id, version, data }) => (data ? [] : [{ id, version }]));
    if (erased.length) await tx.query(erasedSql, [JSON.stringify(erased)]);
    await tx.query(namesSql, [
      JSON.stringify(
        latest.map(({ aggregateId: id, version, data }) =>
          data
            ? {
                id: data.customerId,
                version,
                code: data.code,
                name: data.displayName,
                branch: data.branchId,
                owner: data.ownerId ?? null,
              }
            : { id, version: -1 },
        ),
      ),
    ]);
    if (erased.length)
      await tx.query(
        'delete from insight where customer_id = any($1::uuid[]) and last_fact_at is null and open_complaints = 0',
        [erased.map(({ id }) => id)],
      );
  }
}
