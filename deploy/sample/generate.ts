/**
 * Writes the sample firm's customers, their two years of orders and a seminar's attendance list. The same options give
 * the same bytes on every machine. No data of a real person or firm: names are put together by chance, addresses of
 * mail end in .example.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../local/settings.js';
import { dayOf, earliestUntil, latestUntil } from './generator/calendar.js';
import { fromCsv, toCsv } from './generator/csv.js';
import { customerHeader, customerRow, customers } from './generator/customers.js';
import { orderHeader, orders } from './generator/orders.js';
import { seminarList } from './generator/seminar.js';

const here = join(root, 'deploy/sample');
export const defaults = { seed: '7', customers: 2_000, orders: 21_000, until: '2026-11-20' };

/** The files' texts by name. `orders` is the least number of order lines. */
export function generate({ seed, customers: customerCount, orders: lineCount, until: lastDate } = defaults) {
  const until = dayOf(lastDate);
  if (lastDate < earliestUntil || lastDate > latestUntil)
    throw new RangeError(`--until must lie between ${earliestUntil} and ${latestUntil}`);
  const products = fromCsv<'code' | 'category' | 'price' | 'cost'>(
    readFileSync(join(here, 'firm/products.csv'), 'utf8'),
  );
  const people = customers(customerCount, { seed, until });
  const seminar = seminarList(people, { seed, until });
  return {
    'customers.csv': toCsv(customerHeader, people.map(customerRow)),
    'orders.csv': toCsv(orderHeader, orders(lineCount, people, products, { seed, until })),
    'seminar-list.csv': seminar.text,
    'seminar-list.planted.json': `${JSON.stringify(seminar.planted)}\n`,
  };
}

function wholeNumber(name: string, text: string, least: number) {
  const number = Number(text);
  if (!Number.isInteger(number) || number < least)
    throw new RangeError(`--${name} must be a whole number of at least ${least}`);
  return number;
}

function main() {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: defaults.seed },
      customers: { type: 'string', default: String(defaults.customers) },
      orders: { type: 'string', default: String(defaults.orders) },
      until: { type: 'string', default: defaults.until },
      out: { type: 'string', default: here },
    },
  });
  const out = resolve(values.out);
  mkdirSync(out, { recursive: true });
  const files = generate({
    ...values,
    customers: wholeNumber('customers', values.customers, 100),
    orders: wholeNumber('orders', values.orders, 1),
  });
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(out, name), text);
    console.log(
      `${join(out, name)}: ${text.split('\n').length - 2} rows, ${Math.round(Buffer.byteLength(text) / 1024)} KiB`,
    );
  }
}

if (process.argv[1] === import.meta.filename) {
  try {
    main();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
