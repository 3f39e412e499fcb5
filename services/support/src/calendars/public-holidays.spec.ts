import { publicHolidays } from './public-holidays.js';

it('knows the five days of Tết 2027 and the fixed days', () => {
  const days = publicHolidays(2027).map((each) => each.day);
  expect(days).toEqual(
    expect.arrayContaining([
      '2027-02-05',
      '2027-02-06',
      '2027-02-07',
      '2027-02-08',
      '2027-02-09',
      '2027-04-30',
      '2027-09-02',
    ]),
  );
  expect(days).toHaveLength(new Set(days).size);
});
