import { StaffState } from '@quen/events';
import { newestOfEach, OnBatch, Reactions, type Received, type Transaction } from '@quen/messaging';

/** Keeps sales' replica of the staff: names, branches and who is still there. */
@Reactions('crm.sales.staff-replica')
export class StaffReplica {
  @OnBatch(StaffState)
  async copy(events: Received<StaffState | null>[], tx: Transaction): Promise<void> {
    const newest = newestOfEach(events);
    const known = newest.flatMap(({ data, version }) =>
      data
        ? [{ id: data.staffId, version, display_name: data.displayName, branch_id: data.branchId, active: data.active }]
        : [],
    );
    const erased = newest.filter(({ data }) => data === null).map(({ aggregateId }) => aggregateId);
    if (erased.length) await tx.query('delete from staff where id = any($1::uuid[])', [erased]);
    if (!known.length) return;
    await tx.query(
      `insert into staff (id, version, display_name, branch_id, active)
       select id, version, display_name, branch_id, active from jsonb_to_recordset($1::jsonb) as r(id uuid, version bigint, display_name text, branch_id uuid, active boolean)
       on conflict (id) do update set version = excluded.version, display_name = excluded.display_name, branch_id = excluded.branch_id, active = excluded.active, received_at = now()
       where staff.version < excluded.version`,
      [JSON.stringify(known)],
    );
  }
}
