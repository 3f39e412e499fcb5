import type { DataSource } from 'typeorm';
import { inTransaction, type Transaction } from '@quen/messaging';
import type { DerivedStore } from './derived-store.js';
import type { ParkedRecords } from './rebuild-report.js';
import { removeRows, sameContent, writeRows } from './table-comparison.js';
import { quoted, type TableShape } from './table-shape.js';

type Query = Pick<Transaction, 'query'>;

/** Makes these tables of the shadow hold what the live ones hold. */
export async function copyTables(
  db: DataSource,
  schema: string,
  shadow: string,
  shapes: readonly TableShape[],
): Promise<void> {
  await inTransaction(db, async (tx) => {
    for (const shape of shapes) {
      await writeRows(tx, schema, shadow, shape);
      await removeRows(tx, schema, shadow, shape);
    }
  });
}

/** Whether both stores hold the same in the tables that handlers read beside the events. */
export function isSettled(
  tx: Query,
  schema: string,
  shadow: string,
  stores: readonly DerivedStore[],
  shapes: ReadonlyMap<string, TableShape>,
): Promise<boolean> {
  return sameContent(
    tx,
    schema,
    shadow,
    stores.flatMap((store) => (store.copied ?? []).map((table) => shapes.get(table)!)),
  );
}

/** The jobs and schedules at work that calculate rows of these stores anew. */
export async function whatChanges(tx: Query, stores: readonly DerivedStore[]): Promise<string[]> {
  const [jobs, schedules] = [
    stores.flatMap((store) => store.changedBy?.jobs ?? []),
    stores.flatMap((store) => store.changedBy?.schedules ?? []),
  ];
  const rows = await tx.query<{ name: string }[]>(
    `select kind as name from job where state in ('waiting', 'running') and kind = any($1)
     union select name from schedule where lease_until > clock_timestamp() and name = any($2) order by 1`,
    [jobs, schedules],
  );
  return rows.map(({ name }) => name);
}

/** How many records of each group wait for a repair in either store. */
export function countParkedIn(
  tx: Query,
  schema: string,
  shadow: string,
  groups: readonly string[],
): Promise<ParkedRecords[]> {
  const count = (of: string): string =>
    `(select count(*)::int from ${quoted(of)}.inbox_parked p where p.consumer = g.consumer and p.status = 'parked')`;
  return tx.query<ParkedRecords[]>(
    `select g.consumer, ${count(schema)} as live, ${count(shadow)} as rebuilt from unnest($1::text[]) as g (consumer)`,
    [groups],
  );
}
