import { Decimal } from 'decimal.js';
import type { ColumnOptions } from 'typeorm';

const plain = {
  to: (value: string | null | undefined) => value,
  from: (value: string | null) => (value === null ? null : new Decimal(value).toFixed()),
};

/** A `numeric` column that an entity holds as decimal text without trailing zeros; never a float. */
export function decimal(name: string, options: Pick<ColumnOptions, 'nullable' | 'update'> = {}): ColumnOptions {
  return { name, type: 'numeric', transformer: plain, ...options };
}
