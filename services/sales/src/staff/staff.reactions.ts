import { StaffState } from '@quen/events';
import { OnBatch, Reactions, type Received, type Transaction } from '@quen/messaging';

/** Keeps sales' replica of the staff: names, branches and who is still there. */
@Reactions('crm.sales.staff-replica')
export class StaffReplica {
  @OnBatch(StaffState)
  async copy(events: Received<StaffState | null>[], tx: Transaction): Promise<void> {
    const latest = new Map<string, Received<StaffState | null>>();
    for (const event of events) {
      if ((latest.get(event.aggregateId)?.version ?? -1) <= event.version) latest.set(event.aggregateId, event);
    }
    const known = [...latest.values()].flatMap(({ data, version }) => (data ? [{ id: data.staffId, version, display_name: data.displayName, branch_id: data.branchId, active: data.active }] : []));
    const erased = [...latest.values()].filter(({ data }) => data === null).map(({ aggregateId }) => aggregateId);
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
