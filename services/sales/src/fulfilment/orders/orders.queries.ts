import { rows, type ShownAs } from '@quen/chassis';
import type { Transaction } from '@quen/messaging';
import type { Movement } from './order-arithmetic.value.js';
import { OrderedLine } from './order-line.entity.js';
import type { Order } from './order.entity.js';
import type { DeliveryView, InvoiceView, OrderDetail, PaymentView, ReturnView } from './orders.dto.js';

/** The lines of an order. */
export function linesOf(tx: Transaction, orderId: string): Promise<OrderedLine[]> {
  return tx.find(OrderedLine, { where: { orderId }, order: { line: 'ASC' } });
}

/** What went to the customer and came back, by order and day. An imported order counts as delivered on its own day. */
export function movementsOf(tx: Transaction, orderIds: readonly string[]): Promise<(Movement & { orderId: string })[]> {
  return rows(
    tx,
    `select d.order_id, l.line, d.delivered_on::text as day, trim_scale(l.quantity)::text as quantity from delivery d join delivery_line l on l.delivery_id = d.id where d.order_id = any($1::uuid[])
     union all select o.id, l.line, o.ordered_on::text, trim_scale(l.delivered)::text from sales_order o join order_line l on l.order_id = o.id where o.id = any($1::uuid[]) and o.origin = 'import'
     union all select r.order_id, l.line, r.returned_on::text, trim_scale(-l.quantity)::text from goods_return r join goods_return_line l on l.return_id = r.id where r.order_id = any($1::uuid[])`,
    [orderIds],
  );
}

/** An order with its lines and every fact about it. */
export async function detailOf(tx: Transaction, order: Order): Promise<ShownAs<OrderDetail>> {
  const lines = await linesOf(tx, order.id);
  const deliveries = await rows<ShownAs<DeliveryView>>(
    tx,
    `select d.id, d.delivered_on::text as delivered_on, d.note, d.by_id as by, d.at,
            (select jsonb_agg(jsonb_build_object('line', l.line, 'quantity', trim_scale(l.quantity)::text, 'amount', l.amount::text) order by l.line) from delivery_line l where l.delivery_id = d.id) as lines
     from delivery d where d.order_id = $1 order by d.at, d.id`,
    [order.id],
  );
  const invoices = await rows<ShownAs<InvoiceView>>(
    tx,
    `select id, code, amount, issued_on::text as issued_on, due_on::text as due_on, by_id as by, at from invoice where order_id = $1 order by at, id`,
    [order.id],
  );
  const payments = await rows<ShownAs<PaymentView>>(
    tx,
    `select id, amount, received_on::text as received_on, method, reference, by_id as by, at from payment where order_id = $1 order by at, id`,
    [order.id],
  );
  const returns = await rows<ShownAs<ReturnView>>(
    tx,
    `select r.id, r.returned_on::text as returned_on, r.credited, r.reason, r.by_id as by, r.at,
            (select jsonb_agg(jsonb_build_object('line', l.line, 'quantity', trim_scale(l.quantity)::text, 'amount', l.amount::text) order by l.line) from goods_return_line l where l.return_id = r.id) as lines
     from goods_return r where r.order_id = $1 order by r.at, r.id`,
    [order.id],
  );
  return { ...order, balance: order.balance(), lines, deliveries, invoices, payments, returns };
}
