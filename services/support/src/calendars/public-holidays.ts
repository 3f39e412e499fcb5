import Holidays from 'date-holidays';
import { daysAfter } from '@quen/chassis';

/** A civil day on which nobody works. */
export interface Holiday {
  day: string;
  name: string;
}

const dayLength = 86_400_000;

/**
 * Public holidays of Vietnam in a year, each day of Tết for itself. They seed a calendar; the government's yearly list
 * (swapped days, days made up) is edited by hand.
 */
export function publicHolidays(year: number, language: 'vi' | 'en' = 'vi'): Holiday[] {
  const days = new Map<string, string>();
  for (const { date, start, end, name, type } of new Holidays('VN').getHolidays(year, language)) {
    if (type !== 'public') continue;
    for (let n = 0; n < Math.max(1, Math.round((end.getTime() - start.getTime()) / dayLength)); n++) {
      days.set(daysAfter(date.slice(0, 10), n), name);
    }
  }
  return [...days].map(([day, name]) => ({ day, name })).sort((one, other) => one.day.localeCompare(other.day));
}
