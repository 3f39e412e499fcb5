import type { EntityMetadata, ObjectLiteral } from 'typeorm';
import type { Transaction } from '@quen/messaging';
import { Params, type Predicate } from '../database/predicate.js';
import { scopePredicate } from '../database/scope.js';
import { snakeCase } from '../rules/fields.js';
import { escapeLike } from '../text/fold.js';
import type { CursorKeys } from './cursor.js';
import type { ListDefinition, SortKey } from './define-list.js';
import type { Page } from './list-query.dto.js';
import type { ParsedList } from './parse-list.js';

/** A further condition on a page; `sql` names columns as the table does, parameters as `$1, $2 …`. */
export interface PageOptions {
  where?: string;
  params?: readonly unknown[];
}

interface SortColumn extends SortKey {
  readonly sql: string;
  readonly nullable: boolean;
}

/**
 * Reads one page of a list inside the caller's scope, by filters, search and order, with the id as last criterion. The
 * cursor holds the keys of the last row. A page far down costs as much as the first, and rows that come or go do not
 * shift it.
 */
export async function page<E extends ObjectLiteral>(
  tx: Transaction,
  list: ListDefinition<E>,
  query: ParsedList,
  options: PageOptions = {},
): Promise<Page<E>> {
  const metadata = tx.connection.getMetadata(list.entity);
  const column = columnOf(metadata, list);
  const params = new Params();
  const conditions = [scopePredicate(tx, metadata), query.where.predicate(column), search(metadata, list, query.words)]
    .filter((each): each is Predicate => each !== undefined && each.sql !== 'true')
    .map((each) => `(${params.append(each)})`);
  if (options.where) conditions.push(`(${params.append({ sql: options.where, params: options.params ?? [] })})`);
  const id = metadata.primaryColumns[0];
  if (!id) throw new Error(`${metadata.name} has no primary key to page by`);
  const keys: SortColumn[] = query.sort.map((key) => ({
    ...key,
    sql: column(key.field),
    nullable: isNullable(metadata, key.field),
  }));
  keys.push({
    field: id.propertyName,
    descending: keys.at(-1)?.descending ?? false,
    sql: `"e"."${id.databaseName}"`,
    nullable: false,
  });

  const filtered = [...conditions];
  if (query.after) conditions.push(keyset(keys, query.after, params));
  const order = keys
    .map((key) => `${key.sql}${key.descending ? ' desc' : ''}${key.nullable ? ' nulls last' : ''}`)
    .join(', ');
  const rows: ({ __keys: CursorKeys } & ObjectLiteral)[] = await tx.query(
    `select "e".*, json_build_array(${keys.map((key) => `${key.sql}::text`).join(', ')}) as "__keys"
     from ${metadata.tablePath
       .split('.')
       .map((part) => `"${part}"`)
       .join('.')} as "e"
     ${conditions.length ? `where ${conditions.join(' and ')}` : ''} order by ${order} limit ${query.limit + 1}`,
    params.values,
  );
  const hasMore = rows.length > query.limit;
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  const result: Page<E> = {
    data: shown.map((row) => hydrate(tx, metadata, row) as E),
    nextCursor: hasMore && last ? query.cursorAfter(last.__keys) : null,
    hasMore,
  };
  if (query.countExactly) result.total = await count(tx, metadata, filtered, params);
  return result;
}

async function count(tx: Transaction, metadata: EntityMetadata, conditions: string[], params: Params): Promise<number> {
  const where = conditions.length ? `where ${conditions.join(' and ')}` : '';
  const used = Math.max(0, ...[...where.matchAll(/\$(\d+)/g)].map((match) => Number(match[1])));
  const [row]: { n: string }[] = await tx.query(
    `select count(*) as n from ${metadata.tablePath
      .split('.')
      .map((part) => `"${part}"`)
      .join('.')} as "e" ${where}`,
    params.values.slice(0, used),
  );
  return Number(row?.n ?? 0);
}

/** Rows after the given keys; nulls come last in either direction. */
function keyset(keys: SortColumn[], after: CursorKeys, params: Params): string {
  const alternatives = keys.map((_, index) => {
    const equal = keys.slice(0, index).map((key, at) => same(key, after[at] ?? null, params));
    const key = keys[index] as SortColumn;
    const value = after[index] ?? null;
    if (value === null) return undefined;
    const beyond = `${key.sql} ${key.descending ? '<' : '>'} ${params.add(value)}`;
    return [...equal, key.nullable ? `(${beyond} or ${key.sql} is null)` : beyond].join(' and ');
  });
  const beyond = alternatives.filter(Boolean).join(' or ') || 'false';
  const [first] = keys;
  // An index scan begins at the cursor thanks to this bound on the first key. The alternatives alone would be filtered
  // from the list's start.
  const bound =
    first && !first.nullable ? `${first.sql} ${first.descending ? '<=' : '>='} ${params.add(after[0])} and ` : '';
  return `${bound}(${beyond})`;
}

function same(key: SortColumn, value: string | null, params: Params): string {
  return value === null ? `${key.sql} is null` : `${key.sql} = ${params.add(value)}`;
}

function search<E extends ObjectLiteral>(
  metadata: EntityMetadata,
  list: ListDefinition<E>,
  words: readonly string[],
): Predicate | undefined {
  if (!words.length || !list.search) return undefined;
  const column = columnOf(metadata, list);
  const text =
    typeof list.search === 'string'
      ? column(list.search)
      : `quen_fold(concat_ws(' ', ${list.search.map(column).join(', ')}))`;
  const params = new Params();
  return {
    sql: words.map((word) => `${text} like ${params.add(`%${escapeLike(word)}%`)}`).join(' and '),
    params: params.values,
  };
}

function columnOf<E extends ObjectLiteral>(
  metadata: EntityMetadata,
  list: ListDefinition<E>,
): (name: string) => string {
  return (name) =>
    list.fields[name]?.sql ?? `"e"."${metadata.findColumnWithPropertyPath(name)?.databaseName ?? snakeCase(name)}"`;
}

function isNullable(metadata: EntityMetadata, name: string): boolean {
  return metadata.findColumnWithPropertyPath(name)?.isNullable ?? true;
}

/** A row as an entity, with the conversions that its columns declare. */
function hydrate(tx: Transaction, metadata: EntityMetadata, row: ObjectLiteral): ObjectLiteral {
  const entity = metadata.create() as ObjectLiteral;
  for (const column of metadata.columns) {
    const value = row[column.databaseName] as unknown;
    if (value !== undefined) column.setEntityValue(entity, tx.connection.driver.prepareHydratedValue(value, column));
  }
  return entity;
}
