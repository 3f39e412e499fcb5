import type { INestApplicationContext } from '@nestjs/common';
import { begunAt, type Transaction } from '@quen/messaging';
import type { CorrectedRows, DerivedStore } from './derived-store.js';
import type { CorrectedTable } from './rebuild-report.js';
import { differencesTable, removeRows, writeRows, type Written } from './table-comparison.js';
import { quoted, type TableShape } from './table-shape.js';

const publishedAtOnce = 500;
const inboxDays = 7;

/** What is to be corrected where. */
export interface Correction {
  readonly schema: string;
  readonly shadow: string;
  readonly stores: readonly DerivedStore[];
  readonly groups: readonly string[];
  /** Tables that were found to differ, in the order in which rows may be inserted. */
  readonly wrong: readonly TableShape[];
}

/**
 * Makes the live tables equal to the new ones, row by row. Readers see the one or the other and wait for neither. The
 * tables keep their rights, policies and statistics. Parked records become those of the new store, since the ones that
 * it took must not be replayed. Then the changes are published.
 */
export async function correct(
  tx: Transaction,
  app: INestApplicationContext,
  correction: Correction,
): Promise<CorrectedTable[]> {
  const { schema, shadow, stores, wrong } = correction;
  const removed = new Map<string, Record<string, unknown>[]>();
  for (const shape of [...wrong].reverse())
    removed.set(shape.name, await removeRows(tx, shadow, schema, shape, differencesTable(shadow, shape.name)));
  const written = new Map<string, Written>();
  for (const shape of wrong)
    written.set(shape.name, await writeRows(tx, shadow, schema, shape, differencesTable(shadow, shape.name)));
  await takeInbox(tx, correction);
  const done: CorrectedTable[] = [];
  for (const { name: table } of wrong) {
    const rows = { changed: [], added: [], ...written.get(table), removed: removed.get(table) ?? [] };
    for (const { publish } of stores.filter((each) => table in each.tables))
      if (publish) await inParts(rows, (part) => publish(app, tx, { table, ...part }));
    done.push({ table, changed: rows.changed.length, added: rows.added.length, removed: rows.removed.length });
  }
  return done;
}

type Rows = Omit<CorrectedRows, 'table'>;

/** Publishes a few hundred rows at a time. */
async function inParts(rows: Rows, publish: (part: Rows) => Promise<void>): Promise<void> {
  const none: Rows = { changed: [], added: [], removed: [] };
  for (const kind of ['changed', 'added', 'removed'] as const)
    for (let from = 0; from < rows[kind].length; from += publishedAtOnce)
      await publish({ ...none, [kind]: rows[kind].slice(from, from + publishedAtOnce) });
}

/**
 * The new store has seen what it took. What it parked is what waits now. A record that waited before keeps its number,
 * its age and the value of a repair, unless one of its key has come in before it: records are replayed in the order of
 * their numbers. Duplicates that are older than the inbox remembers are refused by the position.
 */
async function takeInbox(tx: Transaction, { schema, shadow, groups }: Correction): Promise<void> {
  const [live, rebuilt] = [quoted(schema), quoted(shadow)];
  await tx.query(
    `
    with waited as (delete from ${live}.inbox_parked where consumer = any($1) and status = 'parked' returning consumer, topic, part, msg_offset, n, value, repaired_at, parked_at),
    known as (select distinct on (consumer, topic, part, msg_offset) * from waited order by consumer, topic, part, msg_offset, repaired_at desc nulls last, n),
    waits as (
      select p.consumer, p.msg_key, p.topic, p.part, p.msg_offset, p.headers, case when k.repaired_at is null then p.value else k.value end as value, k.repaired_at,
             p.error_class, p.error, p.attempts, coalesce(k.parked_at, p.parked_at) as parked_at, p.n as nth,
             case when bool_and(k.n is not null) over (partition by p.consumer, p.msg_key) then k.n end as n
        from ${rebuilt}.inbox_parked p left join known k using (consumer, topic, part, msg_offset) where p.consumer = any($1) and p.status = 'parked')
    insert into ${live}.inbox_parked (consumer, msg_key, topic, part, msg_offset, headers, value, repaired_at, error_class, error, attempts, parked_at, n) overriding system value
    select consumer, msg_key, topic, part, msg_offset, headers, value, repaired_at, error_class, error, attempts, parked_at,
           coalesce(n, nextval(pg_get_serial_sequence($2, 'n'))) from waits order by consumer, msg_key, nth`,
    [groups, `${live}.inbox_parked`],
  );
  await tx.query(
    `insert into ${live}.inbox (consumer, event_id) select consumer, event_id from ${rebuilt}.inbox where consumer = any($1) and event_id >= $2 on conflict do nothing`,
    [groups, firstIdSince(begunAt(tx).getTime() - inboxDays * 86_400_000)],
  );
}

/** The lowest UUID of version 7 that was made at this time. */
function firstIdSince(ms: number): string {
  const hex = ms.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}
