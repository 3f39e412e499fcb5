import fc from 'fast-check';
import { addWorkingMinutes, workingMinutesBetween, type WorkingCalendar } from './working-time.js';

const office = [
  { from: '08:00', to: '12:00' },
  { from: '13:00', to: '17:30' },
];
const calendar: WorkingCalendar = {
  zone: 'Asia/Ho_Chi_Minh',
  week: { 1: office, 2: office, 3: office, 4: office, 5: office, 6: [{ from: '08:00', to: '12:00' }] },
  // Tết 2026
  holidays: new Set(['2026-02-16', '2026-02-17', '2026-02-18', '2026-02-19', '2026-02-20']),
};
const local = (text: string): Date => new Date(`${text}+07:00`);

it.each([
  ['within a span', '2026-11-23T08:00', 60, '2026-11-23T09:00'],
  ['over lunch', '2026-11-23T11:30', 60, '2026-11-23T13:30'],
  ['ends with the span, not with the next', '2026-11-23T11:00', 60, '2026-11-23T12:00'],
  ['from the night', '2026-11-23T22:15', 30, '2026-11-24T08:30'],
  ['over the weekend', '2026-11-21T11:30', 60, '2026-11-23T08:30'],
  ['over Tết', '2026-02-14T11:00', 120, '2026-02-21T09:00'],
])('adds working time %s', (_, from, minutes, to) =>
  expect(addWorkingMinutes(calendar, local(from), minutes)).toEqual(local(to)),
);

it('follows a change of clocks: a night shift in Berlin that loses an hour', () => {
  const night: WorkingCalendar = {
    zone: 'Europe/Berlin',
    week: { 7: [{ from: '00:00', to: '24:00' }] },
    holidays: new Set(),
  };
  expect(workingMinutesBetween(night, new Date('2026-03-28T23:00:00Z'), new Date('2026-03-29T22:00:00Z'))).toBe(
    23 * 60,
  );
});

it.each<[string, WorkingCalendar, number]>([
  ['a calendar that never works', { ...calendar, week: {} }, 1],
  [
    'a target that a minute a week does not hold',
    { ...calendar, week: { 1: [{ from: '08:00', to: '08:01' }] } },
    500_000,
  ],
])('ends the search after ten years: %s', (_what, of, minutes) => {
  expect(addWorkingMinutes(of, local('2026-11-23T08:00'), minutes)).toEqual(local('2036-11-23T08:00'));
});

it('counts what it added', () =>
  fc.assert(
    fc.property(
      fc.date({ min: new Date('2026-01-01'), max: new Date('2026-12-01'), noInvalidDate: true }),
      fc.integer({ min: 1, max: 5000 }),
      (from, minutes) =>
        Math.abs(workingMinutesBetween(calendar, from, addWorkingMinutes(calendar, from, minutes)) - minutes) < 1e-6,
    ),
    { numRuns: 200 },
  ));
