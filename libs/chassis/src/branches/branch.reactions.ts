import { BranchState } from '@quen/events';
import { newestOfEach, OnBatch, Reactions, type Received, type Transaction } from '@quen/messaging';

/** Keeps a service's replica of the branch tree. */
export class BranchReplication {
  @OnBatch(BranchState)
  async copy(events: Received<BranchState | null>[], tx: Transaction): Promise<void> {
    const newest = newestOfEach(events);
    const erased = newest.filter((event) => event.data === null).map((event) => event.aggregateId);
    const rows = newest.flatMap(({ data, version }) => (data ? [{ ...data, version }] : []));
    if (rows.length) {
      await tx.query(
        `insert into branch (id, code, name, parent_id, path, province, active, version)
         select "branchId", code, name, "parentId", path, province, active, version
         from jsonb_to_recordset($1::jsonb) as r("branchId" uuid, code text, name text, "parentId" uuid, path text, province text, active boolean, version bigint)
         on conflict (id) do update set code = excluded.code, name = excluded.name, parent_id = excluded.parent_id, path = excluded.path,
           province = excluded.province, active = excluded.active, version = excluded.version
         where branch.version < excluded.version`,
        [JSON.stringify(rows)],
      );
    }
    if (erased.length) await tx.query('delete from branch where id = any($1::uuid[])', [erased]);
  }
}

/** The replication of one service: a consumer group of its own. */
export function branchReactionsOf(service: string): new () => BranchReplication {
  class BranchReactions extends BranchReplication {}
  Reactions(`crm.${service}.branches`)(BranchReactions);
  return BranchReactions;
}
