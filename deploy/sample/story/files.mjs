import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { defaults, generate } from '../generate.mjs';
import { dateOf, dayOf, earliestUntil, latestUntil } from '../generator/calendar.mjs';
import { fromCsv } from '../generator/csv.mjs';
import { plain } from '../generator/people.mjs';

/** How old the kept files' last order may be before the story is told on newer ones. */
const freshDays = 45;

const read = (path) => ({ name: basename(path), content: readFileSync(path, 'utf8') });

/**
 * The sample firm's files. The kept ones end on a fixed day; where that lies in the future or long ago by this
 * machine's
 * clock, the same firm is generated up to yesterday, beside the book.
 */
export function sampleFiles(today, bookFile) {
  const age = dayOf(today) - dayOf(defaults.until);
  const sample = join(import.meta.dirname, '..');
  if (age >= 0 && age <= freshDays) return named((name) => read(join(sample, name)));
  const until = [dateOf(dayOf(today) - 1), latestUntil].sort()[0];
  const texts = generate({ ...defaults, until: until < earliestUntil ? earliestUntil : until });
  const folder = join(dirname(bookFile), 'sample');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
  console.log(`  the sample firm's history up to ${until} is in ${folder}`);
  return named((name) => ({ name, content: texts[name] }));
}

function named(file) {
  return {
    customers: file('customers.csv'),
    orders: file('orders.csv'),
    seminar: file('seminar-list.csv'),
    planted: JSON.parse(file('seminar-list.planted.json').content),
  };
}

/** A firm's own customers and orders. */
export function ownFiles(customers, orders) {
  return { customers: read(customers), orders: read(orders) };
}

/**
 * What the story's customer buys at the sample firm: devices with their installation, a care plan and spare cartridges.
 */
export function wantedFromSample(products) {
  const bought = [
    ['LN-IK06', 1],
    ['DH-IN12', 1],
    ['DV-LDLN', 1],
    ['DV-LDDH', 1],
    ['DV-BT12', 1],
    ['PK-LKC', 2],
  ];
  return bought.map(([code, quantity]) => ({ code, productId: products[code], quantity }));
}

/** The headings under which a firm's file may name what the story looks at; the same that the import knows. */
const headings = {
  customerCode: ['customercode', 'customer', 'makhachhang', 'makh'],
  productCode: ['productcode', 'product', 'masanpham', 'masp', 'mahang'],
  quantity: ['quantity', 'soluong', 'sl'],
  amount: ['amount', 'thanhtien', 'sotien'],
  cost: ['cost', 'giavon', 'tienvon'],
};
const number = (text) => Number(text.replace(/[^\d-]/g, ''));

/** The lines of an orders file with codes in capitals; quantity, amount and cost are numbers. */
export function orderLines(content) {
  const header = content.split(/\r?\n/, 1)[0];
  const delimiter = [',', ';', '\t'].reduce((best, each) =>
    header.split(each).length > header.split(best).length ? each : best,
  );
  const rows = fromCsv(content, delimiter);
  const names = Object.keys(rows[0] ?? {});
  const column = Object.fromEntries(
    Object.entries(headings).map(([field, known]) => [
      field,
      names.find((name) => known.includes(plain(name).replace(/[\s_.-]/g, ''))),
    ]),
  );
  return rows
    .filter((row) => row[column.customerCode])
    .map((row) => ({
      customerCode: row[column.customerCode].trim().toUpperCase(),
      productCode: (row[column.productCode] ?? '').trim().toUpperCase(),
      quantity: Number((row[column.quantity] ?? '').replace(',', '.')),
      amount: number(row[column.amount] ?? ''),
      cost: number(row[column.cost] ?? ''),
    }));
}

/** The products that a firm's orders name, with price and cost of their last sale, the most sold first. */
export function soldProducts(lines) {
  const sold = new Map();
  for (const { productCode, quantity, amount, cost } of lines) {
    if (!productCode || !(quantity > 0)) continue;
    sold.set(productCode, {
      lines: (sold.get(productCode)?.lines ?? 0) + 1,
      price: Math.round(amount / quantity),
      cost: Math.round(cost / quantity),
    });
  }
  return [...sold]
    .sort(([, a], [, b]) => b.lines - a.lines)
    .map(([code, { price, cost }]) => ({ code, name: code, kind: 'goods', unit: 'cái', category: '', price, cost }));
}

/** What the story's customer buys on a firm's own files: two pieces of each of its two most sold products. */
export function wantedFromFile(lines, products) {
  return soldProducts(lines)
    .slice(0, 2)
    .map(({ code, price }) => ({ code, productId: products[code], quantity: 2, unitPrice: String(price) }));
}
