import { ApiProperty } from '@nestjs/swagger';
import { ValidateBy } from 'class-validator';

/** How a civil date is written: `YYYY-MM-DD`. Whether the calendar has the day is for {@link isCivilDate} to say. */
export const civilDatePattern = /^\d{4}-\d{2}-\d{2}$/;

/** No firm's books go back further: an earlier year is a slip of the keyboard, such as 0202 for 2020. */
export const earliestDay = '1990-01-01';
const latestDay = '2199-12-31';

/** Whether a value is a civil date `YYYY-MM-DD` that is in the calendar: 31 February is none, nor is the year 0. */
export function isCivilDate(value: unknown): value is string {
  if (typeof value !== 'string' || !civilDatePattern.test(value) || value < '0001') return false;
  const midnight = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(value);
}

/** What {@link CivilDate} asks beyond a day of the calendar. */
export interface CivilDateOptions {
  /** First day that is taken. */
  from?: string;
  /** Last day that is taken. */
  until?: string;
  /** Example for the documentation. */
  example?: string;
}

/**
 * A civil date `YYYY-MM-DD` that is in the calendar. A request is held to it; an event to the way it is written, which is
 * what its schema says.
 */
export function CivilDate({ from, until, example }: CivilDateOptions = {}): PropertyDecorator {
  return (target, name) => {
    const inCalendar = {
      name: 'civilDate',
      validator: {
        validate: isCivilDate,
        defaultMessage: () => '$property must be a day of the calendar, YYYY-MM-DD',
      },
    };
    ValidateBy(inCalendar, { context: { vi: 'phải là ngày có thật, dạng YYYY-MM-DD' } })(target, name);
    if (from !== undefined || until !== undefined) between(from ?? '0000-01-01', until ?? '9999-12-31')(target, name);
    ApiProperty({ type: String, format: 'date', ...(example === undefined ? {} : { example }) })(target, name);
  };
}

/** A civil date that somebody plans, of a year that somebody can mean: 1990 to 2199. */
export function PlannedDay(example = '2026-11-20'): PropertyDecorator {
  return CivilDate({ from: earliestDay, until: latestDay, example });
}

/**
 * The civil date of something that happened, of 1990 or later; that it is not still to come is for the use case to say,
 * which knows what day it is.
 */
export function RecordedDay(example = '2026-11-20'): PropertyDecorator {
  return CivilDate({ from: earliestDay, example });
}

function between(from: string, until: string): PropertyDecorator {
  const plausible = {
    name: 'plausibleDay',
    validator: {
      // of what is no day at all, another constraint speaks
      validate: (given: unknown) => !isCivilDate(given) || (given >= from && given <= until),
      defaultMessage: () => `$property must be a day from ${from} to ${until}`,
    },
  };
  return ValidateBy(plausible, { context: { vi: `phải là ngày từ ${from} đến ${until}` } });
}
