import { DateTime } from 'luxon';

/** From and to as local times `HH:MM`; `24:00` ends a day. */
export interface Span {
  from: string;
  to: string;
}

/** When a department works. */
export interface WorkingCalendar {
  /** IANA zone of the local times. */
  zone: string;
  /** Spans of each weekday, 1 = Monday to 7 = Sunday, in order and without overlap. */
  week: Partial<Record<number, Span[]>>;
  /** Civil days without work, `YYYY-MM-DD`. */
  holidays: ReadonlySet<string>;
}

// A calendar may have next to no working time and a policy any target: nobody waits for a search without end, and no
// case may fail for it.
const longestSearchDays = 3_653;

/**
 * The moments of a civil day between which work is done. Local times that a change of clocks skips move forward with
 * it.
 */
function spansOn(calendar: WorkingCalendar, day: DateTime): { start: DateTime; end: DateTime }[] {
  if (calendar.holidays.has(day.toISODate() ?? '')) return [];
  return (calendar.week[day.weekday] ?? []).map(({ from, to }) => ({ start: at(day, from), end: at(day, to) }));
}

function at(day: DateTime, time: string): DateTime {
  const [hour, minute] = time.split(':').map(Number) as [number, number];
  return hour === 24 ? day.plus({ days: 1 }).startOf('day') : day.set({ hour, minute, second: 0, millisecond: 0 });
}

/**
 * The moment when this many working minutes have passed since `from`; where ten years do not hold them, the end of
 * these.
 */
export function addWorkingMinutes(calendar: WorkingCalendar, from: Date, minutes: number): Date {
  const begin = DateTime.fromJSDate(from, { zone: calendar.zone });
  const first = begin.startOf('day');
  let left = minutes * 60_000;
  for (let n = 0; n < longestSearchDays; n++) {
    // calendar arithmetic is dear: none for the days of the week on which nobody works
    if (!calendar.week[((first.weekday - 1 + n) % 7) + 1]?.length) continue;
    for (const { start, end } of spansOn(calendar, first.plus({ days: n }))) {
      const opens = DateTime.max(start, begin);
      const open = end.toMillis() - opens.toMillis();
      if (open <= 0) continue;
      if (left <= open) return opens.plus(left).toJSDate();
      left -= open;
    }
  }
  return begin.plus({ days: longestSearchDays }).toJSDate();
}

/** Working minutes between two moments, in fractions; 0 when `to` is not after `from`. */
export function workingMinutesBetween(calendar: WorkingCalendar, from: Date, to: Date): number {
  const begin = DateTime.fromJSDate(from, { zone: calendar.zone }),
    end = DateTime.fromJSDate(to, { zone: calendar.zone });
  let passed = 0;
  for (let day = begin.startOf('day'); day < end; day = day.plus({ days: 1 })) {
    for (const span of spansOn(calendar, day)) {
      passed += Math.max(
        0,
        Math.min(span.end.toMillis(), end.toMillis()) - Math.max(span.start.toMillis(), begin.toMillis()),
      );
    }
  }
  return passed / 60_000;
}
