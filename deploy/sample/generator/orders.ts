import { dateOf, dayOf, demand, demandPeak } from './calendar.js';
import type { Row } from './csv.js';
import type { Customer, Options } from './customers.js';
import { stream, type Random, type Weighted } from './random.js';

export const orderHeader = ['customerCode', 'orderCode', 'date', 'productCode', 'quantity', 'amount', 'cost'] as const;
/** The orders cover two years. */
export const orderDays = 731;

const AIR = 'Điều hòa';
const WATER = 'Máy lọc nước';
type Group = typeof AIR | typeof WATER;

interface Product {
  code: string;
  category: string;
  price: number;
  cost: number;
}

interface Line {
  day: number;
  product: string;
  quantity: number;
  amount: number;
  cost: number;
}

interface Order {
  customer: string;
  day: number;
  lines: Line[];
}

/** What is sold, the codes of the devices by their group, and the last day. */
interface Shop {
  catalogue: Map<string, Product>;
  devices: Record<Group, string[]>;
  until: number;
}

/**
 * Two years of order lines, at least `lines` of them, in order of date. Each customer buys at an own rate (a few buy
 * most of it), stops for good with an own probability after each order, begins with a device and goes on with its
 * cartridges, care and now and then another device. A return is a line of its own: the same order code, the day it came
 * back, quantity, amount and cost negative.
 */
export function orders(
  lines: number,
  customers: Customer[],
  products: Row<'code' | 'category' | 'price' | 'cost'>[],
  { seed, until }: Options,
) {
  const catalogue = new Map(
    products.map(({ code, category, price, cost }) => [
      code,
      { code, category, price: Number(price), cost: Number(cost) },
    ]),
  );
  const devices: Shop['devices'] = { [AIR]: [], [WATER]: [] };
  for (const { code, category } of catalogue.values())
    if (category === AIR || category === WATER) devices[category].push(code);
  const shop = { catalogue, devices, until };
  const make = (pace: number) =>
    customers.flatMap((customer, index) => history(customer, pace, shop, stream(seed, 'orders', index)));
  let pace = lines / Math.max(1, customers.length) / 10;
  let made = make(pace);
  for (let tries = 0; count(made) < lines; tries++) {
    if (tries === 40)
      throw new RangeError(`${customers.length} customers cannot have ${lines} order lines in two years`);
    pace *= Math.min(2, Math.max(1.03, (lines / Math.max(1, count(made))) * 1.02));
    made = make(pace);
  }
  return inOrderOfDate(made);
}

const count = (made: Order[]) => made.reduce((sum, order) => sum + order.lines.length, 0);

function inOrderOfDate(made: Order[]) {
  made.sort((a, b) => a.day - b.day || (a.customer < b.customer ? -1 : 1));
  const rows = made.flatMap((order, index) => {
    const code = `DH-${String(index + 1).padStart(6, '0')}`;
    return order.lines.map((line) => ({ ...line, customer: order.customer, code }));
  });
  rows.sort((a, b) => a.day - b.day || (a.code < b.code ? -1 : a.code > b.code ? 1 : 0));
  return rows.map((row) => [row.customer, row.code, dateOf(row.day), row.product, row.quantity, row.amount, row.cost]);
}

function history(customer: Customer, pace: number, shop: Shop, random: Random) {
  const organisation = customer.kind === 'organisation';
  const perYear = Math.min(70, random.pareto(0.75, 1.35) * (organisation ? 2.2 : 1)) * pace;
  const leaving = random.weighted([
    [0.015, 30],
    [0.06, 40],
    [0.2, 20],
    [0.5, 10],
  ]);
  const from = Math.max(shop.until - orderDays + 1, dayOf(customer.customerSince));
  const owned = new Set<Group>(from > dayOf(customer.customerSince) ? [random.pick([WATER, WATER, AIR])] : []);
  const orders: Order[] = [];
  let day = from + (owned.size > 0 ? random.exponential(365 / perYear / 2) : 0);
  let first = owned.size === 0;
  while (day <= shop.until) {
    const today = Math.floor(day);
    // thinning: as many tries as on the busiest day, each kept as often as this day is busy
    if (first || random.next() < demand(today, customer.kind) / demandPeak) {
      const order = { customer: customer.code, day: today, lines: basket(today, owned, organisation, shop, random) };
      order.lines.push(...returns(order, shop, random));
      orders.push(order);
      first = false;
      if (random.chance(leaving)) break;
    }
    day += random.exponential(365 / perYear / demandPeak);
  }
  return orders;
}

function basket(day: number, owned: Set<Group>, organisation: boolean, shop: Shop, random: Random) {
  const lines = new Map<string, number>();
  const add = (code: string, quantity = 1) => lines.set(code, (lines.get(code) ?? 0) + quantity);
  const many = organisation
    ? random.weighted([
        [1, 5],
        [2, 3],
        [4, 2],
        [8, 1],
      ])
    : 1;
  if (owned.size === 0 || random.chance(organisation ? 0.2 : 0.12)) {
    const cooling = demand(day, 'person') > 1 && new Date(day * 86_400_000).getUTCMonth() >= 3 ? 0.62 : 0.28;
    const group = random.chance(cooling) ? AIR : WATER;
    const code = dear(shop.devices[group], organisation, random);
    owned.add(group);
    add(code, many);
    if (code === 'KK-LK30') add('PK-HEPA', many);
    else add(group === AIR ? 'DV-LDDH' : 'DV-LDLN', many);
    if (group === AIR && random.chance(0.6)) add('PK-VTDH', many);
    if (random.chance(0.3)) add(group === AIR ? 'DV-BD12' : 'DV-BT12', many);
  } else {
    const water = owned.has(WATER) && (!owned.has(AIR) || random.chance(0.6));
    const wanted: Weighted<string> = water
      ? [
          ['PK-L123', 42],
          ['PK-MRO', 16],
          ['PK-LKC', 18],
          ['DV-BT12', 8],
          ['PK-BOM', 4],
          ['DV-SC01', 8],
          ['DV-KN01', 4],
        ]
      : [
          ['DV-VSDH', 52],
          ['DV-BD12', 16],
          ['DV-SC01', 14],
          ['PK-HEPA', 18],
        ];
    add(random.weighted(wanted), many);
    for (let more = 0; more < 3 && random.chance(0.42); more++) add(random.weighted(wanted), 1);
  }
  return [...lines].map(([code, quantity]) =>
    line(day, shop.catalogue.get(code) as Product, quantity, organisation, shop, random),
  );
}

/** Dearer devices are bought less often; organisations buy the large ones. */
function dear(codes: string[], organisation: boolean, random: Random) {
  return random.weighted(codes.map((code, i) => [code, organisation ? i + 1 : codes.length - i] as const));
}

function line(
  day: number,
  product: Product,
  quantity: number,
  organisation: boolean,
  shop: Shop,
  random: Random,
): Line {
  const years = Math.floor((shop.until - day) / 182.5) / 2; // prices rose every half year
  const discount =
    organisation && quantity >= 4
      ? 0.08
      : random.weighted([
          [0, 70],
          [0.03, 15],
          [0.05, 10],
          [0.1, 5],
        ]);
  const price = toThousand(product.price * (1 - 0.04 * years) * (1 - discount));
  return {
    day,
    product: product.code,
    quantity,
    amount: price * quantity,
    cost: toThousand(product.cost * (1 - 0.03 * years)) * quantity,
  };
}

const toThousand = (amount: number) => Math.round(amount / 1000) * 1000;

function returns(order: Order, shop: Shop, random: Random): Line[] {
  return order.lines.flatMap((bought) => {
    const goods = !bought.product.startsWith('DV-');
    if (!goods || !random.chance(0.022)) return [];
    const day = order.day + random.between(3, 25);
    const quantity = random.between(1, bought.quantity);
    if (day > shop.until) return [];
    const share = (amount: number) => -(amount / bought.quantity) * quantity;
    return [
      { day, product: bought.product, quantity: -quantity, amount: share(bought.amount), cost: share(bought.cost) },
    ];
  });
}
