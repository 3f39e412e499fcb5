import type { Transaction } from '@quen/messaging';
import { columnsOf, contentOf, isOwn, quoted, rowsIn, sameKey, unquoted, type TableShape } from './table-shape.js';

type Query = Pick<Transaction, 'query'>;

/** A row that is not the same in the live and in the new store. */
export interface Difference {
  key: Record<string, string>;
  /**
   * `missing`: the topics tell of it and the live store lacks it. `surplus`: no topic tells of it. `different`: both
   * have it, not equal.
   */
  kind: 'missing' | 'surplus' | 'different';
  /** Names of the columns that are not equal in a row that is `different`. */
  columns?: string[];
}

/** How a table of the live store compares with the new one. */
export interface TableComparison {
  table: string;
  equal: boolean;
  live: TableDigest;
  rebuilt: TableDigest;
  /** Rows that differ in all. */
  different: number;
  /** The first of them. */
  differences: Difference[];
}

/** Rows of a table and a hash of what they hold, in no order. */
export interface TableDigest {
  rows: number;
  hash: string;
}

/** Differences named in a report. */
const named = 20;

/** Where the keys of all rows that differ are kept. */
export function differencesTable(shadow: string, table: string): string {
  return `${quoted(shadow)}.${quoted(`rebuild_difference_${table}`)}`;
}

/**
 * Compares a table as both stores have it in the transaction's snapshot, and keeps the keys that differ. Linear in the
 * number of rows.
 */
export async function compareTable(
  tx: Query,
  schema: string,
  shadow: string,
  shape: TableShape,
): Promise<TableComparison> {
  const [live, rebuilt] = [await digest(tx, schema, shape), await digest(tx, shadow, shape)];
  const equal = live.rows === rebuilt.rows && live.hash === rebuilt.hash;
  const found = differencesTable(shadow, shape.name);
  await tx.query(`drop table if exists ${found}`);
  if (equal) return { table: shape.name, equal, live, rebuilt, different: 0, differences: [] };
  const keys = shape.key.join(', ');
  await tx.query(`
    create table ${found} as
    select ${keys}, case when l.${shape.key[0]} is null then 'missing' when s.${shape.key[0]} is null then 'surplus' else 'different' end as difference_kind
      from ${rowsIn(schema, shape)} l full join ${rowsIn(shadow, shape)} s using (${keys})
     where ${contentOf('l', shape)} is distinct from ${contentOf('s', shape)}`);
  const [{ count } = { count: 0 }] = await tx.query<{ count: number }[]>(`select count(*)::int as count from ${found}`);
  const unequal = shape.compared.map(
    (column, index) => `case when row(l.${column})::text is distinct from row(s.${column})::text then ${index} end`,
  );
  const first = await tx.query<
    (Record<string, string> & { difference_kind: Difference['kind']; difference_columns: number[] })[]
  >(`
    select ${shape.key.map((column) => `${column}::text`).join(', ')}, difference_kind, array_remove(array[${unequal.join(', ')}], null) as difference_columns
      from (select * from ${found} order by ${keys} limit ${named}) d
      left join ${quoted(schema)}.${quoted(shape.name)} l using (${keys}) left join ${quoted(shadow)}.${quoted(shape.name)} s using (${keys}) order by ${keys}`);
  const differences = first.map(({ difference_kind: kind, difference_columns: columns, ...key }) => ({
    key,
    kind,
    ...(kind === 'different' ? { columns: columns.map((index) => unquoted(shape.compared[index]!)) } : {}),
  }));
  return { table: shape.name, equal: count === 0, live, rebuilt, different: count, differences };
}

/** Whether these tables hold the same in both stores. For small ones. */
export async function sameContent(
  tx: Query,
  schema: string,
  shadow: string,
  shapes: readonly TableShape[],
): Promise<boolean> {
  for (const shape of shapes) {
    const [live, copy] = [await digest(tx, schema, shape), await digest(tx, shadow, shape)];
    if (live.rows !== copy.rows || live.hash !== copy.hash) return false;
  }
  return true;
}

/**
 * Two sums of 64 bits over the rows' hashes. Order does not matter, and no row can hide behind another, as it could
 * with an exclusive or.
 */
async function digest(tx: Query, schema: string, shape: TableShape): Promise<TableDigest> {
  const [sums] = await tx.query<{ rows: number; one: string; two: string }[]>(`
    select count(*)::int as rows, coalesce(sum(hashtextextended(content, 1)), 0)::text as one, coalesce(sum(hashtextextended(content, 2)), 0)::text as two
      from (select ${contentOf('t', shape)} as content from ${rowsIn(schema, shape)} t) as contents`);
  const hex = (sum = '0'): string => BigInt.asUintN(64, BigInt(sum)).toString(16).padStart(16, '0');
  return { rows: sums?.rows ?? 0, hash: hex(sums?.one) + hex(sums?.two) };
}

/** Keys of rows that were written. */
export interface Written {
  changed: Record<string, string>[];
  added: Record<string, string>[];
}

/** Deletes from `to` the rows that `from` lacks. `among`: only these keys are looked at. @returns the rows deleted */
export async function removeRows(
  tx: Query,
  from: string,
  to: string,
  shape: TableShape,
  among?: string,
): Promise<Record<string, unknown>[]> {
  const [source, target] = [rowsIn(from, shape), `${quoted(to)}.${quoted(shape.name)}`];
  const [rows] = await tx.query<[Record<string, unknown>[], number]>(`
    delete from ${target} t where ${isOwn('t', shape)} and not exists (select 1 from ${source} f where ${sameKey('f', 't', shape)})
    ${among ? `and (${columnsOf('t', shape.key)}) in (select ${shape.key.join(', ')} from ${among})` : ''} returning to_jsonb(t) as row`);
  return rows.map(({ row }) => row as Record<string, unknown>);
}

/**
 * Updates in `to` what differs from `from`, ignored columns apart, and inserts what is missing. @returns the keys of
 * both
 */
export async function writeRows(
  tx: Query,
  from: string,
  to: string,
  shape: TableShape,
  among?: string,
): Promise<Written> {
  const [source, target] = [rowsIn(from, shape), `${quoted(to)}.${quoted(shape.name)}`];
  const same = sameKey('f', 't', shape);
  const only = among ? `and (${columnsOf('f', shape.key)}) in (select ${shape.key.join(', ')} from ${among})` : '';
  const written = shape.compared.filter((column) => shape.writable.includes(column) && !shape.key.includes(column));
  const keys = shape.key.map((column) => `t.${column}::text`).join(', ');
  const [changed] = written.length
    ? await tx.query<[Record<string, string>[], number]>(`
    update ${target} t set ${written.map((column) => `${column} = f.${column}`).join(', ')} from ${source} f
     where ${same} ${only} and ${contentOf('t', shape)} is distinct from ${contentOf('f', shape)} returning ${keys}`)
    : [[]];
  const added = await tx.query<Record<string, string>[]>(`
    insert into ${target} as t (${shape.writable.join(', ')}) overriding system value select ${columnsOf('f', shape.writable)} from ${source} f
     where not exists (select 1 from ${target} t where ${same}) ${only} returning ${keys}`);
  return { changed, added };
}
