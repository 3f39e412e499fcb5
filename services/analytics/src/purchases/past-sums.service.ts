import { earliestDay } from '@quen/events';
import type { Transaction } from '@quen/messaging';
import type { Sums } from './sums.value.js';

/** What an insight holds of sums, as of another day. */
export type PastSums = Sums & { serveCost: string; messages: number; cases: number; openComplaints: number };

/**
 * SQL of the sums of each customer with facts up to the day `$1`, in the columns of the table `insight`; of the
 * customers in the array `$2` alone where `few`.
 * Says for the store's day what the insights say, but for facts that are dated later.
 */
export function sumsAsOfSql({ few = false } = {}): string {
  const only = few ? 'and customer_id = any($2::uuid[])' : '';
  return `
    with sale as materialized (select * from sales_fact where occurred_on <= $1::date ${only}),
    ordered as (
      select customer_id, order_id, min(occurred_on) filter (where kind = 'sale' and occurred_on between '${earliestDay}' and quen_day(occurred_at) + 1) as day, sum(revenue) as revenue, sum(quantity) as quantity
        from sale group by 1, 2),
    bought as (select customer_id, day, sum(revenue) as revenue from ordered where day is not null group by 1, 2 having sum(revenue) > 0 and sum(quantity) > 0),
    purchased as (
      select customer_id, count(*)::int as purchases, sum(revenue) as purchase_revenue, min(day) as first_purchase_on, max(day) as last_purchase_on, (array_agg(revenue order by day))[1] as first_purchase_revenue
        from bought group by 1),
    sold as (
      select customer_id, (count(distinct order_id) filter (where kind = 'sale'))::int as orders, sum(revenue) as revenue, sum(cost) as cost, coalesce(sum(revenue) filter (where origin = 'import' and (kind = 'sale' or not exists (select from payment_fact r where r.event_id = sale.event_id))), 0) as paid,
             min(occurred_on) filter (where kind = 'sale') as first_order_on, max(occurred_on) filter (where kind = 'sale') as last_order_on
        from sale group by 1),
    received as (select customer_id, sum(amount) as paid from payment_fact where received_on <= $1::date and not (origin = 'import' and amount > 0) ${only} group by 1),
    marketed as (
      select customer_id, sum(cost) as cost, (count(*) filter (where kind = 'message-sent'))::int as messages
        from market_fact where occurred_at < quen_midnight($1::date + 1) and kind <> 'message-refused' ${only} group by 1),
    step as (select * from service_fact where occurred_at < quen_midnight($1::date + 1) ${only}),
    served as (select customer_id, sum(cost) as cost, (count(*) filter (where kind = 'opened'))::int as cases from step group by 1),
    complaint as (
      select customer_id, count(*)::int as open_complaints
        from (select distinct on (case_id) customer_id, kind, case_kind from step where kind <> 'rated' order by case_id, occurred_at desc, event_id desc) as latest
       where kind <> 'solved' and case_kind = 'complaint' group by 1)
    select customer_id, coalesce(sold.orders, 0) as orders, coalesce(sold.revenue, 0) as revenue, coalesce(sold.cost, 0) as cost, coalesce(sold.paid, 0) + coalesce(received.paid, 0) as paid,
           coalesce(marketed.cost, 0) + coalesce(served.cost, 0) as serve_cost, coalesce(served.cost, 0) as service_cost, coalesce(marketed.messages, 0) as messages, coalesce(served.cases, 0) as cases,
           coalesce(complaint.open_complaints, 0) as open_complaints, sold.first_order_on, sold.last_order_on, coalesce(purchased.purchases, 0) as purchases,
           coalesce(purchased.purchase_revenue, 0) as purchase_revenue, purchased.first_purchase_on, purchased.last_purchase_on, coalesce(purchased.first_purchase_revenue, 0) as first_purchase_revenue
      from sold full join received using (customer_id) full join marketed using (customer_id) full join served using (customer_id)
      left join purchased using (customer_id) left join complaint using (customer_id)`;
}

const fewSql = `
  select customer_id as "customerId", orders, revenue::text, cost::text, paid::text, serve_cost::text as "serveCost", service_cost::text as "serviceCost", messages, cases, open_complaints as "openComplaints",
         first_order_on::text as "firstOrderOn", last_order_on::text as "lastOrderOn", purchases, purchase_revenue::text as "purchaseRevenue", first_purchase_on::text as "firstPurchaseOn",
         last_purchase_on::text as "lastPurchaseOn", first_purchase_revenue::text as "firstPurchaseRevenue" from (${sumsAsOfSql({ few: true })}) as past`;

/** What had happened to these customers by the end of a day; who had nothing happen is left out. */
export function sumsAsOf(tx: Transaction, customerIds: string[], day: string): Promise<PastSums[]> {
  return tx.query<PastSums[]>(fewSql, [day, customerIds]);
}
