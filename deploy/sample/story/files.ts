import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { root } from '../../local/settings.js';
import { defaults, generate } from '../generate.js';
import { dateOf, dayOf, earliestUntil, latestUntil } from '../generator/calendar.js';
import { fromCsv, type Row } from '../generator/csv.js';
import { plain } from '../generator/people.js';
import type { Planted } from '../generator/seminar.js';

export interface StoryFile {
  name: string;
  content: string;
}

/** What the story is told on; only the sample firm has a seminar, and what was planted in its list. */
export interface Files {
  customers: StoryFile;
  orders: StoryFile;
  seminar?: StoryFile;
  planted?: Planted;
}

/** Ids of records by their codes. */
export type Ids = Record<string, string>;

export interface Wanted {
  code: string;
  productId: string;
  quantity: number;
  /** In đồng; default: the price of the customer's rank. */
  unitPrice?: string;
}

export interface OrderLine {
  customerCode: string;
  productCode: string;
  quantity: number;
  amount: number;
  cost: number;
}

/** A product as the firm's list or its orders describe it; amounts in đồng. */
export interface SoldProduct {
  code: string;
  name: string;
  kind: 'goods' | 'service';
  unit: string;
  category: string;
  price: number;
  cost: number;
}

/** How old the kept files' last order may be before the story is told on newer ones. */
const freshDays = 45;

const read = (path: string) => ({ name: basename(path), content: readFileSync(path, 'utf8') });

/**
 * The sample firm's files. The kept ones end on a fixed day; where that lies in the future or long ago by this
 * machine's clock, the same firm is generated up to yesterday, beside the book.
 */
export function sampleFiles(today: string, bookFile: string): Files {
  const age = dayOf(today) - dayOf(defaults.until);
  const sample = join(root, 'deploy/sample');
  if (age >= 0 && age <= freshDays) return named((name) => read(join(sample, name)));
  const yesterday = dateOf(dayOf(today) - 1);
  const until = yesterday < latestUntil ? yesterday : latestUntil;
  const texts = generate({ ...defaults, until: until < earliestUntil ? earliestUntil : until });
  const folder = join(dirname(bookFile), 'sample');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
  console.log(`  the sample firm's history up to ${until} is in ${folder}`);
  return named((name) => ({ name, content: texts[name] }));
}

function named(file: (name: keyof ReturnType<typeof generate>) => StoryFile): Files {
  return {
    customers: file('customers.csv'),
    orders: file('orders.csv'),
    seminar: file('seminar-list.csv'),
    planted: JSON.parse(file('seminar-list.planted.json').content),
  };
}

/** A firm's own customers and orders. */
export function ownFiles(customers: string, orders: string): Files {
  return { customers: read(customers), orders: read(orders) };
}

/**
 * What the story's customer buys at the sample firm: devices with their installation, a care plan and spare cartridges.
 */
export function wantedFromSample(products: Ids): Wanted[] {
  const bought: [code: string, quantity: number][] = [
    ['LN-IK06', 1],
    ['DH-IN12', 1],
    ['DV-LDLN', 1],
    ['DV-LDDH', 1],
    ['DV-BT12', 1],
    ['PK-LKC', 2],
  ];
  return bought.map(([code, quantity]) => ({ code, productId: String(products[code]), quantity }));
}

/** The headings under which a firm's file may name what the story looks at; the same that the import knows. */
const headings = {
  customerCode: ['customercode', 'customer', 'makhachhang', 'makh'],
  productCode: ['productcode', 'product', 'masanpham', 'masp', 'mahang'],
  quantity: ['quantity', 'soluong', 'sl'],
  amount: ['amount', 'thanhtien', 'sotien'],
  cost: ['cost', 'giavon', 'tienvon'],
};
const number = (text: string) => Number(text.replace(/[^\d-]/g, ''));

/** The lines of an orders file with codes in capitals; quantity, amount and cost are numbers. */
export function orderLines(content: string): OrderLine[] {
  const [header = ''] = content.split(/\r?\n/, 1);
  const delimiter = [',', ';', '\t'].reduce((best, each) =>
    header.split(each).length > header.split(best).length ? each : best,
  );
  const rows = fromCsv(content, delimiter);
  const names = Object.keys(rows[0] ?? {});
  const cells = (row: Row, field: keyof typeof headings) => {
    const name = names.find((each) => headings[field].includes(plain(each).replace(/[\s_.-]/g, '')));
    return (name && row[name]) ?? '';
  };
  return rows
    .filter((row) => cells(row, 'customerCode'))
    .map((row) => ({
      customerCode: cells(row, 'customerCode').trim().toUpperCase(),
      productCode: cells(row, 'productCode').trim().toUpperCase(),
      quantity: Number(cells(row, 'quantity').replace(',', '.')),
      amount: number(cells(row, 'amount')),
      cost: number(cells(row, 'cost')),
    }));
}

/** The products that a firm's orders name, with price and cost of their last sale, the most sold first. */
export function soldProducts(lines: OrderLine[]): SoldProduct[] {
  const sold = new Map<string, { lines: number; price: number; cost: number }>();
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
    .map(([code, { price, cost }]) => ({
      code,
      name: code,
      kind: 'goods' as const,
      unit: 'cái',
      category: '',
      price,
      cost,
    }));
}

/** What the story's customer buys on a firm's own files: two pieces of each of its two most sold products. */
export function wantedFromFile(lines: OrderLine[], products: Ids): Wanted[] {
  return soldProducts(lines)
    .slice(0, 2)
    .map(({ code, price }) => ({ code, productId: String(products[code]), quantity: 2, unitPrice: String(price) }));
}
