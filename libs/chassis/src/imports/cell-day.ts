import { DateTime } from 'luxon';
import { fold } from '../text/fold.js';
import { civilDay } from '../time/civil-day.js';

/** Where and when a file is read. */
export interface ReadAt {
  /** The firm's civil day. */
  today: string;
  /** The firm's IANA zone. */
  zone: string;
}

/** A day, or the code of what keeps the text from being one. */
export type DayRead = { day: string } | { fault: 'date_invalid' | 'day_is_year' };

const instant = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}(:?\d{2})?)$/i;
const timeBehind = /[ T,]+\d{1,2}([:h]\d{2}(:\d{2}(\.\d{1,9})?)?)( ?([ap]\.?m\.?|sa|ch))?( ?(utc|gmt))?$/i;
const timeBefore = /^\d{1,2}[:h]\d{2}(:\d{2}(\.\d{1,9})?)?( ?([ap]\.?m\.?|sa|ch))?[ ,]+/i;
const weekday =
  /^(thu (hai|ba|tu|nam|sau|bay)|t[2-7]|cn|chu nhat|(mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?)[., ]+/;
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * A civil day as people and programs write it: day before month as in Viet Nam, the year first, or the number that a
 * spreadsheet has for it. A time beside it is left out. A day with the month first is never turned round. A year alone
 * is no day.
 */
export function readDay(text: string, { zone }: Pick<ReadAt, 'zone'>): DayRead {
  if (text.length > 60) return { fault: 'date_invalid' };
  if (instant.test(text)) {
    const at = DateTime.fromISO(text.replace(' ', 'T'));
    return at.isValid ? { day: civilDay(at.toJSDate(), zone) } : { fault: 'date_invalid' };
  }
  const bare = fold(text).replace(timeBehind, '').replace(timeBefore, '').replace(weekday, '').trim();
  if (/^(nam )?(19|20)\d{2}$/.test(bare)) return { fault: 'day_is_year' };
  if (/^\d{4,5}([.,]\d+)?$/.test(bare)) return ofSerial(Number(bare.replace(',', '.')));
  const parts = partsOf(bare);
  if (!parts) return { fault: 'date_invalid' };
  const [year, month, day] = parts;
  const at = realDay(year, month, day);
  return at === undefined ? { fault: 'date_invalid' } : { day: at };
}

/** A day as `YYYY-MM-DD`; undefined for one that no calendar has. */
function realDay(year: number, month: number, day: number): string | undefined {
  const text = [String(year).padStart(4, '0'), String(month).padStart(2, '0'), String(day).padStart(2, '0')].join('-');
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text) ? text : undefined;
}

/** Year, month, day; undefined for what is no day with a whole year. */
function partsOf(text: string): [number, number, number] | undefined {
  const [, y, m, d] = /^(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})$/.exec(text) ?? [];
  if (y && m && d) return [Number(y), Number(m), Number(d)];
  const [, day, month, year] =
    /^(\d{1,2})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{4})$/.exec(text) ??
    /^(\d{1,2}) (\d{1,2}) (\d{4})$/.exec(text) ??
    /^(?:ngay )?(\d{1,2})[ ,/-]*(?:thang|thg) ?(\d{1,2})[ ,/-]*(?:nam )?(\d{4})$/.exec(text) ??
    [];
  if (day && month && year) return [Number(year), Number(month), Number(day)];
  const [, named, name = '', ofYear] = /^(\d{1,2})[ -]([a-z]{3})[a-z]*[ ,-]+(\d{4})$/.exec(text) ?? [];
  const numbered = months.indexOf(name) + 1;
  if (named && ofYear && numbered > 0) return [Number(ofYear), numbered, Number(named)];
  return ofDigits(text);
}

/** Eight digits, where only one of the two orders makes a day. */
function ofDigits(text: string): [number, number, number] | undefined {
  if (!/^\d{8}$/.test(text)) return undefined;
  const at = (from: number, to: number): number => Number(text.slice(from, to));
  const readings: [number, number, number][] = [
    [at(0, 4), at(4, 6), at(6, 8)],
    [at(4, 8), at(2, 4), at(0, 2)],
  ];
  const real = readings.filter(
    ([year, month, day]) => year >= 1900 && year < 2100 && realDay(year, month, day) !== undefined,
  );
  return real.length === 1 ? real[0] : undefined;
}

/** The day of a spreadsheet's number, from 1 January 1930 on: smaller numbers are something else. */
function ofSerial(serial: number): DayRead {
  if (!(serial >= 10_959 && serial < 73_051)) return { fault: 'date_invalid' };
  return { day: new Date(Date.UTC(1899, 11, 30) + Math.floor(serial) * 86_400_000).toISOString().slice(0, 10) };
}
