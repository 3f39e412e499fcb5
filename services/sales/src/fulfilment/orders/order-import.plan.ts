import { Decimal } from 'decimal.js';
import {
  build,
  earliestDay,
  exceeds,
  GoodsReturned,
  minus,
  Money,
  OrderConfirmed,
  OrderState,
  PaymentReceived,
  plus,
  OrderLine as PublishedLine,
} from '@quen/events';
import { newId } from '@quen/messaging';
import { returnableOn, shareOf, type Movement } from './order-arithmetic.value.js';
import type { ImportGroup, ImportRow } from './order-import.rows.js';

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

/** A line of an order that goods may come back from. */
export interface ImportLine {
  line: number;
  productId: string;
  productCode: string;
  productCategory: string | null;
  quantity: string;
  amount: string;
  cost: string;
  delivered: string;
  returned: string;
}

/** An order with its lines: one that is there already, or one that the import makes. */
export interface ImportOrder {
  id: string;
  code: string;
  customerId: string;
  orderedOn: string;
  origin: 'entry' | 'import';
  status: 'draft' | 'confirmed' | 'cancelled' | 'closed';
  branchId: string;
  ownerId: string | null;
  campaignId: string | null;
  currency: string;
  total: string;
  paid: string;
  credited: string;
  delivered: 'none' | 'part' | 'full';
  version: number;
  isNew: boolean;
  lines: ImportLine[];
  /**
   * What went and came back by day, of an order that was entered: not all of it need be delivered, nor on its own day.
   */
  movements?: Movement[];
}

/**
 * What is known already of the things that a batch names; customers and products by code in capitals, orders by code.
 */
export interface Known {
  customers: ReadonlyMap<string, ImportCustomer>;
  products: ReadonlyMap<string, ImportProduct>;
  orders: ReadonlyMap<string, ImportOrder>;
}

/** A row that cannot be taken. */
export interface FailedImportRow {
  row: ImportRow;
  field: string;
  reason: string;
}

/** An order to write, with the facts and versions to publish. */
export interface PlannedOrder {
  order: ImportOrder;
  rows: number;
  /** What a new order was paid; an order that was free was paid nothing. */
  payment?: PaymentReceived;
  returns: GoodsReturned[];
  /** In the order of the order's versions. */
  changes: { aggregate: { version: number }; messages: object[] }[];
}

const mostLines = 500;

/**
 * Turns the rows of one order into what is to be written. A faulty sale fails the whole order, so that it is mended and
 * uploaded as one; a faulty return fails alone.
 */
export function planOrder(group: ImportGroup, known: Known): { planned?: PlannedOrder; failed: FailedImportRow[] } {
  const failed: FailedImportRow[] = [];
  const existing = known.orders.get(group.orderCode);
  const order = group.sales.length ? newOrder(group, known, existing, failed) : existing;
  if (!order) {
    const reason = group.sales.length ? 'its order was not taken' : 'there is no such order to return from';
    failed.push(
      ...group.returns.map((row) => ({
        row,
        field: row.fault?.field ?? 'orderCode',
        reason: row.fault?.reason ?? reason,
      })),
    );
    return { failed };
  }
  const payment = order.isNew && exceeds(order.paid, '0') ? paymentOf(order) : undefined;
  const changes: PlannedOrder['changes'] = order.isNew
    ? [{ aggregate: { version: order.version }, messages: [confirmedOf(order), ...(payment ? [payment] : [])] }]
    : [];
  const returns: GoodsReturned[] = [];
  for (const row of [...group.returns].sort(
    (one, other) => one.date.localeCompare(other.date) || one.line - other.line,
  )) {
    const taken = takeBack(order, row, known);
    if ('row' in taken) failed.push(taken);
    else {
      order.version += 1;
      returns.push(taken);
      changes.push({ aggregate: { version: order.version }, messages: [taken] });
    }
  }
  if (!changes.length) return { failed };
  changes.at(-1)?.messages.push(stateOf(order));
  return {
    planned: { order, rows: group.sales.length + returns.length, returns, changes, ...(payment && { payment }) },
    failed,
  };
}

function newOrder(
  { orderCode, sales }: ImportGroup,
  known: Known,
  existing: ImportOrder | undefined,
  failed: FailedImportRow[],
): ImportOrder | undefined {
  const [first] = sales;
  if (!first) return undefined;
  const faults = sales.map((row) => row.fault ?? faultOfSale(row, first, known, existing, sales.length));
  if (faults.some((fault) => fault)) {
    failed.push(
      ...sales.map((row, index) => ({
        row,
        field: faults[index]?.field ?? 'orderCode',
        reason: faults[index]?.reason ?? 'another line of this order failed',
      })),
    );
    return undefined;
  }
  const customer = known.customers.get(first.customerCode) as ImportCustomer;
  const lines = sales.map((row, index): ImportLine => {
    const product = known.products.get(row.productCode) as ImportProduct;
    const cost = row.cost ?? Money.of(product.cost ?? '0').times(row.quantity).amount;
    return {
      line: index + 1,
      productId: product.id,
      productCode: product.code,
      productCategory: product.category,
      quantity: row.quantity,
      amount: row.amount,
      cost,
      delivered: row.quantity,
      returned: '0',
    };
  });
  const total = Money.sum(lines.map((line) => Money.of(line.amount))).amount;
  return {
    id: newId(),
    code: orderCode,
    customerId: customer.id,
    orderedOn: sales.map((row) => row.date).sort()[0] as string,
    origin: 'import',
    status: 'closed',
    branchId: customer.branchId,
    ownerId: customer.ownerId,
    campaignId: null,
    currency: 'VND',
    total,
    paid: total,
    credited: '0',
    delivered: 'full',
    version: 1,
    isNew: true,
    lines,
  };
}

function faultOfSale(
  row: ImportRow,
  first: ImportRow,
  known: Known,
  existing: ImportOrder | undefined,
  lines: number,
): { field: string; reason: string } | undefined {
  if (row.date < earliestDay) return { field: 'date', reason: `lies before ${earliestDay}` };
  if (existing) return { field: 'orderCode', reason: 'there is an order with this code already' };
  if (lines > mostLines) return { field: 'orderCode', reason: `has more than ${mostLines} lines` };
  if (row.customerCode !== first.customerCode)
    return { field: 'customerCode', reason: `is not that of the order's first line, ${first.customerCode}` };
  if (!known.customers.has(row.customerCode)) return { field: 'customerCode', reason: 'no customer has this code' };
  if (!known.products.has(row.productCode)) return { field: 'productCode', reason: 'no product has this code' };
  return undefined;
}

/** Books a return on the lines of its product, the first ones first. */
function takeBack(order: ImportOrder, row: ImportRow, known: Known): GoodsReturned | FailedImportRow {
  const fail = (field: string, reason: string): FailedImportRow => ({ row, field, reason });
  if (row.fault) return fail(row.fault.field, row.fault.reason);
  if (order.status !== 'confirmed' && order.status !== 'closed')
    return fail('orderCode', 'the order was never confirmed');
  if (known.customers.get(row.customerCode)?.id !== order.customerId)
    return fail('customerCode', 'is not the customer of the order');
  const product = known.products.get(row.productCode);
  const lines = order.lines.filter((line) => line.productId === product?.id);
  if (!lines.length) return fail('productCode', 'is not in the order');
  const open = lines.reduce((sum, line) => plus(sum, minus(line.delivered, line.returned)), '0');
  if (exceeds(row.quantity, open)) return fail('quantity', `only ${open} can still come back`);
  if (exceeds(plus(order.credited, row.amount), order.total))
    return fail('amount', 'credits more than the order was worth');
  if (row.date < order.orderedOn) return fail('date', 'lies before the order');
  const able = lines.map((line) =>
    Decimal.min(
      minus(line.delivered, line.returned),
      order.movements ? returnableOn(order.movements, line.line, row.date) : line.delivered,
    ),
  );
  if (Decimal.sum(0, ...able).lessThan(row.quantity))
    return fail('date', 'lies before the delivery of what comes back');

  let taken = '0';
  const parts: PublishedLine[] = [];
  for (const [index, line] of lines.entries()) {
    const part = Decimal.min(able[index] ?? 0, minus(row.quantity, taken)).toFixed();
    if (!exceeds(part, '0')) continue;
    const share = (whole: string): Money => shareOf(Money.of(whole, order.currency), row.quantity, taken, part);
    const cost =
      row.cost === null
        ? shareOf(Money.of(line.cost, order.currency), line.quantity, line.returned, part)
        : share(row.cost);
    parts.push(
      build(PublishedLine, {
        line: line.line,
        productId: line.productId,
        productCode: line.productCode,
        productCategory: line.productCategory,
        quantity: part,
        amount: share(row.amount),
        cost,
      }),
    );
    line.returned = plus(line.returned, part);
    order.movements?.push({ line: line.line, day: row.date, quantity: minus('0', part) });
    taken = plus(taken, part);
  }
  order.credited = plus(order.credited, row.amount);
  // History counts as settled: what was credited was paid back.
  const refunded = order.origin === 'import' ? row.amount : '0';
  order.paid = minus(order.paid, refunded);
  return build(GoodsReturned, {
    orderId: order.id,
    returnId: newId(),
    customerId: order.customerId,
    returnedOn: row.date,
    lines: parts,
    credited: Money.of(row.amount, order.currency),
    refunded: Money.of(refunded, order.currency),
    reason: null,
    origin: 'import',
    ...saleOf(order),
  });
}

/** History counts as paid on its day; how it was paid, no file says. */
function paymentOf(order: ImportOrder): PaymentReceived {
  return build(PaymentReceived, {
    orderId: order.id,
    paymentId: newId(),
    customerId: order.customerId,
    amount: Money.of(order.paid, order.currency),
    receivedOn: order.orderedOn,
    method: 'import',
    origin: 'import',
    ...saleOf(order),
  });
}

/** What every fact says of the order that it belongs to. */
function saleOf({ branchId, ownerId, campaignId, origin }: ImportOrder): {
  branchId: string;
  ownerId: string | null;
  campaignId: string | null;
  orderOrigin: 'entry' | 'import';
} {
  return { branchId, ownerId, campaignId, orderOrigin: origin };
}

function confirmedOf(order: ImportOrder): OrderConfirmed {
  const money = (amount: string): Money => Money.of(amount, order.currency);
  return build(OrderConfirmed, {
    orderId: order.id,
    orderCode: order.code,
    customerId: order.customerId,
    orderedOn: order.orderedOn,
    total: money(order.total),
    branchId: order.branchId,
    ownerId: order.ownerId,
    origin: 'import',
    opportunityId: null,
    contractId: null,
    leadId: null,
    campaignId: null,
    lines: order.lines.map(({ line, productId, productCode, productCategory, quantity, amount, cost }) =>
      build(PublishedLine, {
        line,
        productId,
        productCode,
        productCategory,
        quantity,
        amount: money(amount),
        cost: money(cost),
      }),
    ),
  });
}

function stateOf(order: ImportOrder): OrderState {
  const money = (amount: string): Money => Money.of(amount, order.currency);
  return build(OrderState, {
    orderId: order.id,
    version: order.version,
    code: order.code,
    customerId: order.customerId,
    orderedOn: order.orderedOn,
    status: order.status,
    total: money(order.total),
    paid: money(order.paid),
    returned: money(order.credited),
    delivered: order.delivered,
    branchId: order.branchId,
    ownerId: order.ownerId,
  });
}
