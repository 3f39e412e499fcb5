import { In } from 'typeorm';
import type { Transaction } from '@quen/messaging';
import type { MovedOrder, PlannedOrder } from './order-import.plan.js';
import { OrderedLine } from './order-line.entity.js';
import { Order } from './order.entity.js';
import { movementsOf } from './orders.queries.js';

/** Orders that are there already, by code, locked, with their lines and movements. */
export async function ordersByCode(tx: Transaction, codes: readonly string[]): Promise<Map<string, MovedOrder>> {
  const found = await tx.find(Order, {
    where: { code: In([...new Set(codes)]) },
    order: { id: 'ASC' },
    lock: { mode: 'pessimistic_write' },
  });
  if (found.length === 0) return new Map();
  const ids = found.map(({ id }) => id);
  const lines = await tx.find(OrderedLine, { where: { orderId: In(ids) }, order: { orderId: 'ASC', line: 'ASC' } });
  const movements = await movementsOf(tx, ids);
  const byOrder = new Map<string, MovedOrder>(found.map((order) => [order.id, { order, lines: [], movements: [] }]));
  for (const line of lines) byOrder.get(line.orderId)?.lines.push(line);
  for (const { orderId, ...movement } of movements) byOrder.get(orderId)?.movements.push(movement);
  return new Map(found.map((order) => [order.code, byOrder.get(order.id) as MovedOrder]));
}

/**
 * Writes a batch in a handful of statements. @returns the codes of orders that somebody else made meanwhile, of which
 * nothing was written
 */
export async function writeBatch(
  tx: Transaction,
  planned: readonly PlannedOrder[],
  importId: string,
  by: string,
): Promise<Set<string>> {
  const made = planned.filter(({ isNew }) => isNew);
  const written: { code: string }[] = made.length
    ? await tx.query(
        `insert into sales_order (id, code, customer_id, ordered_on, status, origin, import_id, branch_id, owner_id, currency, total, paid, credited, delivered, confirmed_at, version)
     select id, code, "customerId", "orderedOn", status, 'import', $2, "branchId", "ownerId", currency, total, paid, credited, delivered, "confirmedAt", version
     from jsonb_to_recordset($1::jsonb) as r(id uuid, code text, "customerId" uuid, "orderedOn" date, status text, "branchId" uuid, "ownerId" uuid, currency text, total numeric, paid numeric, credited numeric,
       delivered text, "confirmedAt" timestamptz, version int)
     on conflict (code) do nothing returning code`,
        [JSON.stringify(made.map(({ order }) => order)), importId],
      )
    : [];
  const codes = new Set(written.map((row) => row.code));
  const lost = new Set(made.filter(({ order }) => !codes.has(order.code)).map(({ order }) => order.code));
  const kept = planned.filter(({ order }) => !lost.has(order.code));

  const lines = kept.filter(({ isNew }) => isNew).flatMap((each) => each.lines);
  if (lines.length) {
    await tx.query(
      `insert into order_line (order_id, line, product_id, product_code, product_category, quantity, amount, cost, delivered, returned)
       select "orderId", line, "productId", "productCode", "productCategory", quantity, amount, cost, delivered, returned
       from jsonb_to_recordset($1::jsonb) as r("orderId" uuid, line int, "productId" uuid, "productCode" text, "productCategory" text, quantity numeric, amount numeric, cost numeric, delivered numeric, returned numeric)`,
      [JSON.stringify(lines)],
    );
  }
  const payments = kept.flatMap(({ payment }) => payment ?? []);
  if (payments.length) {
    await tx.query(
      `insert into payment (id, order_id, amount, received_on, method, by_id)
       select id, "orderId", amount, "receivedOn", method, $2 from jsonb_to_recordset($1::jsonb) as r(id uuid, "orderId" uuid, amount numeric, "receivedOn" date, method text)`,
      [
        JSON.stringify(
          payments.map(({ paymentId, orderId, amount, receivedOn, method }) => ({
            id: paymentId,
            orderId,
            amount: amount.amount,
            receivedOn,
            method,
          })),
        ),
        by,
      ],
    );
  }
  await writeReturns(tx, kept, by);
  return lost;
}

async function writeReturns(tx: Transaction, kept: readonly PlannedOrder[], by: string): Promise<void> {
  const returned = kept.filter(({ returns }) => returns.length);
  if (!returned.length) return;
  const facts = returned.flatMap(({ returns }) => returns);
  const old = returned.filter(({ isNew }) => !isNew);
  if (old.length) {
    await tx.query(
      `update sales_order o set paid = r.paid, credited = r.credited, status = r.status, version = r.version, updated_at = now()
       from jsonb_to_recordset($1::jsonb) as r(id uuid, paid numeric, credited numeric, status text, version int) where o.id = r.id`,
      [JSON.stringify(old.map(({ order }) => order))],
    );
    await tx.query(
      `update order_line l set returned = r.returned from jsonb_to_recordset($1::jsonb) as r("orderId" uuid, line int, returned numeric)
       where l.order_id = r."orderId" and l.line = r.line and l.returned <> r.returned`,
      [JSON.stringify(old.flatMap((each) => each.lines))],
    );
  }
  await tx.query(
    `insert into goods_return (id, order_id, returned_on, credited, by_id)
     select id, "orderId", "returnedOn", credited, $2 from jsonb_to_recordset($1::jsonb) as r(id uuid, "orderId" uuid, "returnedOn" date, credited numeric)`,
    [
      JSON.stringify(
        facts.map(({ returnId, orderId, returnedOn, credited }) => ({
          id: returnId,
          orderId,
          returnedOn,
          credited: credited.amount,
        })),
      ),
      by,
    ],
  );
  await tx.query(
    `insert into goods_return_line (return_id, line, quantity, amount, cost)
     select "returnId", line, quantity, amount, cost from jsonb_to_recordset($1::jsonb) as r("returnId" uuid, line int, quantity numeric, amount numeric, cost numeric)`,
    [
      JSON.stringify(
        facts.flatMap(({ returnId, lines }) =>
          lines.map(({ line, quantity, amount, cost }) => ({
            returnId,
            line,
            quantity,
            amount: amount.amount,
            cost: cost.amount,
          })),
        ),
      ),
    ],
  );
}
