import { CustomerState } from '@quen/events';
import { newestOfEach, OnBatch, Reactions, type Received, type Transaction } from '@quen/messaging';

/** Keeps sales' replica of the customers. */
@Reactions('crm.sales.customer-replica')
export class CustomerReplica {
  @OnBatch(CustomerState)
  async copy(events: Received<CustomerState | null>[], tx: Transaction): Promise<void> {
    const newest = newestOfEach(events);
    const known = newest.flatMap(({ data, version }) => (data ? [{ ...profileOf(data), version }] : []));
    const erased = newest
      .filter(({ data }) => data === null)
      .map(({ aggregateId, version }) => ({ id: aggregateId, version }));
    if (erased.length) await this.erase(tx, erased);
    if (known.length) {
      await tx.query(
        `insert into customer (id, version, code, display_name, kind, category, lifecycle, branch_id, owner_id, merged_into, profile)
         select r.id, r.version, r.code, r.display_name, r.kind, r.category, r.lifecycle, r.branch_id, r.owner_id, r.merged_into, r.profile
         from jsonb_to_recordset($1::jsonb) as r(id uuid, version bigint, code text, display_name text, kind text, category text, lifecycle text,
           branch_id uuid, owner_id uuid, merged_into uuid, profile jsonb)
         where not exists (select 1 from erased_customer e where e.id = r.id and e.version >= r.version)
         on conflict (id) do update set version = excluded.version, code = excluded.code, display_name = excluded.display_name, kind = excluded.kind,
           category = excluded.category, lifecycle = excluded.lifecycle, branch_id = excluded.branch_id, owner_id = excluded.owner_id,
           merged_into = excluded.merged_into, profile = excluded.profile, received_at = now()
         where customer.version < excluded.version`,
        [JSON.stringify(known)],
      );
    }
  }

  /**
   * Forgets the person: the replica, and who was spoken to on the customer's side. Orders stay, as the law on
   * accounting asks; they name no person.
   */
  private async erase(tx: Transaction, erased: { id: string; version: number }[]): Promise<void> {
    const ids = erased.map((each) => each.id);
    await tx.query(
      `insert into erased_customer (id, version) select id, version from jsonb_to_recordset($1::jsonb) as r(id uuid, version bigint)
       on conflict (id) do update set version = greatest(erased_customer.version, excluded.version)`,
      [JSON.stringify(erased)],
    );
    await tx.query('delete from customer where id = any($1::uuid[])', [ids]);
    await tx.query(
      'delete from opportunity_contact where opportunity_id in (select id from opportunity where customer_id = any($1::uuid[]))',
      [ids],
    );
    await tx.query('update lead set interest = null where customer_id = any($1::uuid[]) and interest is not null', [
      ids,
    ]);
    await tx.query(
      'update lead_approach set note = null where note is not null and lead_id in (select id from lead where customer_id = any($1::uuid[]))',
      [ids],
    );
  }
}

function profileOf(data: CustomerState) {
  return {
    id: data.customerId,
    code: data.code,
    display_name: data.displayName,
    kind: data.kind,
    category: data.category,
    lifecycle: data.lifecycle,
    branch_id: data.branchId,
    owner_id: data.ownerId ?? null,
    merged_into: data.mergedInto ?? null,
    profile: {
      title: data.title,
      representative: data.representative,
      phones: data.phones.map((phone) => phone.e164),
      emails: data.emails,
      industry: data.industry,
      field: data.field,
      size: data.size,
      needs: data.needs,
      language: data.language,
      preferredChannel: data.preferredChannel,
      address: data.address?.text,
      birthDate: data.birthDate,
      customerSince: data.registeredAt,
    },
  };
}
