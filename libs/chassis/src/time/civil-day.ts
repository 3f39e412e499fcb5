import { DateTime } from 'luxon';

/** Where a firm is unless it says otherwise. */
export const defaultZone = 'Asia/Ho_Chi_Minh';

/**
 * The civil day `YYYY-MM-DD` that an instant lies in, where the clock shows this IANA zone. SQL `quen_day(timestamptz)`
 * says the same for the firm's zone.
 */
export function civilDay(at: Date, zone: string): string {
  return DateTime.fromJSDate(at, { zone }).toISODate() ?? outOfReach(at);
}

/** Minutes since midnight that the clock shows at an instant in an IANA zone, 0 to 1439. */
export function minuteOfDay(at: Date, zone: string): number {
  const { hour, minute } = DateTime.fromJSDate(at, { zone });
  return hour * 60 + minute;
}

/**
 * The first moment of a civil day `YYYY-MM-DD` in an IANA zone. SQL `quen_midnight(date)` says the same for the firm's
 * zone.
 */
export function startOfDay(day: string, zone: string): Date {
  const start = DateTime.fromISO(day, { zone }).startOf('day');
  return start.isValid ? start.toJSDate() : outOfReach(day);
}

/** The civil day that lies so many days after another, before it where negative. */
export function daysAfter(day: string, days: number): string {
  return DateTime.fromISO(day, { zone: 'utc' }).plus({ days }).toISODate() ?? outOfReach(day);
}

/** Whole civil days from one day to another; negative when `to` is the earlier one. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}

function outOfReach(value: unknown): never {
  throw new RangeError(`${String(value)} is no moment of a calendar`);
}
