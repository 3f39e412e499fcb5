import { randomUUID } from 'node:crypto';
import { build, Money, PaymentReceived } from '@quen/events';
import type { TestService } from '@quen/testing';
import type { FaultStack } from './stack.js';
import { recordOf, type WireRecord } from './wire.js';

/** an order that payments are made for, written straight to the topic */
type Order = { orderId: string; customerId: string; version: number };
export type Payment = { id: string; orderId: string; customerId: string; amount: number; record: WireRecord };

/** Orders of as many customers. */
export function newOrders(count: number): Order[] {
  return Array.from({ length: count }, () => ({ orderId: randomUUID(), customerId: randomUUID(), version: 0 }));
}

/**
 * One more payment for an order.
 * @param amount in đồng
 */
export function payFor(order: Order, amount: number): Payment {
  const id = randomUUID();
  order.version++;
  const message = build(PaymentReceived, {
    orderId: order.orderId,
    paymentId: randomUUID(),
    customerId: order.customerId,
    amount: Money.of(String(amount), 'VND'),
    receivedOn: '2026-03-01',
    method: 'cash',
  });
  return {
    id,
    orderId: order.orderId,
    customerId: order.customerId,
    amount,
    record: recordOf(message, { version: order.version, id }),
  };
}

/**
 * Whether analytics and the timeline hold each of these payments once and nothing else of their customers.
 * @returns what differs
 */
export async function comparePayments(stack: FaultStack, payments: readonly Payment[]): Promise<string[]> {
  const expected: Map<string, { n: number; sum: number }> = new Map();
  for (const { customerId, amount } of payments) {
    const { n, sum } = expected.get(customerId) ?? { n: 0, sum: 0 };
    expected.set(customerId, { n: n + 1, sum: sum + amount });
  }
  const ids = [...expected.keys()];
  const questions: [string, TestService, string][] = [
    [
      'payments in the analytic store',
      stack.services.analytics,
      'select customer_id as id, count(*)::int as n, sum(amount)::float8 as sum from payment_fact where customer_id = any($1) group by customer_id',
    ],
    [
      'money in the insight',
      stack.services.analytics,
      'select i.customer_id as id, (select count(*)::int from payment_fact p where p.customer_id = i.customer_id) as n, paid::float8 as sum from insight i where customer_id = any($1)',
    ],
    [
      'payments in the timeline',
      stack.services.customers,
      `select customer_id as id, count(*)::int as n, sum((data->'amount'->>'amount')::numeric)::float8 as sum from timeline_entry where customer_id = any($1) and kind = 'payment-received' group by customer_id`,
    ],
  ];
  const findings: string[] = [];
  for (const [title, service, sql] of questions) {
    const rows = new Map((await service.sql(sql, [ids])).map((row) => [row.id, row]));
    const wrong = ids.filter(
      (id) => rows.get(id)?.n !== expected.get(id)?.n || rows.get(id)?.sum !== expected.get(id)?.sum,
    );
    if (wrong[0])
      findings.push(
        `${title}: ${wrong.length} of ${ids.length} customers differ, e.g. ${JSON.stringify(rows.get(wrong[0]) ?? 'nothing')} instead of ${JSON.stringify(expected.get(wrong[0]))}`,
      );
  }
  return findings;
}
