import type { WorkingCalendar } from '../working-time.js';
import { deadlineOf } from './deadline.js';

const day = [{ from: '08:00', to: '17:00' }];
const calendar: WorkingCalendar = {
  zone: 'Asia/Ho_Chi_Minh',
  week: { 1: day, 2: day, 3: day, 4: day, 5: day },
  holidays: new Set(),
};
const local = (text: string): Date => new Date(`${text}+07:00`);
const opened = { at: local('2026-11-23T09:00'), running: true };

it('is the target after the opening', () => {
  expect(deadlineOf(calendar, 120, [opened])).toEqual({
    dueAt: local('2026-11-23T11:00'),
    targetMinutes: 120,
    usedMinutes: 0,
    used: [],
  });
});

it('stands while the customer is waited for, and goes on with what was left', () => {
  const waiting = { at: local('2026-11-23T10:00'), running: false };
  expect(deadlineOf(calendar, 120, [opened, waiting]).dueAt).toBeNull();
  const answered = deadlineOf(calendar, 120, [opened, waiting, { at: local('2026-11-24T15:00'), running: true }]);
  expect(answered).toMatchObject({
    dueAt: local('2026-11-24T16:00'),
    usedMinutes: 60,
    used: [{ from: opened.at, to: waiting.at, workingMinutes: 60 }],
  });
});

it('moves when a day becomes a holiday', () => {
  const late = { at: local('2026-11-23T16:30'), running: true };
  expect(deadlineOf(calendar, 60, [late]).dueAt).toEqual(local('2026-11-24T08:30'));
  expect(deadlineOf({ ...calendar, holidays: new Set(['2026-11-24']) }, 60, [late]).dueAt).toEqual(
    local('2026-11-25T08:30'),
  );
});

it('what was overdue before a pause stays due when it was', () => {
  const clock = [
    opened,
    { at: local('2026-11-23T12:00'), running: false },
    { at: local('2026-11-23T14:00'), running: true },
  ];
  expect(deadlineOf(calendar, 120, clock).dueAt).toEqual(local('2026-11-23T11:00'));
});

it('a second start without a stop changes nothing', () => {
  expect(deadlineOf(calendar, 120, [opened, { at: local('2026-11-23T10:00'), running: true }]).dueAt).toEqual(
    local('2026-11-23T11:00'),
  );
});
