import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../local/settings.js';
import { defaults, generate } from './generate.js';
import { dayOf, daysToTet } from './generator/calendar.js';
import { fromCsv, type Row } from './generator/csv.js';
import type { customerHeader } from './generator/customers.js';
import type { orderHeader } from './generator/orders.js';
import { taxCheckDigit } from './generator/people.js';
import type { Planted } from './generator/seminar.js';

const read = (name: string) => readFileSync(join(root, 'deploy/sample', name), 'utf8');
type OrderRow = Row<(typeof orderHeader)[number]>;
const files = generate();
const customers = fromCsv<(typeof customerHeader)[number]>(files['customers.csv']);
const orders = fromCsv<keyof OrderRow>(files['orders.csv']);
const products = new Map(fromCsv<'code'>(read('firm/products.csv')).map((product) => [product.code, product]));
const planted = JSON.parse(files['seminar-list.planted.json']) as Planted;
const seminarLines = files['seminar-list.csv'].slice(1).split('\r\n');

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
const groupBy = (rows: OrderRow[], key: keyof OrderRow) => Map.groupBy(rows, (row) => row[key]);

describe('the generator', () => {
  it('writes exactly the files that are kept', () => {
    for (const [name, text] of Object.entries(files)) expect(read(name) === text).toBe(true);
  });

  it('changes everything with the seed, and makes customer n the same in a list of any length', () => {
    const other = generate({ ...defaults, seed: '8', customers: 100, orders: 500 });
    const longer = generate({ ...defaults, customers: 2_100, orders: 500 });
    expect(other['customers.csv'].split('\n')[1]).not.toBe(files['customers.csv'].split('\n')[1]);
    expect(longer['customers.csv'].startsWith(files['customers.csv'])).toBe(true);
  });

  it('refuses an end date for which it does not know Tết, and more orders than the customers could place', () => {
    expect(() => generate({ ...defaults, until: '2031-01-01' })).toThrow('--until');
    expect(() => generate({ ...defaults, until: '2026-02-30' })).toThrow('not a date');
    expect(() => generate({ ...defaults, customers: 2, orders: 500_000 })).toThrow('cannot have');
  });
});

describe('customers', () => {
  it('are 2,000 with different codes, phones and tax codes that check', () => {
    expect(customers).toHaveLength(2_000);
    expect(new Set(customers.map(({ code }) => code)).size).toBe(2_000);
    expect(new Set(customers.map(({ phone }) => phone)).size).toBe(2_000);
    const taxCodes = customers.map(({ taxCode }) => taxCode).filter(Boolean);
    expect(new Set(taxCodes).size).toBe(taxCodes.length);
    expect(taxCodes.every((code) => taxCheckDigit(code) === Number(code[9]))).toBe(true);
  });

  it('belong to branches of the firm', () => {
    const branches = new Set(fromCsv<'code'>(read('firm/branches.csv')).map(({ code }) => code));
    expect(customers.filter(({ branch }) => !branches.has(branch))).toEqual([]);
  });
});

describe('orders', () => {
  const revenue = [...groupBy(orders, 'customerCode').values()]
    .map((lines) => sum(lines.map(({ amount }) => Number(amount))))
    .sort((a, b) => b - a);

  it('are two years of at least 20,000 lines in order of date, of known customers and products', () => {
    const known = new Map(customers.map((customer) => [customer.code, customer]));
    expect(orders.length).toBeGreaterThanOrEqual(20_000);
    expect(orders.every(({ date }, i) => i === 0 || (orders[i - 1]?.date ?? '') <= date)).toBe(true);
    expect(orders.every(({ date }) => date >= '2024-11-20' && date <= '2026-11-20')).toBe(true);
    expect(
      orders.filter(
        (line) => !products.has(line.productCode) || line.date < String(known.get(line.customerCode)?.customerSince),
      ),
    ).toEqual([]);
  });

  it('come mostly from few customers', () => {
    expect(sum(revenue.slice(0, revenue.length / 5)) / sum(revenue)).toBeGreaterThan(0.55);
  });

  it('crowd into the weeks before Tết and stop over it', () => {
    const perDay = (from: number, to: number) =>
      orders.filter(({ date }) => daysToTet(dayOf(date)) <= from && daysToTet(dayOf(date)) >= to).length /
      2 /
      (from - to + 1);
    const usual = orders.length / 731;
    expect(perDay(30, 3)).toBeGreaterThan(1.25 * usual);
    expect(perDay(2, -5)).toBeLessThan(0.2 * usual);
  });

  it('end for good with a part of the customers', () => {
    const regular = [...groupBy(orders, 'customerCode').values()].filter(
      (lines) => new Set(lines.map(({ orderCode }) => orderCode)).size >= 3,
    );
    const gone = regular.filter((lines) => String(lines.at(-1)?.date) < '2026-05-20');
    expect(gone.length / regular.length).toBeGreaterThan(0.15);
  });

  it('are returned in part, never more than was bought and for the price that was paid', () => {
    const returned = orders.filter(({ quantity }) => Number(quantity) < 0);
    const bought = groupBy(
      orders.filter(({ quantity }) => Number(quantity) > 0),
      'orderCode',
    );
    expect(returned.length).toBeGreaterThan(100);
    for (const line of returned) {
      const original = bought.get(line.orderCode)?.find(({ productCode }) => productCode === line.productCode);
      expect(Number(original?.quantity)).toBeGreaterThanOrEqual(-Number(line.quantity));
      expect(Number(line.amount) / Number(line.quantity)).toBe(Number(original?.amount) / Number(original?.quantity));
      expect(line.date > String(original?.date)).toBe(true);
    }
  });
});

describe('the seminar list', () => {
  const at = (line = 0) => seminarLines[line - 1] ?? '';
  const digits = (text: string) => text.replaceAll(/\D/g, '');

  it('is a spreadsheet as people save it: byte order mark, CRLF, letters composed and decomposed', () => {
    expect(files['seminar-list.csv'].charCodeAt(0)).toBe(0xfeff);
    expect(seminarLines).toHaveLength(1 + planted.rows + 1);
    expect(planted.rows).toBe(500);
    expect(planted.decomposed.length).toBeGreaterThan(100);
    expect(planted.decomposed.every((line) => at(line).normalize('NFC') !== at(line))).toBe(true);
  });

  it('names the faults that it has, each at its line', () => {
    expect(planted.broken.map(({ fault }) => fault).sort()).toEqual([
      ...Array(3).fill('formula'),
      ...Array(3).fill('garbage_date'),
      ...Array(3).fill('garbage_phone'),
      ...Array(4).fill('missing_name_and_contact'),
      ...Array(3).fill('too_many_columns'),
      'unclosed_quote',
    ]);
    const last = planted.broken.at(-1);
    expect(last).toEqual({ line: 501, fault: 'unclosed_quote' });
    expect((at(last?.line).match(/"/g) ?? []).length % 2).toBe(1);
    expect(planted.wrongTaxCode.length).toBeGreaterThan(0);
  });

  it('holds customers of the firm under the phone that the firm knows, however it was typed', () => {
    const phones = new Map(customers.map(({ code, phone }) => [code, phone]));
    expect(planted.known).toHaveLength(64);
    for (const { line, code } of planted.known) expect(digits(at(line))).toContain(phones.get(code)?.slice(3));
  });

  it('has guests who wrote themselves down twice, and all three answers about consent', () => {
    expect(planted.repeats).toHaveLength(27);
    expect(Math.min(planted.consent.yes, planted.consent.no, planted.consent.silent)).toBeGreaterThan(40);
  });
});
