import type { Json } from '@quen/testing';
import { inline, type Statement } from './pgbench.js';

/** Tables that never have more than a few rows, or are read whole by their nature; reading them in order is right. */
const small = ['outbox_lease', 'inbox_position'];

/**
 * What Postgres does for each different statement among these: `explain (analyze)` in a transaction that is rolled
 * back.
 */
export async function explainAll(
  db: { transaction: (work: (tx: { query: (sql: string) => Promise<Json> }) => Promise<void>) => Promise<void> },
  statements: Statement[],
): Promise<{ statement: string; ms: number; scans: string[]; large: boolean }[]> {
  const plans = [];
  const seen = new Set();
  for (const statement of statements) {
    const text = statement.text.replace(/\s+/g, ' ').trim();
    if (seen.has(text) || !/^(with|select|insert|update|delete)\b/i.test(text) || text.includes(';')) continue;
    seen.add(text);
    const [plan] = await planOf(db, inline(statement));
    const scans: { table: string; rows: number }[] = [];
    collect(plan.Plan, scans);
    plans.push({
      statement: text.length > 90 ? `${text.slice(0, 87)}…` : text,
      ms: plan['Execution Time'],
      scans: scans.map(({ table, rows }) => `${table} ${rows}`),
      large: scans.some(({ table, rows }) => !small.includes(table) && rows > 10_000),
    });
  }
  return plans;
}

async function planOf(db: Parameters<typeof explainAll>[0], sql: string): Promise<Json[]> {
  let found: Json;
  await db
    .transaction(async (tx) => {
      found = await tx.query(`explain (analyze, format json) ${sql}`);
      throw undone;
    })
    .catch((error) => {
      if (error !== undone) throw error;
    });
  return found[0]['QUERY PLAN'];
}

const undone = new Error('what was only tried is undone');

function collect(node: Json, scans: { table: string; rows: number }[]) {
  if (node['Node Type'] === 'Seq Scan')
    scans.push({ table: node['Relation Name'], rows: node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0) });
  for (const child of node.Plans ?? []) collect(child, scans);
}
