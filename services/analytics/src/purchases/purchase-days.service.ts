import { Injectable } from '@nestjs/common';
import type { Transaction } from '@quen/messaging';

/** What a customer has bought, kept and paid for with more than nothing. All orders of one day are one purchase. */
export interface Purchases {
  /** Days with a purchase. */
  purchases: number;
  /** What they brought, net of returns; decimal text in the reporting currency. */
  purchaseRevenue: string;
  firstPurchaseOn: string | null;
  lastPurchaseOn: string | null;
  firstPurchaseRevenue: string;
}

/** Who has bought nothing yet. */
export const noPurchases: Purchases = {
  purchases: 0,
  purchaseRevenue: '0',
  firstPurchaseOn: null,
  lastPurchaseOn: null,
  firstPurchaseRevenue: '0',
};

const summed = `count(*)::int as purchases, sum(revenue)::text as "purchaseRevenue", min(day)::text as "firstPurchaseOn", max(day)::text as "lastPurchaseOn",
         (array_agg(revenue order by day))[1]::text as "firstPurchaseRevenue"`;

// A return takes away from the day of its order. One statement in the order of its keys, like every one that locks.
// What it writes, the rest of it does not see
// in the table yet, hence the union.
const addSql = `
  with line as (
    select f.customer_id, case when f.kind = 'sale' then f.occurred_on else s.occurred_on end as day, f.revenue, f.quantity
      from sales_fact f left join lateral (select occurred_on from sales_fact s where f.kind = 'return' and s.order_id = f.order_id and s.kind = 'sale' limit 1) as s on true
     where f.event_id = any($1::uuid[])),
  written as (
    insert into purchase_day as p (customer_id, day, revenue, quantity)
    select customer_id, day, sum(revenue), sum(quantity) from line where day is not null group by customer_id, day order by customer_id, day
    on conflict (customer_id, day) do update set revenue = p.revenue + excluded.revenue, quantity = p.quantity + excluded.quantity
    returning customer_id, day, revenue, kept),
  purchase as (
    select customer_id, day, revenue from written where kept
    union all
    select customer_id, day, revenue from purchase_day p
     where kept and customer_id in (select customer_id from line) and not exists (select from written w where w.customer_id = p.customer_id and w.day = p.day))
  select c.customer_id as "customerId", p.* from (select distinct customer_id from line) as c left join (select customer_id, ${summed} from purchase group by 1) as p using (customer_id)`;

const ofSql = `select customer_id as "customerId", ${summed} from purchase_day where kept and customer_id = any($1::uuid[]) group by 1`;

/** The days on which customers bought: what an order cost and gave back counts on the day of the order. */
@Injectable()
export class PurchaseDays {
  /**
   * Adds sales and returns that are stored already, by their events. Returns what each of their customers has bought
   * now.
   */
  async add(tx: Transaction, eventIds: string[]): Promise<Map<string, Purchases>> {
    if (eventIds.length === 0) return new Map();
    return byCustomer(await tx.query(addSql, [eventIds]));
  }

  /** What these customers have bought; who has bought nothing is left out. */
  async of(tx: Transaction, customerIds: string[]): Promise<Map<string, Purchases>> {
    return byCustomer(await tx.query(ofSql, [customerIds]));
  }
}

function byCustomer(rows: (Purchases & { customerId: string })[]): Map<string, Purchases> {
  return new Map(
    rows.map(({ customerId, purchases, purchaseRevenue, firstPurchaseOn, lastPurchaseOn, firstPurchaseRevenue }) => [
      customerId,
      purchases ? { purchases, purchaseRevenue, firstPurchaseOn, lastPurchaseOn, firstPurchaseRevenue } : noPurchases,
    ]),
  );
}
