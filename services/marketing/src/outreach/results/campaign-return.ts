import { Decimal } from 'decimal.js';
import { Money } from '@quen/events';
import type { Counted } from './results.queries.js';

/** What a campaign earned, in its own currency. */
export interface CampaignReturn {
  orders: number;
  ordersByAttribution: { direct: number; lastTouch: number };
  revenue: Money;
  paid: Money;
  returns: Money;
  /** Revenue less returns, less the cost of the goods that stayed sold, less the cost of the campaign. */
  profit: Money;
  /** Profit for each đồng that the campaign cost, e.g. `3.5`; null while it has cost nothing. */
  returnOnCost: string | null;
  /** Orders in other currencies, which the sums leave out. */
  otherCurrencies: number;
}

/** Adds up a campaign's ledger. */
export function returnOf(entries: Counted['entries'], cost: Money): CampaignReturn {
  const own = entries.filter((entry) => entry.currency === cost.currency);
  const sum = (kind: string, value: 'amount' | 'cost'): Money =>
    Money.sum(
      own.filter((entry) => entry.kind === kind).map((entry) => Money.of(entry[value], cost.currency)),
      cost.currency,
    );
  const orders = (attribution?: string): number =>
    own
      .filter((entry) => entry.kind === 'order' && (!attribution || entry.attribution === attribution))
      .reduce((total, entry) => total + entry.count, 0);
  const revenue = sum('order', 'amount');
  const returns = sum('return', 'amount');
  const goods = sum('order', 'cost').minus(sum('return', 'cost'));
  const profit = revenue.minus(returns).minus(goods).minus(cost);
  return {
    orders: orders(),
    ordersByAttribution: { direct: orders('direct'), lastTouch: orders('last-touch') },
    revenue,
    paid: sum('payment', 'amount'),
    returns,
    profit,
    returnOnCost: cost.isZero() ? null : new Decimal(profit.amount).dividedBy(cost.amount).toDecimalPlaces(4).toFixed(),
    otherCurrencies: entries
      .filter((entry) => entry.currency !== cost.currency && entry.kind === 'order')
      .reduce((total, entry) => total + entry.count, 0),
  };
}
