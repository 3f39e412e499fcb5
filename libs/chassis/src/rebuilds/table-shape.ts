import type { Transaction } from '@quen/messaging';
import type { DerivedStore, DerivedTable } from './derived-store.js';

interface ColumnRow {
  table: string;
  name: string;
  generated: boolean;
  key: number | null;
}

/** A table as a comparison sees it. Names are quoted. */
export interface TableShape {
  readonly name: string;
  /** Columns of the primary key. */
  readonly key: readonly string[];
  /** Columns that count for equality. */
  readonly compared: readonly string[];
  /** Columns that can be written. */
  readonly writable: readonly string[];
  /** Which rows belong to the stores; the name is quoted. */
  readonly only?: { readonly column: string; readonly values: readonly string[] };
}

/**
 * The shapes of these stores' tables, copied ones included. @throws Error for a table that does not exist or has no
 * primary key: the service declares it wrongly
 */
export async function shapesOf(
  db: Pick<Transaction, 'query'>,
  schema: string,
  stores: readonly DerivedStore[],
): Promise<Map<string, TableShape>> {
  const declared = new Map<string, DerivedTable>(
    stores.flatMap((store) => (store.copied ?? []).map((table): [string, DerivedTable] => [table, {}])),
  );
  for (const store of stores)
    for (const [table, declaration] of Object.entries(store.tables))
      declared.set(table, together(declared.get(table), declaration));
  const columns = await db.query<ColumnRow[]>(
    `
    select c.relname as table, a.attname as name, a.attgenerated <> '' as generated, array_position(i.indkey::int2[], a.attnum) as key
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      left join pg_index i on i.indrelid = c.oid and i.indisprimary
     where c.relnamespace = to_regnamespace(quote_ident($1)) and c.relname = any($2) order by c.relname, a.attnum`,
    [schema, [...declared.keys()]],
  );
  return new Map(
    [...declared].map(([table, { ignore = [], only }]) => {
      const own = columns.filter((column) => column.table === table);
      const key = own.filter((column) => column.key !== null).sort((one, other) => one.key! - other.key!);
      if (!key.length)
        throw new Error(`${schema}.${table} does not exist or has no primary key, so it cannot be compared`);
      const unknown = ignore.filter((name) => !own.some((column) => column.name === name));
      if (unknown.length) throw new Error(`${schema}.${table} has no column ${unknown.join(', ')}`);
      const names = (of: ColumnRow[]): string[] => of.map(({ name }) => quoted(name));
      return [
        table,
        {
          name: table,
          key: names(key),
          compared: names(own.filter(({ name }) => !ignore.includes(name))),
          writable: names(own.filter(({ generated }) => !generated)),
          ...(only && { only: { column: quoted(only.column), values: only.values } }),
        },
      ];
    }),
  );
}

/** A table in which several stores have rows, as one. */
function together(known: DerivedTable | undefined, more: DerivedTable): DerivedTable {
  if (!known?.only || !more.only) return more;
  return { ...more, only: { ...more.only, values: [...known.only.values, ...more.only.values] } };
}

/** SQL: the rows of a table that belong to the stores. */
export function rowsIn(schema: string, shape: TableShape): string {
  const table = `${quoted(schema)}.${quoted(shape.name)}`;
  return shape.only ? `(select * from ${table} every where ${isOwn('every', shape)})` : table;
}

/** SQL: whether a row belongs to the stores. */
export function isOwn(alias: string, { only }: TableShape): string {
  if (!only) return 'true';
  const values = only.values.map((value) => `'${value.replaceAll("'", "''")}'`);
  return `${alias}.${only.column} in (${values.join(', ')})`;
}

/** A name in quotes. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A name that {@link quoted} made. */
export function unquoted(name: string): string {
  return name.slice(1, -1).replaceAll('""', '"');
}

/** Everything that counts of a row, as text. */
export function contentOf(alias: string, { compared }: TableShape): string {
  return `row(${columnsOf(alias, compared)})::text`;
}

/** Columns of one table among several. */
export function columnsOf(alias: string, columns: readonly string[]): string {
  return columns.map((column) => `${alias}.${column}`).join(', ');
}

/** The condition that two rows have the same key. */
export function sameKey(one: string, other: string, { key }: TableShape): string {
  return key.map((column) => `${one}.${column} = ${other}.${column}`).join(' and ');
}
