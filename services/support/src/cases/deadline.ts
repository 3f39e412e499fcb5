import { addWorkingMinutes, workingMinutesBetween, type WorkingCalendar } from '../working-time.js';

/** From this moment on the clock runs or stands. */
export interface ClockChange {
  at: Date;
  running: boolean;
}

/** A stretch of time in which the clock ran, with the working minutes it used. */
export interface UsedTime {
  from: Date;
  to: Date;
  workingMinutes: number;
}

/** A deadline and all that led to it. */
export interface Deadline {
  /** When it falls due; null while the clock stands. */
  dueAt: Date | null;
  targetMinutes: number;
  usedMinutes: number;
  used: UsedTime[];
}

/**
 * Works a deadline out of the log of its clock. Nothing is carried over from an earlier calculation, so that it can be
 * run again when a holiday or a policy changes.
 */
export function deadlineOf(calendar: WorkingCalendar, targetMinutes: number, clock: ClockChange[]): Deadline {
  const used: UsedTime[] = [];
  let runningSince: Date | null = null;
  for (const change of clock) {
    if (change.running) runningSince ??= change.at;
    else if (runningSince) {
      used.push({
        from: runningSince,
        to: change.at,
        workingMinutes: workingMinutesBetween(calendar, runningSince, change.at),
      });
      runningSince = null;
    }
  }
  const usedMinutes = used.reduce((sum, each) => sum + each.workingMinutes, 0);
  const left = targetMinutes - usedMinutes;
  return { dueAt: runningSince ? dueAt(calendar, runningSince, left, used) : null, targetMinutes, usedMinutes, used };
}

// What was overdue before a pause stays overdue at the moment when the target was used up.
function dueAt(calendar: WorkingCalendar, since: Date, left: number, used: UsedTime[]): Date {
  if (left > 0) return addWorkingMinutes(calendar, since, left);
  let over = -left;
  for (const stretch of [...used].reverse()) {
    if (stretch.workingMinutes >= over) return addWorkingMinutes(calendar, stretch.from, stretch.workingMinutes - over);
    over -= stretch.workingMinutes;
  }
  return since;
}
