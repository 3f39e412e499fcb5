import type { DataSource } from 'typeorm';
import type { Transaction } from '@quen/messaging';
import { camelCase } from './naming.js';

/** A row as the driver answers it. */
type Raw = Record<string, unknown>;

/** Columns of a result whose names have to change, with the names that they get; null where all stay. */
type Shape = readonly (readonly [from: string, to: string])[] | null;

/** One entry for each list of columns that the process's statements answer. */
const shapes = new Map<string, Shape>();
const mostShapes = 5_000;

/**
 * The rows that a plain SQL statement answers, of SELECT and of INSERT, UPDATE or DELETE … RETURNING alike. Names of
 * columns are in camel case (`customer_id` is `customerId`). What stands inside a `jsonb` value is not touched.
 * @param params values of `$1`, `$2` …
 */
export async function rows<T extends object>(
  tx: Transaction | DataSource,
  sql: string,
  params?: readonly unknown[],
): Promise<T[]> {
  const answer: unknown = await tx.query(sql, params as unknown[] | undefined);
  return camelCased(rowsOf(answer)) as T[];
}

/** TypeORM answers `[rows, count]` for UPDATE and DELETE, and rows for everything else. */
function rowsOf(answer: unknown): Raw[] {
  const [first] = answer as unknown[];
  return (Array.isArray(first) ? first : answer) as Raw[];
}

function camelCased(raws: Raw[]): Raw[] {
  const [first] = raws;
  if (!first) return raws;
  const shape = shapeOf(Object.keys(first));
  if (!shape) return raws;
  return raws.map((raw) => {
    const row: Raw = {};
    for (const [from, to] of shape) row[to] = raw[from];
    return row;
  });
}

function shapeOf(columns: string[]): Shape {
  const key = columns.join();
  let shape = shapes.get(key);
  if (shape === undefined) {
    const pairs = columns.map((column) => [column, camelCase(column)] as const);
    shape = pairs.every(([from, to]) => from === to) ? null : pairs;
    // statements with names made up at run time must not fill the memory
    if (shapes.size < mostShapes) shapes.set(key, shape);
  }
  return shape;
}
