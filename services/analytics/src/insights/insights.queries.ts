import type { Transaction } from '@quen/messaging';

/** Sums of one year, money as decimal text. */
export interface YearRow {
  year: number;
  orders: number;
  revenue: string;
  cost: string;
  serve_cost: string;
}

// The customer's own rows by index; what other services report (messages, service work) joins by the year of its day in
// the firm's zone.
const yearsSql = `
  with sales as (
    select extract(year from occurred_on)::int as year, count(distinct order_id) filter (where kind = 'sale')::int as orders, sum(revenue) as revenue, sum(cost) as cost
      from sales_fact where customer_id = $1 and occurred_on <= coalesce($2::date, 'infinity') group by 1),
  served as (
    select extract(year from quen_day(occurred_at))::int as year, sum(cost) as cost
      from (select occurred_at, cost from market_fact where customer_id = $1 union all select occurred_at, cost from service_fact where customer_id = $1) as work
     where occurred_at < coalesce(quen_midnight($2::date + 1), 'infinity') group by 1)
  select year, coalesce(sales.orders, 0) as orders, coalesce(sales.revenue, 0)::text as revenue, coalesce(sales.cost, 0)::text as cost, coalesce(served.cost, 0)::text as serve_cost
    from sales full join served using (year) order by year desc`;

/** What the relationship brought, year by year, up to a day if one is given; the sums equal those of the insight. */
export function yearsOf(tx: Transaction, customerId: string, asOf?: string): Promise<YearRow[]> {
  return tx.query<YearRow[]>(yearsSql, [customerId, asOf ?? null]);
}
