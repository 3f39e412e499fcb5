import { Injectable } from '@nestjs/common';
import { IANAZone } from 'luxon';
import { Database, find, invalid, Jobs, lock, rows, save } from '@quen/chassis';
import { defineProblem, newId, type Transaction } from '@quen/messaging';
import type { Span } from '../working-time.js';
import { Calendar } from './calendar.entity.js';
import type { CreateCalendar, HolidayBody, UpdateCalendar } from './calendars.dto.js';
import { publicHolidays } from './public-holidays.js';
import { weekFaults } from './week.js';

export const calendarNotWorking = defineProblem('unprocessable', 'calendar_invalid', {
  en: 'The calendar needs a known zone and, on weekdays 1 to 7, spans HH:MM in order without overlap; at least one of them.',
  vi: 'Lịch cần múi giờ hợp lệ và, cho các thứ 1 đến 7, các khoảng HH:MM theo thứ tự, không chồng nhau; ít nhất một khoảng.',
});

/** Working calendars and their holidays. A change re-runs the deadlines of every open case that counts by them. */
@Injectable()
export class CalendarsService {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
  ) {}

  list(): Promise<Calendar[]> {
    return this.database.read((tx) => tx.find(Calendar, { order: { name: 'asc', id: 'asc' } }));
  }

  /** Whether there is such a calendar. */
  exists(tx: Transaction, id: string): Promise<boolean> {
    return tx.existsBy(Calendar, { id });
  }

  get(id: string): Promise<Calendar> {
    return this.database.read((tx) => find(tx, Calendar, id));
  }

  /** @throws Problem calendar_invalid */
  async create(wanted: CreateCalendar): Promise<Calendar> {
    mustWork(wanted.zone, wanted.week);
    return this.database.transaction((tx) =>
      save(tx, tx.create(Calendar, { id: newId(), ...wanted, isDefault: false })),
    );
  }

  /** @throws Problem calendar_invalid, stale, not_found */
  update(id: string, version: number, changes: UpdateCalendar): Promise<Calendar> {
    return this.database.transaction(async (tx) => {
      const calendar = Object.assign(await lock(tx, Calendar, id, version), withoutUndefined(changes));
      mustWork(calendar.zone, calendar.week);
      await save(tx, calendar);
      await this.rerun(tx, id);
      return calendar;
    });
  }

  holidays(id: string, year: number): Promise<HolidayBody[]> {
    return this.database.read(async (tx) => {
      await find(tx, Calendar, id);
      return rows<HolidayBody>(
        tx,
        `select day::text, name from holiday where calendar_id = $1 and day >= make_date($2, 1, 1) and day < make_date($2 + 1, 1, 1) order by day`,
        [id, year],
      );
    });
  }

  /**
   * Replaces the holidays of a year; none given means those that the law fixes. @throws Problem stale, not_found,
   * validation_failed for a day of another year
   */
  async replaceHolidays(id: string, version: number, year: number, holidays?: HolidayBody[]): Promise<Calendar> {
    const strays = (holidays ?? []).flatMap(({ day }, index) =>
      Number(day.slice(0, 4)) === year
        ? []
        : [
            {
              pointer: `/holidays/${index}/day`,
              code: 'wrong_year',
              message: `must be a day of ${year}`,
              vi: `phải là ngày của năm ${year}`,
            },
          ],
    );
    if (strays.length) throw invalid(...strays);
    return this.database.transaction(async (tx) => {
      const calendar = await lock(tx, Calendar, id, version);
      await tx.query(
        'delete from holiday where calendar_id = $1 and day >= make_date($2, 1, 1) and day < make_date($2 + 1, 1, 1)',
        [id, year],
      );
      await tx.query(
        `insert into holiday (calendar_id, day, name) select $1, day, min(name) from jsonb_to_recordset($2::jsonb) as h (day date, name text) group by day`,
        [id, JSON.stringify(holidays ?? publicHolidays(year))],
      );
      // The row itself did not change, but what it stands for did.
      await tx.update(Calendar, id, { version: calendar.version + 1 });
      await this.rerun(tx, id);
      return find(tx, Calendar, id);
    });
  }

  private async rerun(tx: Transaction, calendarId: string): Promise<void> {
    await this.jobs.enqueue(tx, 'rerun-deadlines', { calendarId });
  }
}

function withoutUndefined<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
  ) as Partial<T>;
}

/** @throws Problem validation_failed for what is no week at all, calendar_invalid for one in which nobody can work */
function mustWork(zone: string, week: Record<string, Span[]>): void {
  const faults = weekFaults(week, '/week');
  if (faults.length) throw invalid(...faults);
  const days = Object.values(week);
  const inOrder = days.every((spans) =>
    spans.every(({ from, to }, index) => from < to && (index === 0 || spans[index - 1]!.to <= from)),
  );
  if (!IANAZone.isValidZone(zone) || !inOrder || days.every((spans) => spans.length === 0)) throw calendarNotWorking();
}
