import { rows } from '@quen/chassis';
import { Money, type CustomerInsightState } from '@quen/events';
import type { Transaction } from '@quen/messaging';
import type {
  OverviewCase,
  OverviewCustomer,
  OverviewInsight,
  OverviewOpportunity,
  OverviewOrder,
  OverviewProduct,
} from './customers.dto.js';

/** The customer, if it is within the caller's reach. */
export async function customerOf(tx: Transaction, id: string): Promise<OverviewCustomer | undefined> {
  const [found] = await rows<OverviewCustomer>(
    tx,
    `select c.id, c.code, c.display_name, c.kind, c.category, c.lifecycle, c.branch_id, c.owner_id, s.display_name as owner_name, c.profile, c.received_at
     from customer c left join staff s on s.id = c.owner_id where c.id = $1`,
    [id],
  );
  return found;
}

/** Whether somebody in the caller's reach works a lead or an opportunity with the customer. */
export async function isWorkedOn(tx: Transaction, ids: readonly string[]): Promise<boolean> {
  const [row] = await rows<{ worked: boolean }>(
    tx,
    'select exists (select 1 from lead where customer_id = any($1::uuid[])) or exists (select 1 from opportunity where customer_id = any($1::uuid[])) as worked',
    [ids],
  );
  return row?.worked === true;
}

/** What analytics last said. */
export async function insightOf(tx: Transaction, id: string): Promise<OverviewInsight | null> {
  const [found] = await rows<{ state: CustomerInsightState; receivedAt: Date }>(
    tx,
    'select state, received_at from insight where customer_id = $1',
    [id],
  );
  if (!found) return null;
  const {
    rank,
    lifetimeValue,
    revenue,
    profit,
    orders,
    firstOrderOn = null,
    lastOrderOn = null,
    openComplaints,
    calculatedAt,
  } = found.state;
  return {
    rank,
    lifetimeValue,
    revenue,
    profit,
    orders,
    firstOrderOn,
    lastOrderOn,
    openComplaints,
    calculatedAt,
    receivedAt: found.receivedAt,
  };
}

/** What is due on confirmed orders, in đồng; other currencies stand on the orders themselves. */
export async function dueOf(tx: Transaction, ids: readonly string[]): Promise<Money> {
  const [row] = await rows<{ due: string | null }>(
    tx,
    `select sum(total - credited - paid) as due from sales_order where customer_id = any($1::uuid[]) and status in ('confirmed', 'closed') and currency = 'VND'`,
    [ids],
  );
  return Money.of(row?.due ?? '0');
}

/** The last orders with their terms. Reads the customer's newest orders by index. */
export async function lastOrders(tx: Transaction, ids: readonly string[], limit: number): Promise<OverviewOrder[]> {
  const found = await rows<
    Omit<OverviewOrder, 'total' | 'balance'> & { total: string; balance: string; currency: string }
  >(
    tx,
    `select o.id, o.code, o.ordered_on::text as ordered_on, o.status, o.total, o.total - o.credited - o.paid as balance, o.currency, o.delivered, o.payment_terms, o.delivery_terms,
            array(select p.name from order_line l join product p on p.id = l.product_id where l.order_id = o.id order by l.amount desc limit 5) as products
     from sales_order o where o.customer_id = any($1::uuid[]) order by o.ordered_on desc, o.id desc limit $2`,
    [ids, limit],
  );
  return found.map(({ currency, ...row }) => ({
    ...row,
    total: Money.of(row.total, currency),
    balance: Money.of(row.balance, currency),
  }));
}

/** The products bought for the most money, less what came back. */
export async function boughtProducts(
  tx: Transaction,
  ids: readonly string[],
  limit: number,
): Promise<OverviewProduct[]> {
  const found = await rows<Omit<OverviewProduct, 'lastUnitPrice'> & { lastUnitPrice: string; currency: string }>(
    tx,
    `select l.product_id, p.code, p.name, trim_scale(sum(l.quantity - l.returned))::text as quantity, max(o.ordered_on)::text as last_ordered_on,
            (array_agg(l.amount / l.quantity order by o.ordered_on desc, o.id desc))[1] as last_unit_price, (array_agg(o.currency order by o.ordered_on desc, o.id desc))[1] as currency
     from sales_order o join order_line l on l.order_id = o.id join product p on p.id = l.product_id
     where o.customer_id = any($1::uuid[]) and o.status in ('confirmed', 'closed')
     group by l.product_id, p.code, p.name order by sum(l.amount) desc, l.product_id limit $2`,
    [ids, limit],
  );
  return found.map(({ currency, ...row }) => ({ ...row, lastUnitPrice: Money.of(row.lastUnitPrice, currency) }));
}

/** Opportunities under way. */
export async function openOpportunities(tx: Transaction, ids: readonly string[]): Promise<OverviewOpportunity[]> {
  const found = await rows<Omit<OverviewOpportunity, 'amount'> & { amount: string | null; currency: string }>(
    tx,
    `select o.id, o.name, o.stage, o.probability, o.amount, o.currency, o.expected_close_on::text as expected_close_on, o.owner_id, s.display_name as owner_name
     from opportunity o left join staff s on s.id = o.owner_id where o.customer_id = any($1::uuid[]) and o.status = 'open' order by o.updated_at desc limit 50`,
    [ids],
  );
  return found.map(({ currency, ...row }) => ({
    ...row,
    amount: row.amount === null ? null : Money.of(row.amount, currency),
  }));
}

/** Cases that support has open, the gravest first. */
export function openCases(tx: Transaction, ids: readonly string[]): Promise<OverviewCase[]> {
  return rows(
    tx,
    `select id, state->>'code' as code, state->>'kind' as kind, state->>'severity' as severity, state->>'category' as category, status, state->>'openedAt' as opened_at, state->>'solutionDueAt' as solution_due_at
     from support_case where customer_id = any($1::uuid[]) and status not in ('solved', 'closed')
     order by array_position(array['critical', 'high', 'normal', 'low'], state->>'severity'), state->>'openedAt' limit 50`,
    [ids],
  );
}
