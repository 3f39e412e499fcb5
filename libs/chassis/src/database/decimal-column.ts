import { Decimal } from 'decimal.js';
import { Column, type ColumnOptions } from 'typeorm';

const plain = {
  to: (value: string | null | undefined) => value,
  from: (value: string | null) => (value === null ? null : new Decimal(value).toFixed()),
};

/** A `numeric` column that an entity holds as decimal text without trailing zeros; never a float. */
export function DecimalColumn(
  options: Pick<ColumnOptions, 'name' | 'nullable' | 'primary' | 'update'> = {},
): PropertyDecorator {
  return Column({ ...options, type: 'numeric', transformer: plain });
}
