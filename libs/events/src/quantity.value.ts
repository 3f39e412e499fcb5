import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { Decimal } from 'decimal.js';

/** How a quantity is written: decimal text of at most 12 digits before and 4 after the point. */
export const quantityPattern = /^\d{1,12}(\.\d{1,4})?$/;

/** A quantity of a request: decimal text of at most 12 digits before and 4 after the point, more than zero. */
export function Quantity(): PropertyDecorator {
  return (target, name) => {
    Matches(/^(?!0+(\.0+)?$)\d{1,12}(\.\d{1,4})?$/, {
      message: '$property must be a decimal as text, more than zero, with at most 4 decimals',
    })(target, name);
    ApiProperty({ type: String, pattern: quantityPattern.source, example: '2' })(target, name);
  };
}

/** A share in per cent of a request: decimal text from 0 to 100 with at most 2 decimals. */
export function Percent(): PropertyDecorator {
  return (target, name) => {
    Matches(/^(100(\.0{1,2})?|\d{1,2}(\.\d{1,2})?)$/, {
      message: '$property must be a decimal as text from 0 to 100, with at most 2 decimals',
    })(target, name);
    ApiProperty({ type: String, pattern: '^\\d{1,3}(\\.\\d{1,2})?$', example: '5' })(target, name);
  };
}

/** Sum of two decimal texts. */
export function plus(one: string, other: string): string {
  return new Decimal(one).plus(other).toFixed();
}

/** Difference of two decimal texts. */
export function minus(one: string, other: string): string {
  return new Decimal(one).minus(other).toFixed();
}

/** True when the first decimal text is more than the second. */
export function exceeds(one: string, other: string): boolean {
  return new Decimal(one).greaterThan(other);
}
