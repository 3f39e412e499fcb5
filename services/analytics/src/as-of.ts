import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsISO8601, Matches } from 'class-validator';
import { invalid } from '@quen/chassis';

/** First day of a fact that is taken for more than a slip of the pen. */
export const firstSaneDay = '1990-01-01';

/** A civil day `YYYY-MM-DD` of the calendar, as of which something is asked. */
export function IsAsOf(): PropertyDecorator {
  return applyDecorators(
    Matches(/^\d{4}-\d{2}-\d{2}$/, { message: '$property must be a date YYYY-MM-DD' }),
    IsISO8601({ strict: true }, { message: '$property must be a day of the calendar' }),
    ApiProperty({ type: String, format: 'date', example: '2026-06-30', required: false }),
  );
}

/** @throws Problem validation_failed for a day after the store's, or before any that facts are taken from */
export function mustHaveCome(asOf: string | null | undefined, today: string, pointer: string): void {
  if (asOf && (asOf > today || asOf < firstSaneDay))
    throw invalid({ pointer, code: 'wrong_value', message: `must be a day from ${firstSaneDay} to ${today}` });
}
