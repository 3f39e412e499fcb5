import type { Transaction } from '@quen/messaging';
import type { ImportOrder, PlannedOrder } from './order-import.plan.js';
import { movementsOf } from './orders.queries.js';

/** Orders that are there already, by code, locked, with their lines. */
export async function ordersByCode(tx: Transaction, codes: readonly string[]): Promise<Map<string, ImportOrder>> {
  const found: ImportOrder[] = await tx.query(
    `select id, code, customer_id as "customerId", ordered_on::text as "orderedOn", origin, status, branch_id as "branchId", owner_id as "ownerId", campaign_id as "campaignId", currency,
            trim_scale(total)::text as total, trim_scale(paid)::text as paid, trim_scale(credited)::text as credited, delivered, version, false as "isNew", '[]'::jsonb as lines
     from sales_order where code = any($1::text[]) order by id for update`,
    [codes],
  );
  if (!found.length) return new Map();
  const byId = new Map(found.map((order) => [order.id, order]));
  const lines: (ImportOrder['lines'][number] & { orderId: string })[] = await tx.query(
    `select order_id as "orderId", line, product_id as "productId", product_code as "productCode", product_category as "productCategory", trim_scale(quantity)::text as quantity,
            trim_scale(amount)::text as amount, trim_scale(cost)::text as cost, trim_scale(delivered)::text as delivered, trim_scale(returned)::text as returned
     from order_line where order_id = any($1::uuid[]) order by order_id, line`,
    [found.map((order) => order.id)],
  );
  for (const { orderId, ...line } of lines) byId.get(orderId)?.lines.push(line);
  const entered = found.filter((order) => order.origin === 'entry');
  for (const order of entered) order.movements = [];
  for (const { orderId, ...movement } of entered.length
    ? await movementsOf(
        tx,
        entered.map((order) => order.id),
      )
    : [])
    byId.get(orderId)?.movements?.push(movement);
  return new Map(found.map((order) => [order.code, order]));
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
  const made = planned.filter(({ order }) => order.isNew);
  const written: { code: string }[] = made.length
    ? await tx.query(
        `insert into sales_order (id, code, customer_id, ordered_on, status, origin, import_id, branch_id, owner_id, currency, total, paid, credited, delivered, confirmed_at, version)
     select id, code, "customerId", "orderedOn", status, 'import', $2, "branchId", "ownerId", currency, total, paid, credited, delivered, now(), version
     from jsonb_to_recordset($1::jsonb) as r(id uuid, code text, "customerId" uuid, "orderedOn" date, status text, "branchId" uuid, "ownerId" uuid, currency text, total numeric, paid numeric, credited numeric,
       delivered text, version int)
     on conflict (code) do nothing returning code`,
        [JSON.stringify(made.map(({ order: { lines: _lines, ...order } }) => order)), importId],
      )
    : [];
  const codes = new Set(written.map((row) => row.code));
  const lost = new Set(made.filter(({ order }) => !codes.has(order.code)).map(({ order }) => order.code));
  const kept = planned.filter(({ order }) => !lost.has(order.code));

  const lines = kept
    .filter(({ order }) => order.isNew)
    .flatMap(({ order }) => order.lines.map((line) => ({ orderId: order.id, ...line })));
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
  const old = returned.filter(({ order }) => !order.isNew).map(({ order }) => order);
  if (old.length) {
    await tx.query(
      `update sales_order o set paid = r.paid, credited = r.credited, version = r.version, updated_at = now()
       from jsonb_to_recordset($1::jsonb) as r(id uuid, paid numeric, credited numeric, version int) where o.id = r.id`,
      [JSON.stringify(old.map(({ id, paid, credited, version }) => ({ id, paid, credited, version })))],
    );
    await tx.query(
      `update order_line l set returned = r.returned from jsonb_to_recordset($1::jsonb) as r("orderId" uuid, line int, returned numeric)
       where l.order_id = r."orderId" and l.line = r.line and l.returned <> r.returned`,
      [
        JSON.stringify(
          old.flatMap((order) =>
            order.lines.map(({ line, returned: back }) => ({ orderId: order.id, line, returned: back })),
          ),
        ),
      ],
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
