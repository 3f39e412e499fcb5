import { ApiProperty } from '@nestjs/swagger';
import { IsISO8601, Matches } from 'class-validator';

const each = (...decorators: PropertyDecorator[]): PropertyDecorator => (target, name) => decorators.forEach((decorate) => decorate(target, name));

/** A civil date `YYYY-MM-DD` that is in the calendar. */
export function IsCivilDate(example = '2026-11-20'): PropertyDecorator {
  return each(
    Matches(/^\d{4}-\d{2}-\d{2}$/, { message: '$property must be a date YYYY-MM-DD' }), IsISO8601({ strict: true }, { message: '$property must be a day of the calendar' }),
    ApiProperty({ type: String, format: 'date', example }),
  );
}

/** A quantity: decimal text of at most 12 digits before and 4 after the point, more than zero. */
export function IsQuantity(): PropertyDecorator {
  return each(
    Matches(/^(?!0+(\.0+)?$)\d{1,12}(\.\d{1,4})?$/, { message: '$property must be a decimal as text, more than zero, with at most 4 decimals' }),
    ApiProperty({ type: String, pattern: '^\\d{1,12}(\\.\\d{1,4})?$', example: '2' }),
  );
}

/** A discount in per cent: decimal text from 0 to 100 with at most 2 decimals. */
export function IsPercent(): PropertyDecorator {
  return each(
    Matches(/^(100(\.0{1,2})?|\d{1,2}(\.\d{1,2})?)$/, { message: '$property must be a decimal as text from 0 to 100, with at most 2 decimals' }),
    ApiProperty({ type: String, pattern: '^\\d{1,3}(\\.\\d{1,2})?$', example: '5' }),
  );
}
