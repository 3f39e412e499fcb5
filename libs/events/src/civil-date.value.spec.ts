import { validateSync } from 'class-validator';
import { CivilDate, isCivilDate, PlannedDay } from './civil-date.value.js';

class Stay {
  @CivilDate() from!: string;
  @PlannedDay() until!: string;
}

describe('a civil date', () => {
  it.each([
    ['2026-02-28', true],
    ['2028-02-29', true],
    ['2026-02-29', false],
    ['2026-02-31', false],
    ['2026-13-01', false],
    ['0000-01-01', false],
    ['2026-2-1', false],
    ['2026-02-01T00:00:00Z', false],
    [20260201, false],
    [null, false],
  ])('%s: %s', (value, is) => expect(isCivilDate(value)).toBe(is));

  it('says of a field what is wrong with it, once', () => {
    const broken = (from: unknown, until: unknown): (string | undefined)[] =>
      validateSync(Object.assign(new Stay(), { from, until })).map(({ constraints }) =>
        Object.entries(constraints ?? {}).join(),
      );
    expect(broken('1890-01-01', '2199-12-31')).toEqual([]);
    expect(broken('2026-02-31', '0202-01-01')).toEqual([
      'civilDate,from must be a day of the calendar, YYYY-MM-DD',
      'plausibleDay,until must be a day from 1990-01-01 to 2199-12-31',
    ]);
    expect(broken('2026-02-01', 'soon')).toEqual(['civilDate,until must be a day of the calendar, YYYY-MM-DD']);
  });
});
