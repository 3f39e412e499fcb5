import type { EntityMetadata, ObjectLiteral, QueryDeepPartialEntity } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import type { Transaction } from '@quen/messaging';
import { rows } from './rows.js';

/** What of an entity is stored: its properties, without its methods. */
export type Values<E> = {
  [K in keyof E as E[K] extends (...args: never[]) => unknown ? never : K]?: E[K] | undefined;
};

/** How {@link upsertAll} meets rows that are there already. */
export interface UpsertOptions<E> {
  /** Properties by which a row is recognised. They have a unique index. Default: the primary key. */
  by?: readonly (keyof E & string)[];
  /** Properties that an existing row takes. Default: all that are given. None where empty. */
  set?: readonly (keyof E & string)[];
  /** The gate for versions: an existing row changes only when the value of this property is higher. */
  newerBy?: keyof E & string;
}

/**
 * Writes one new row, without the SELECT that TypeORM's `save` begins with. The entity then has what the database filled
 * in: version, instants and defaults.
 */
export async function insert<E extends ObjectLiteral>(tx: Transaction, entity: E): Promise<E> {
  await tx.insert(entity.constructor as new () => E, entity as QueryDeepPartialEntity<E>);
  return entity;
}

/**
 * Writes an aggregate that counts its versions. One without a version is new: it is inserted and not looked for. Of
 * another the changes are written, and its version is raised if there are any.
 */
export async function save<E extends ObjectLiteral>(tx: Transaction, entity: E): Promise<E> {
  const { versionColumn, name } = metadataOf(tx, entity.constructor as new () => E);
  if (!versionColumn) throw new Error(`${name} counts no versions: use insert`);
  return versionColumn.getEntityValue(entity) === undefined ? insert(tx, entity) : tx.save(entity);
}

/**
 * Writes any number of new rows in one statement, without reading them first. A property that none of them has is left
 * to the database's default. A property that only some have is null in the others. The version of an entity that counts
 * them begins with 1.
 */
export async function insertAll<E extends ObjectLiteral>(
  tx: Transaction,
  entity: new () => E,
  values: readonly Values<E>[],
): Promise<void> {
  if (values.length === 0) return;
  const { sql, params } = insertion(metadataOf(tx, entity), values);
  await tx.query(sql, params);
}

/**
 * Writes rows in one statement. New ones are inserted. Existing ones are changed, unless they are as new already
 * (`newerBy`). The order is that of the keys, so that two writers cannot wait for each other. A key may stand only once
 * among `values`.
 * @returns the keys of the rows that were inserted or changed
 */
export async function upsertAll<E extends ObjectLiteral>(
  tx: Transaction,
  entity: new () => E,
  values: readonly Values<E>[],
  options: UpsertOptions<E> = {},
): Promise<Values<E>[]> {
  if (values.length === 0) return [];
  const metadata = metadataOf(tx, entity);
  const keys = options.by?.map((name) => columnOf(metadata, name)) ?? metadata.primaryColumns;
  const { sql, params, columns } = insertion(metadata, values, keys);
  const set = options.set?.map((name) => columnOf(metadata, name)) ?? columns.filter((each) => !keys.includes(each));
  const newer = options.newerBy && quoted(columnOf(metadata, options.newerBy));
  const onConflict = set.length
    ? `do update set ${set.map((each) => `${quoted(each)} = excluded.${quoted(each)}`).join(', ')}`
    : 'do nothing';
  const gate = set.length && newer ? ` where excluded.${newer} > t.${newer}` : '';
  const answered = metadata.primaryColumns.map((each) => `t.${quoted(each)} as "${each.propertyName}"`);
  return rows<Values<E>>(
    tx,
    `${sql} on conflict (${keys.map(quoted).join(', ')}) ${onConflict}${gate} returning ${answered.join(', ')}`,
    params,
  );
}

/**
 * Changes existing rows in one statement: each takes the given properties of the value with its primary key. Rows that
 * have them already are left alone. The caller raises the version.
 * @param set properties to take; default: all but the key
 * @returns the keys of the rows that changed
 */
export async function updateAll<E extends ObjectLiteral>(
  tx: Transaction,
  entity: new () => E,
  values: readonly Values<E>[],
  set?: readonly (keyof E & string)[],
): Promise<Values<E>[]> {
  if (values.length === 0) return [];
  const metadata = metadataOf(tx, entity);
  const keys = metadata.primaryColumns;
  const columns =
    set?.map((name) => columnOf(metadata, name)) ?? given(metadata, values).filter((each) => !each.isPrimary);
  const list = (alias: string): string => columns.map((each) => `${alias}.${quoted(each)}`).join(', ');
  return rows<Values<E>>(
    tx,
    `update ${tableOf(metadata)} t set ${columns.map((each) => `${quoted(each)} = n.${quoted(each)}`).join(', ')}
     from ${recordset(metadata)} n
     where ${keys.map((each) => `t.${quoted(each)} = n.${quoted(each)}`).join(' and ')}
       and (${list('t')}) is distinct from (${list('n')})
     returning ${keys.map((each) => `t.${quoted(each)} as "${each.propertyName}"`).join(', ')}`,
    [document([...keys, ...columns], values)],
  );
}

/** `insert into … select …` of a JSON document with the rows; in the order of `sorted`, if given. */
function insertion<E extends ObjectLiteral>(
  metadata: EntityMetadata,
  values: readonly Values<E>[],
  sorted: readonly ColumnMetadata[] = [],
): { sql: string; params: string[]; columns: ColumnMetadata[] } {
  const columns = given(metadata, values);
  const { versionColumn: version } = metadata;
  const begins = version && !columns.includes(version) ? version : undefined;
  const names = [...columns, ...(begins ? [begins] : [])].map(quoted).join(', ');
  const selected = [...columns.map((each) => `n.${quoted(each)}`), ...(begins ? ['1'] : [])].join(', ');
  const order = sorted.length ? ` order by ${sorted.map((each) => `n.${quoted(each)}`).join(', ')}` : '';
  return {
    sql: `insert into ${tableOf(metadata)} as t (${names}) select ${selected} from ${recordset(metadata)} n${order}`,
    params: [document(columns, values)],
    columns,
  };
}

/** Columns that at least one of the rows has a value for. */
function given<E extends ObjectLiteral>(metadata: EntityMetadata, values: readonly Values<E>[]): ColumnMetadata[] {
  return metadata.columns.filter((column) =>
    values.some((value) => column.getEntityValue(value as ObjectLiteral) !== undefined),
  );
}

function document<E extends ObjectLiteral>(columns: readonly ColumnMetadata[], values: readonly Values<E>[]): string {
  return JSON.stringify(
    values.map((value) =>
      Object.fromEntries(
        columns.map((column) => [
          column.databaseName,
          readable(column.getEntityValue(value as ObjectLiteral, true) as unknown),
        ]),
      ),
    ),
  );
}

/** What JSON has no form of, as Postgres reads it from text. */
function readable(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  return value instanceof Uint8Array ? `\\x${Buffer.from(value).toString('hex')}` : value;
}

/** The parameter `$1` as rows of the entity's table, so that every column has the type that it has there. */
function recordset(metadata: EntityMetadata): string {
  return `jsonb_populate_recordset(null::${tableOf(metadata)}, $1::jsonb)`;
}

function metadataOf<E extends ObjectLiteral>(tx: Transaction, entity: new () => E): EntityMetadata {
  return tx.connection.getMetadata(entity);
}

function columnOf(metadata: EntityMetadata, property: string): ColumnMetadata {
  const column = metadata.findColumnWithPropertyName(property);
  if (!column) throw new Error(`${metadata.name}.${property} is no column`);
  return column;
}

/** The table's name without a schema: the transaction's search path decides, in a shadow of the schema, too. */
function tableOf(metadata: EntityMetadata): string {
  return `"${metadata.tableName}"`;
}

function quoted(column: ColumnMetadata): string {
  return `"${column.databaseName}"`;
}
