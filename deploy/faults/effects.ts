import { finalVersion, type Entry } from './ledger.js';
import type { ServiceName } from './stack.js';

/**
 * An effect that the ledger's entries must have had in one service: by customer, what was found against what is
 * expected.
 */
interface Effect {
  title: string;
  service: ServiceName;
  /** with the customers' ids as $1; answers rows of `id` and `found` */
  sql: string;
  /** as `found` is written; a customer without a row has found 0 */
  expected: (entry: Entry) => string | number;
}

export const effects: Effect[] = [
  ...['customer-registered', 'customer-corrected', 'order-confirmed', 'payment-received', 'case-opened'].map(
    (kind) =>
      ({
        title: `timeline: ${kind}`,
        service: 'customers',
        sql: `select customer_id as id, count(*)::int as found from timeline_entry where customer_id = any($1) and kind = '${kind}' group by customer_id`,
        expected: (entry) =>
          ({
            'customer-registered': 1,
            'customer-corrected': entry.corrections,
            'order-confirmed': Number(entry.confirmed),
            'payment-received': entry.payments.length,
            'case-opened': entry.caseIds.length,
          })[kind] ?? 0,
      }) as Effect,
  ),
  count(
    'analytics',
    'payments',
    'select customer_id as id, count(*)::int as found from payment_fact where customer_id = any($1) group by customer_id',
    (entry) => entry.payments.length,
  ),
  count(
    'analytics',
    'sales',
    'select customer_id as id, count(*)::int as found from sales_fact where customer_id = any($1) group by customer_id',
    (entry) => Number(entry.confirmed),
  ),
  count(
    'analytics',
    'cases',
    `select customer_id as id, count(*)::int as found from service_fact where customer_id = any($1) and kind = 'opened' group by customer_id`,
    (entry) => entry.caseIds.length,
  ),
  count(
    'analytics',
    'orders in the insight',
    'select customer_id as id, orders as found from insight where customer_id = any($1)',
    (entry) => Number(entry.confirmed),
  ),
  count(
    'analytics',
    'revenue in the insight',
    'select customer_id as id, revenue::float8 as found from insight where customer_id = any($1)',
    (entry) => (entry.confirmed ? entry.amount : 0),
  ),
  count(
    'analytics',
    'money received in the insight',
    'select customer_id as id, paid::float8 as found from insight where customer_id = any($1)',
    (entry) => entry.payments.reduce((sum, part) => sum + part, 0),
  ),
  count(
    'customers',
    'stage of the customer',
    'select id, lifecycle as found from customer where id = any($1)',
    (entry) => (entry.confirmed ? 'first-time' : 'prospect'),
  ),
  ...owned(
    'customers',
    'select id, version::int as found from customer where id = any($1)',
    'select id, display_name as found from customer where id = any($1)',
  ),
  ...owned('marketing', 'select id, version::int as found from customer where id = any($1)'),
  ...owned(
    'sales',
    'select id, version::int as found from customer where id = any($1)',
    'select id, display_name as found from customer where id = any($1)',
  ),
  ...owned('support', 'select id, version::int as found from customer where id = any($1)'),
  ...owned(
    'analytics',
    'select customer_id as id, source_version::int as found from insight where customer_id = any($1)',
    'select customer_id as id, display_name as found from insight where customer_id = any($1)',
  ),
];

function count(service: ServiceName, title: string, sql: string, expected: Effect['expected']): Effect {
  return { service, title: `${service}: ${title}`, sql, expected };
}

/** The customer's last version, and its name, in the owner's table or a replica. */
function owned(service: ServiceName, version: string, name?: string): Effect[] {
  return [
    count(service, 'version of the customer', version, finalVersion),
    ...(name ? [count(service, 'name of the customer', name, (entry) => entry.displayName)] : []),
  ];
}
