import { ApiProperty } from '@nestjs/swagger';
import { IsISO8601, Matches, registerDecorator } from 'class-validator';
import { says } from '@quen/chassis';

const each =
  (...decorators: PropertyDecorator[]): PropertyDecorator =>
  (target, name) =>
    decorators.forEach((decorate) => decorate(target, name));

/** No firm's books here go back further: an earlier year is a slip of the keyboard, such as 0202 for 2020. */
export const earliestDay = '1990-01-01';
const latestDay = '2199-12-31';
const isDate = /^\d{4}-\d{2}-\d{2}$/;

/** A civil date `YYYY-MM-DD` that is in the calendar, of a year that somebody can mean: 1990 to 2199. */
export function IsCivilDate(example = '2026-11-20'): PropertyDecorator {
  return day(example, latestDay);
}

/**
 * The civil date `YYYY-MM-DD` of something that happened, of 1990 or later; that it is not still to come is for the use
 * case to say, which knows what day it is.
 */
export function IsRecordedDay(example = '2026-11-20'): PropertyDecorator {
  return day(example, '9999-12-31');
}

function day(example: string, latest: string): PropertyDecorator {
  return each(
    Matches(isDate, { message: '$property must be a date YYYY-MM-DD' }),
    IsISO8601({ strict: true }, { message: '$property must be a day of the calendar' }),
    IsBetween(earliestDay, latest),
    ApiProperty({ type: String, format: 'date', example }),
  );
}

function IsBetween(earliest: string, latest: string): PropertyDecorator {
  return (target, name) =>
    registerDecorator({
      target: target.constructor,
      propertyName: String(name),
      name: 'plausibleDay',
      options: says(`must be a day from ${earliest} to ${latest}`, `phải là ngày từ ${earliest} đến ${latest}`),
      validator: {
        validate: (given: unknown) =>
          typeof given !== 'string' || !isDate.test(given) || (given >= earliest && given <= latest),
      },
    });
}

/** A quantity: decimal text of at most 12 digits before and 4 after the point, more than zero. */
export function IsQuantity(): PropertyDecorator {
  return each(
    Matches(/^(?!0+(\.0+)?$)\d{1,12}(\.\d{1,4})?$/, {
      message: '$property must be a decimal as text, more than zero, with at most 4 decimals',
    }),
    ApiProperty({ type: String, pattern: '^\\d{1,12}(\\.\\d{1,4})?$', example: '2' }),
  );
}

/** A discount in per cent: decimal text from 0 to 100 with at most 2 decimals. */
export function IsPercent(): PropertyDecorator {
  return each(
    Matches(/^(100(\.0{1,2})?|\d{1,2}(\.\d{1,2})?)$/, {
      message: '$property must be a decimal as text from 0 to 100, with at most 2 decimals',
    }),
    ApiProperty({ type: String, pattern: '^\\d{1,3}(\\.\\d{1,2})?$', example: '5' }),
  );
}
