/** First day of the lunar year in Vietnam. */
const TET = [
  '2021-02-12',
  '2022-02-01',
  '2023-01-22',
  '2024-02-10',
  '2025-01-29',
  '2026-02-17',
  '2027-02-06',
  '2028-01-26',
  '2029-02-13',
];
const DAY = 86_400_000;

/** Days since 1970 of a civil date `YYYY-MM-DD`; throws on a date that does not exist. */
export function dayOf(date: string) {
  const time = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== date)
    throw new RangeError(`not a date: ${date}`);
  return time / DAY;
}

/** The civil date of a day number. */
export function dateOf(day: number) {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

const tetDays = TET.map(dayOf);
/** The end dates for which two years before are covered by the table of Tết. */
export const earliestUntil = '2023-03-01';
export const latestUntil = '2028-12-31';

/** Days from `day` to the nearest Tết: 20 = twenty days before it, -3 = its third day after. */
export function daysToTet(day: number) {
  return tetDays.map((tet) => tet - day).reduce((nearest, d) => (Math.abs(d) < Math.abs(nearest) ? d : nearest));
}

/**
 * How much busier than an ordinary day a day is, for homes or organisations: the six weeks before Tết are the peak, Tết
 * itself is closed, hot months sell cooling, organisations spend their budgets in November and December.
 */
export function demand(day: number, kind: 'person' | 'organisation') {
  const tet = daysToTet(day);
  if (tet <= 2 && tet >= -5) return 0.04;
  const month = new Date(day * DAY).getUTCMonth() + 1;
  const weekday = new Date(day * DAY).getUTCDay();
  const hot = ({ 4: 1.15, 5: 1.4, 6: 1.5, 7: 1.35, 8: 1.1 } as Record<number, number>)[month] ?? 0.9;
  const beforeTet = tet > 2 && tet <= 42 ? 1.45 + 0.85 * (1 - tet / 42) : 1;
  const afterTet = tet < -5 && tet >= -25 ? 0.6 : 1;
  if (kind === 'organisation') {
    const budget = month >= 11 ? 1.35 : 1;
    return hot * (1 + (beforeTet - 1) * 0.5) * afterTet * budget * (weekday === 0 ? 0.1 : weekday === 6 ? 0.5 : 1);
  }
  return hot * beforeTet * afterTet * (weekday === 0 || weekday === 6 ? 1.45 : 1);
}
/** No day is busier than this many ordinary ones. */
export const demandPeak = 5;
