import type { GoodsReturned, OrderConfirmed, PaymentReceived } from '@quen/events';
import type { Transaction } from '@quen/messaging';

/** An order, payment or return for the ledger of what campaigns brought. */
export interface Entry {
  id: string;
  kind: 'order' | 'payment' | 'return';
  /** The campaign that sales named, if it did. */
  campaignId: string | null;
  orderId: string;
  customerId: string;
  currency: string;
  amount: string;
  cost: string;
  on: string;
}

export function orderEntry(data: OrderConfirmed): Entry {
  const cost = data.lines.reduce((sum, line) => sum.plus(line.cost), data.total.times(0));
  return {
    id: data.orderId,
    kind: 'order',
    campaignId: data.campaignId ?? null,
    orderId: data.orderId,
    customerId: data.customerId,
    currency: data.total.currency,
    amount: data.total.amount,
    cost: cost.amount,
    on: data.orderedOn,
  };
}

export function paymentEntry(data: PaymentReceived): Entry {
  return {
    id: data.paymentId,
    kind: 'payment',
    campaignId: null,
    orderId: data.orderId,
    customerId: data.customerId,
    currency: data.amount.currency,
    amount: data.amount.amount,
    cost: '0',
    on: data.receivedOn,
  };
}

export function returnEntry(data: GoodsReturned): Entry {
  const cost = data.lines.reduce((sum, line) => sum.plus(line.cost), data.credited.times(0));
  return {
    id: data.returnId,
    kind: 'return',
    campaignId: null,
    orderId: data.orderId,
    customerId: data.customerId,
    currency: data.credited.currency,
    amount: data.credited.amount,
    cost: cost.amount,
    on: data.returnedOn,
  };
}

/** Which answers an order may be owed to. */
export interface Attribution {
  /** Days after an answer on which an order still counts. */
  days: number;
  /** When the order was confirmed: what was answered after it did not cause it. */
  confirmedAt: Date;
}

/**
 * Enters an order for the campaign that sales named, else for the one that the customer answered last within so many
 * days before the order's own day, or on it
 * (last touch); an order that no campaign can claim is not entered. It depends on when the order was, never on when it
 * is heard of: a late or replayed order finds
 * the same campaign. An entry is made once, whatever comes again.
 */
export async function enterOrder(tx: Transaction, entry: Entry, { days, confirmedAt }: Attribution): Promise<void> {
  await tx.query(
    `
    insert into campaign_entry (id, kind, campaign_id, order_id, customer_id, attribution, currency, amount, cost, on_date)
    select $1, 'order', claim.campaign_id, $1, $2, claim.attribution, $3, $4, $5, $6
    from (
      select id as campaign_id, 'direct' as attribution, 1 as priority, null::timestamptz as at from campaign where id = $7
      union all
      (select campaign_id, 'last-touch', 2, created_at from response
        where customer_id = $2 and created_at >= quen_midnight($6::date - $8::int)
          and created_at < quen_midnight($6::date + 1) and created_at <= $9 order by created_at desc, id desc limit 1)
    ) claim order by claim.priority limit 1
    on conflict (id) do nothing`,
    [
      entry.id,
      entry.customerId,
      entry.currency,
      entry.amount,
      entry.cost,
      entry.on,
      entry.campaignId,
      days,
      confirmedAt,
    ],
  );
}

/** Enters a payment or return for the campaign that has the order, if one has. */
export async function enterFollowing(tx: Transaction, entry: Entry): Promise<void> {
  await tx.query(
    `
    insert into campaign_entry (id, kind, campaign_id, order_id, customer_id, attribution, currency, amount, cost, on_date)
    select $1, $2, o.campaign_id, o.order_id, $3, o.attribution, $4, $5, $6, $7
    from campaign_entry o where o.order_id = $8 and o.kind = 'order'
    on conflict (id) do nothing`,
    [entry.id, entry.kind, entry.customerId, entry.currency, entry.amount, entry.cost, entry.on, entry.orderId],
  );
}

/** What a campaign did and brought, as counted. */
export interface Counted {
  byStatus: Record<string, number>;
  refused: Record<string, number>;
  clicks: number;
  responses: Record<string, number>;
  unsubscribed: number;
  leads: Record<string, number>;
  entries: {
    kind: Entry['kind'];
    attribution: 'direct' | 'last-touch';
    currency: string;
    count: number;
    amount: string;
    cost: string;
  }[];
}

/** Counts a campaign's results in one statement. */
export async function countResults(tx: Transaction, campaignId: string): Promise<Counted> {
  const [row]: [Counted] = await tx.query(
    `
    select
      coalesce((select jsonb_object_agg(status, n) from (select status, count(*) as n from message where campaign_id = $1 group by 1) m), '{}') as "byStatus",
      coalesce((select jsonb_object_agg(reason, n) from (select coalesce(reason, 'other') as reason, count(*) as n from message where campaign_id = $1 and status = 'refused' group by 1) m), '{}') as refused,
      coalesce((select jsonb_object_agg(via, n) from (select via, count(*) as n from response where campaign_id = $1 group by 1) r), '{}') as responses,
      (select count(*)::int from message where campaign_id = $1 and clicked_at is not null) as clicks,
      (select count(*)::int from message where campaign_id = $1 and unsubscribed_at is not null) as unsubscribed,
      coalesce((select jsonb_object_agg(status, n) from (select status, count(*) as n from lead where campaign_id = $1 group by 1) l), '{}') as leads,
      coalesce((select jsonb_agg(to_jsonb(e)) from (
        select kind, attribution, currency, count(*) as count, sum(amount)::text as amount, sum(cost)::text as cost from campaign_entry where campaign_id = $1 group by 1, 2, 3) e), '[]') as entries`,
    [campaignId],
  );
  return row;
}
