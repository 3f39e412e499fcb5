import type { Gateway } from './gateway.js';
import type { FaultStack, ServiceName } from './stack.js';
import type { Model } from './story-model.js';

/**
 * One question to one service about all customers, and what the model answers for one. answered with rows of `id` and
 * the expected columns; no row counts as zeros
 */
type Question = {
  title: string;
  service: ServiceName;
  sql: string;
  expected: (model: Model) => Record<string, string | number | null>;
};

const timeline = `
  select customer_id as id, count(*) filter (where kind = 'customer-registered')::int as registered, count(*) filter (where kind = 'customer-corrected')::int as corrected,
    count(*) filter (where kind = 'order-confirmed')::int as confirmed, count(*) filter (where kind = 'payment-received')::int as payments,
    count(*) filter (where kind = 'goods-delivered')::int as deliveries, count(*) filter (where kind = 'goods-returned')::int as returns
  from timeline_entry where customer_id = any($1) group by customer_id`;

const facts = `
  select c.id, (select count(*)::int from sales_fact f where f.customer_id = c.id and kind = 'sale') as sales, (select count(*)::int from sales_fact f where f.customer_id = c.id and kind = 'return') as returns,
    (select count(*)::int from payment_fact f where f.customer_id = c.id) as payments, coalesce(i.orders, 0) as orders, coalesce(i.revenue, 0)::float8 as revenue, coalesce(i.paid, 0)::float8 as paid
  from unnest($1::uuid[]) as c (id) left join insight i on i.customer_id = c.id`;

const replica = 'select id, version::int, display_name as name from customer where id = any($1)';
const known = ({ version, displayName }: Model) => ({ version, name: displayName });

const questions: Question[] = [
  { title: 'customer', service: 'customers', sql: replica, expected: known },
  { title: 'replica in sales', service: 'sales', sql: replica, expected: known },
  { title: 'replica in support', service: 'support', sql: replica, expected: known },
  { title: 'replica in marketing', service: 'marketing', sql: replica, expected: known },
  {
    title: 'name in analytics',
    service: 'analytics',
    sql: 'select customer_id as id, source_version::int as version, display_name as name from insight where customer_id = any($1)',
    expected: known,
  },
  {
    title: 'timeline',
    service: 'customers',
    sql: timeline,
    expected: (model) => ({
      registered: 1,
      corrected: model.corrections,
      confirmed: Number(model.confirmed),
      payments: model.payments,
      deliveries: model.deliveries,
      returns: model.returns,
    }),
  },
  {
    title: 'analytics',
    service: 'analytics',
    sql: facts,
    expected: (model) => ({
      sales: Number(model.confirmed),
      returns: model.returns,
      payments: model.payments,
      orders: Number(model.confirmed),
      revenue: model.confirmed ? model.total - model.credited : 0,
      paid: model.paid,
    }),
  },
];

/** Compares every table and what the gateways answer with the models. */
export async function compareStories(
  stack: FaultStack,
  gateway: Gateway,
  models: readonly Model[],
): Promise<{ model: Model; finding: string }[]> {
  const findings: { model: Model; finding: string }[] = [];
  const differs = (model: Model, title: string, found: Record<string, unknown>, expected: Record<string, unknown>) => {
    const wrong = Object.keys(expected).filter((name) => (found[name] ?? 0) !== expected[name]);
    if (wrong.length)
      findings.push({
        model,
        finding: `${title} of ${model.customerId}: ${wrong.map((name) => `${name} is ${found[name]} instead of ${expected[name]}`).join(', ')}`,
      });
  };
  // events move the stage, and with it the version, as often as the model allows; every replica must then have just
  // that version
  const owner = new Map(
    (
      await stack.services.customers.sql('select id, version::int, lifecycle from customer where id = any($1)', [
        models.map(({ customerId }) => customerId),
      ])
    ).map((row) => [row.id, row]),
  );
  for (const model of models) {
    const { version, lifecycle } = owner.get(model.customerId) ?? {};
    if (model.moves.includes(version - model.written)) model.version = version;
    differs(model, 'stage', { lifecycle, version }, { lifecycle: model.stage, version: model.version });
  }
  for (const { title, service, sql, expected } of questions) {
    const rows = new Map(
      ((await stack.services[service]?.sql(sql, [models.map(({ customerId }) => customerId)])) ?? []).map((row) => [
        row.id,
        row,
      ]),
    );
    if (stack.services[service])
      for (const model of models) differs(model, title, rows.get(model.customerId) ?? {}, expected(model));
  }
  for (const model of models) {
    const customer = await gateway.send(stack.services.customers, 'GET', `/v1/customers/${model.customerId}`);
    differs(model, 'GET of the customer', customer?.body ?? {}, {
      version: model.version,
      displayName: model.displayName,
    });
    if (model.status === 'none') continue;
    const order = await gateway.send(stack.services.sales, 'GET', `/v1/orders/${model.orderId}`);
    const { status, version, paid, credited, payments, deliveries, returns } = order?.body ?? {};
    differs(
      model,
      'GET of the order',
      {
        status,
        version,
        paid: Number(paid?.amount),
        credited: Number(credited?.amount),
        payments: payments?.length,
        deliveries: deliveries?.length,
        returns: returns?.length,
      },
      {
        status: model.status,
        version: model.orderVersion,
        paid: model.paid,
        credited: model.credited,
        payments: model.payments,
        deliveries: model.deliveries,
        returns: model.returns,
      },
    );
  }
  return findings;
}
