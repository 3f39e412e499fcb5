import { Decimal } from 'decimal.js';
import type { ImportRow, RowFault, RowOutcome } from '@quen/chassis';
import { minus, Money, plus, type GoodsReturned, type PaymentReceived } from '@quen/events';
import { Problem } from '@quen/messaging';
import { returnableOn, shareOf, type Movement } from './order-arithmetic.value.js';
import { dayOfOrder } from './order-day.js';
import type { OrderColumns, orderFaults } from './order-import.columns.js';
import type { OrderedLine } from './order-line.entity.js';
import { Order, type LinePart, type ReturnPart, type WholeOrder } from './order.entity.js';

/** Who bought, as far as an import needs to know. */
export interface ImportCustomer {
  id: string;
  branchId: string;
  ownerId: string | null;
}

/** What was sold, as far as an import needs to know. */
export interface ImportProduct {
  id: string;
  code: string;
  category: string | null;
  cost: string | null;
}

/** An order with what went to the customer and came back, by day. */
export interface MovedOrder extends WholeOrder {
  movements: Movement[];
}

/**
 * What is known already of the things that a batch names; customers and products by code in capitals, orders by code.
 */
export interface Known {
  customers: ReadonlyMap<string, ImportCustomer>;
  products: ReadonlyMap<string, ImportProduct>;
  orders: ReadonlyMap<string, MovedOrder>;
  /** When the batch began, and the firm's day. */
  at: Date;
  today: string;
  /** Header of a column. */
  field(target: keyof OrderColumns): string;
}

/** An order to write, with the facts and versions to publish. */
export interface PlannedOrder extends WholeOrder {
  isNew: boolean;
  /** What a new order was paid; an order that was free was paid nothing. */
  payment?: PaymentReceived;
  returns: GoodsReturned[];
  /** In the order of the order's versions. */
  changes: { aggregate: { version: number }; messages: object[] }[];
}

export type OrderRow = ImportRow<OrderColumns>;
type Whole = Required<OrderRow['values']>;

const mostLines = 500;
/** Which cell a rule of orders speaks of. */
const fieldOfRule: Readonly<Record<string, keyof OrderColumns>> = {
  return_beyond_delivered: 'quantity',
  return_before_delivery: 'date',
  day_before_order: 'date',
  day_in_future: 'date',
  return_beyond_total: 'amount',
};

/**
 * Turns the rows of one order into what is to be written; the rules are the order's own. A faulty sale fails the whole
 * order, so that it is mended and uploaded as one; a faulty return fails alone.
 */
export function planOrder(rows: readonly OrderRow[], known: Known): { planned?: PlannedOrder; outcomes: RowOutcome[] } {
  const { field } = known;
  const fault = (
    target: keyof OrderColumns,
    code: keyof typeof orderFaults,
    params?: RowFault['params'],
  ): RowFault => ({
    field: field(target),
    code,
    ...(params && { params }),
  });
  const [sales, returns] = [rows.filter((row) => !isReturn(row)), rows.filter(isReturn)];
  const code = rows.find(({ values }) => values.orderCode !== undefined)?.values.orderCode ?? '';
  const existing = known.orders.get(code);
  const outcomes: RowOutcome[] = [];
  const reject = ({ line, faults }: OrderRow, otherwise: RowFault): void =>
    void outcomes.push({ line, outcome: 'rejected', faults: faults.length > 0 ? faults : [otherwise], warnings: [] });

  const faults = sales.map((row) => faultOfSale(row, sales, existing, known, fault));
  const broken = faults.some((each) => each !== undefined);
  for (const [index, row] of sales.entries()) {
    if (broken) reject(row, faults[index] ?? fault('orderCode', 'other_line_failed'));
    else outcomes.push({ line: row.line, outcome: 'sold', faults: [], warnings: [] });
  }
  const made = sales.length > 0 && !broken ? pastOrder(code, sales, known) : undefined;
  const moved = made ?? (sales.length > 0 ? undefined : existing);
  if (!moved) {
    for (const row of returns) reject(row, fault('orderCode', broken ? 'order_not_taken' : 'order_unknown'));
    return { outcomes };
  }
  const { order, lines } = moved;
  const planned: PlannedOrder = {
    order,
    lines,
    isNew: made !== undefined,
    ...(made?.payment && { payment: made.payment }),
    returns: [],
    changes: made ? [{ aggregate: { version: order.version }, messages: made.facts }] : [],
  };
  for (const row of inTime(returns)) {
    const taken = row.faults.length > 0 ? undefined : takeBack(moved, row.values as Whole, known, fault);
    if (!taken || 'code' in taken) {
      reject(row, taken ?? fault('orderCode', 'order_not_taken'));
      continue;
    }
    order.version += 1;
    planned.returns.push(taken);
    planned.changes.push({ aggregate: { version: order.version }, messages: [taken] });
    outcomes.push({ line: row.line, outcome: 'returned', faults: [], warnings: [] });
  }
  planned.changes.at(-1)?.messages.push(order.state());
  return planned.changes.length > 0 ? { planned, outcomes } : { outcomes };
}

function isReturn({ values, cells }: OrderRow): boolean {
  return (
    values.quantity?.startsWith('-') ?? cells.some(({ target, text }) => target === 'quantity' && text.startsWith('-'))
  );
}

function inTime(returns: readonly OrderRow[]): OrderRow[] {
  const day = ({ values }: OrderRow): string => values.date ?? '';
  return [...returns].sort((one, other) => day(one).localeCompare(day(other)) || one.line - other.line);
}

function faultOfSale(
  { values, faults }: OrderRow,
  sales: readonly OrderRow[],
  existing: MovedOrder | undefined,
  known: Known,
  fault: (target: keyof OrderColumns, code: keyof typeof orderFaults, params?: RowFault['params']) => RowFault,
): RowFault | undefined {
  if (faults[0]) return faults[0];
  const { customerCode = '', productCode = '', amount = '0' } = values;
  const first = sales[0]?.values.customerCode ?? '';
  if (amount.startsWith('-')) return fault('amount', 'amount_negative');
  if (existing) return fault('orderCode', 'order_code_taken');
  if (sales.length > mostLines) return fault('orderCode', 'too_many_lines', { most: mostLines });
  if (customerCode !== first) return fault('customerCode', 'customer_differs', { code: first });
  if (!known.customers.has(customerCode)) return fault('customerCode', 'customer_unknown');
  if (!known.products.has(productCode)) return fault('productCode', 'product_unknown');
  return undefined;
}

/** An order of the past from its rows. */
function pastOrder(
  code: string,
  sales: readonly OrderRow[],
  known: Known,
): MovedOrder & { facts: object[]; payment?: PaymentReceived } {
  const rows = sales.map(({ values }) => values as Whole);
  const customer = known.customers.get(rows[0]?.customerCode ?? '') as ImportCustomer;
  const { order, lines, confirmed, payment } = Order.ofPast(
    {
      code,
      customerId: customer.id,
      orderedOn: rows.map(({ date }) => date).sort()[0] as string,
      branchId: customer.branchId,
      ownerId: customer.ownerId,
      currency: 'VND',
      lines: rows.map(({ productCode, quantity, amount, cost }) => {
        const product = known.products.get(productCode) as ImportProduct;
        return {
          productId: product.id,
          productCode: product.code,
          productCategory: product.category,
          quantity,
          amount,
          cost: unsigned(cost as string | undefined) ?? Money.of(product.cost ?? '0').times(quantity).amount,
        };
      }),
    },
    known.at,
  );
  return {
    order,
    lines,
    movements: lines.map(({ line, delivered }) => ({ line, day: order.orderedOn, quantity: delivered })),
    facts: [confirmed, ...(payment ? [payment] : [])],
    ...(payment && { payment }),
  };
}

/** Books a return on the lines of its product. */
function takeBack(
  { order, lines, movements }: MovedOrder,
  row: Whole,
  known: Known,
  fault: (target: keyof OrderColumns, code: keyof typeof orderFaults) => RowFault,
): GoodsReturned | RowFault {
  if (known.customers.get(row.customerCode)?.id !== order.customerId)
    return fault('customerCode', 'customer_of_other_order');
  const product = known.products.get(row.productCode);
  const own = lines.filter((line) => line.productId === product?.id);
  if (own.length === 0) return fault('productCode', 'product_not_in_order');
  try {
    const day = dayOfOrder(order, row.date, known.today);
    const fact = order.takeBack(lines, partsOf(order, own, row, movements), day, null, movements, 'import');
    movements.push(...fact.lines.map(({ line, quantity }) => ({ line, day, quantity: minus('0', quantity) })));
    return fact;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return {
      field: known.field(fieldOfRule[error.code] ?? 'orderCode'),
      code: error.code,
      texts: { en: error.text('en'), vi: error.text('vi') },
    };
  }
}

/**
 * How much of each line a return takes: of the first lines first, as much as was there on its day. What is left goes
 * where the order will refuse it by its own rule.
 */
function partsOf(
  order: Order,
  lines: readonly OrderedLine[],
  row: Whole,
  movements: readonly Movement[],
): ReturnPart[] {
  const wanted = unsigned(row.quantity) as string;
  const taken = lines.map(() => new Decimal(0));
  let left = new Decimal(wanted);
  const open = lines.map((line) => minus(line.delivered, line.returned));
  const able = lines.map(({ line }, index) =>
    Decimal.min(open[index] as string, returnableOn(movements, line, row.date)).toFixed(),
  );
  for (const limits of [able, open])
    for (const [index, limit] of limits.entries()) {
      const part = Decimal.max(0, Decimal.min(minus(limit, (taken[index] as Decimal).toFixed()), left));
      taken[index] = (taken[index] as Decimal).plus(part);
      left = left.minus(part);
    }
  taken[taken.length - 1] = (taken.at(-1) as Decimal).plus(left);

  let from = '0';
  return lines.flatMap(({ line }, index): ReturnPart[] => {
    const part: LinePart = { line, quantity: (taken[index] as Decimal).toFixed() };
    if (part.quantity === '0') return [];
    const share = (whole: string): Money => shareOf(Money.of(whole, order.currency), wanted, from, part.quantity);
    const told = {
      ...part,
      amount: share(unsigned(row.amount) as string),
      ...((row.cost as string | undefined) !== undefined && { cost: share(unsigned(row.cost) as string) }),
    };
    from = plus(from, part.quantity);
    return [told];
  });
}

function unsigned(decimal: string | undefined): string | undefined {
  return decimal?.replace(/^-/, '');
}
