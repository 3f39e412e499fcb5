import type { INestApplicationContext } from '@nestjs/common';
import type { Transaction } from '@quen/messaging';
import type { CorrectedRows, DerivedStore, DerivedTable } from '../rebuilds/derived-store.js';
import { rowsOf } from './replica-reactions.js';
import { columnOf, type Get, type Replica } from './replica.js';

/**
 * The stores of a service that are made from topics alone: those that it declares, with the replicas that their groups
 * fill, and one for every other group of replicas.
 */
export function storesWith(replicas: readonly Replica[], declared: readonly DerivedStore[]): DerivedStore[] {
  const groups = Map.groupBy(replicas, ({ group }) => group);
  const named = new Set(declared.flatMap((store) => store.groups));
  return [
    ...declared.map((store) =>
      withReplicas(
        store,
        store.groups.flatMap((group) => groups.get(group) ?? []),
        replicas,
      ),
    ),
    ...[...groups].flatMap(([group, members]) =>
      named.has(group) ? [] : [withReplicas({ groups: [group], tables: {} }, members, replicas)],
    ),
  ];
}

function withReplicas(store: DerivedStore, members: readonly Replica[], all: readonly Replica[]): DerivedStore {
  if (!members.length) return store;
  const tables: Record<string, DerivedTable> = { ...store.tables };
  for (const member of members) {
    const received = member.receivedAt === undefined ? [] : [columnOf(member, member.receivedAt)];
    tables[member.table] = {
      ...tables[member.table],
      ignore: [...(tables[member.table]?.ignore ?? []), ...received],
    };
  }
  // Compaction leaves no trace of who was erased, so a rebuild begins with those that are known.
  tables['erased'] = { seeded: true, only: { column: 'state', values: members.map(({ name }) => name) } };
  return {
    ...store,
    tables,
    publish: async (app, tx, rows) => {
      await store.publish?.(app, tx, rows);
      for (const member of members.filter(({ table }) => table === rows.table)) await hear(member, all, app, tx, rows);
    },
  };
}

/** Lets business hear of rows that were corrected, as if the right state had come now. */
async function hear(
  replica: Replica,
  all: readonly Replica[],
  app: INestApplicationContext,
  tx: Transaction,
  { changed, added, removed }: CorrectedRows,
): Promise<void> {
  if (!replica.after || replica.derive) return;
  const key = tx.connection.getMetadata(replica.entity).primaryColumns[0]!.databaseName;
  const ids = [...changed, ...added, ...removed].map((row) => String(row[key]));
  const get: Get = (type) => app.get(type, { strict: false });
  await replica.before?.(tx, get);
  await replica.after(await rowsOf(replica, all).asTheyAre(tx, ids), tx, get);
}
