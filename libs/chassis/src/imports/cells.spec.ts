import { isPlaceholder, isPlaceholderName } from './cell-blank.js';
import { readEmails, readPhones } from './cell-contacts.js';
import { readDay } from './cell-day.js';
import { readDong, readQuantity } from './cell-number.js';

const day = (text: string): string => Object.values(readDay(text, { zone: 'Asia/Ho_Chi_Minh' }))[0] as string;
const dong = (text: string): string => Object.values(readDong(text))[0] as string;
const quantity = (text: string): string => Object.values(readQuantity(text))[0] as string;

describe('readDay', () => {
  it.each([
    ['1990-02-28', '1990-02-28'],
    ['28/2/1990', '1990-02-28'],
    ['28.02.1990', '1990-02-28'],
    ['28-02-1990 00:00:00', '1990-02-28'],
    ['1990-02-28T00:00:00.000', '1990-02-28'],
    ['28/02/1990 12:00:00 AM', '1990-02-28'],
    ['28/02/1990 12:00:00 SA', '1990-02-28'],
    ['8:05 28/02/1990', '1990-02-28'],
    ['ngày 28 tháng 2 năm 1990', '1990-02-28'],
    ['28-Feb-1990', '1990-02-28'],
    ['Thứ Tư, 28/02/1990', '1990-02-28'],
    ['32932', '1990-02-28'],
    ['32932.5', '1990-02-28'],
    ['19900228', '1990-02-28'],
    ['1990-02-27T17:00:00Z', '1990-02-28'],
    ['1990', 'day_is_year'],
    ['năm 1990', 'day_is_year'],
    ['02/28/1990', 'date_invalid'],
    ['29/02/1990', 'date_invalid'],
    ['28/02/90', 'date_invalid'],
    ['02/1990', 'date_invalid'],
    ['12', 'date_invalid'],
    ['hôm qua', 'date_invalid'],
  ])('%s is %s', (text, expected) => expect(day(text)).toBe(expected));
});

describe('numbers', () => {
  it.each([
    ['2750000', '2750000'],
    ['2750000.00', '2750000'],
    ['2.750.000,00', '2750000'],
    ['2,750,000.00', '2750000'],
    ['2.750.000₫', '2750000'],
    ['2.750.000 VNĐ', '2750000'],
    ['VND 2 750 000', '2750000'],
    ["2'750'000", '2750000'],
    ['2.750', '2750'],
    ['2,75 triệu', '2750000'],
    ['2tr', '2000000'],
    ['1,2 tỷ', '1200000000'],
    ['500k', '500000'],
    ['2.75E+06', '2750000'],
    ['(2.750.000)', '-2750000'],
    ['-2.750', '-2750'],
    ['2750.50', 'number_invalid'],
    ['1.5', 'number_invalid'],
    ['2750.000', 'number_unclear'],
    ['2.750.00', 'number_invalid'],
    ['1.234 triệu', 'number_unclear'],
    ['12 cái', 'number_invalid'],
    ['', 'number_invalid'],
  ])('an amount of %s is %s', (text, expected) => expect(dong(text)).toBe(expected));

  it.each([
    ['3', '3'],
    ['3,5', '3.5'],
    ['3.25', '3.25'],
    ['0,500', '0.5'],
    ['3.2500', '3.25'],
    ['2.500', 'number_unclear'],
    ['2,000', 'number_unclear'],
    ['1.500.000', '1500000'],
    ['1,500.5', '1500.5'],
    ['-2', '-2'],
    ['3.12345', 'number_invalid'],
    ['1/2', 'number_invalid'],
  ])('a quantity of %s is %s', (text, expected) => expect(quantity(text)).toBe(expected));
});

describe('readPhones', () => {
  const one = (text: string): string | undefined => {
    const digits = text.replace(/[\s.()-]/g, '');
    return /^\+?\d{10,11}$/.test(digits) ? digits : undefined;
  };
  it.each([
    ['024 3936 1234 máy lẻ 12', ['02439361234'], ['ext 12']],
    ['024.3936.1234 (số lẻ 105)', ['02439361234'], ['số lẻ 105']],
    ['(024) 3936 1234', ['02439361234'], []],
    ['0970001301 (anh Hùng)', ['0970001301'], ['anh Hùng']],
    ['anh Hùng 0970001301', ['0970001301'], ['anh Hùng']],
    ['0970001301 – 0970001302', ['0970001301', '0970001302'], []],
    ['0970001301-0970001302', ['0970001301', '0970001302'], []],
    ['0970001301 0970001302', ['0970001301', '0970001302'], []],
    ['0970001301 hay 0970001302', ['0970001301', '0970001302'], []],
    ['0970001301, 0970001302 & 0970001303', ['0970001301', '0970001302', '0970001303'], []],
    ['ĐT: 0970001301; Zalo: 0970001302', ['0970001301', '0970001302'], []],
    ['0970 001 301', ['0970001301'], []],
    ["'0970001301", ['0970001301'], []],
    ['0970001301 / 1234', ['0970001301'], ['1234']],
    ['chưa rõ số', [], ['chưa rõ số']],
  ])('of %s', (text, values, left) => expect(readPhones(text, one)).toEqual({ values, left }));
});

it('reads addresses with the names that mail programs add', () => {
  const one = (text: string): string | undefined => (/^[\w.]+@[\w.]+$/.test(text) ? text.toLowerCase() : undefined);
  expect(readEmails('Lan Trần <LAN@a.vn>; "Hà" <ha@b.vn>', one)).toEqual({ values: ['lan@a.vn', 'ha@b.vn'], left: [] });
  expect(readEmails('mailto:lan@a.vn/ha@b.vn, x', one)).toEqual({ values: ['lan@a.vn', 'ha@b.vn'], left: ['x'] });
});

it('tells cells that only say that nothing is known', () => {
  expect(['N/A', 'n.a.', '--', '—', 'Không có', 'chưa cập nhật', '#N/A', 'NULL', '…'].every(isPlaceholder)).toBe(true);
  expect(['0', 'có', 'không gọi buổi tối', 'Lan', '0970001301'].some(isPlaceholder)).toBe(false);
  expect([isPlaceholderName('Na'), isPlaceholderName('N/A')]).toEqual([false, true]);
});
