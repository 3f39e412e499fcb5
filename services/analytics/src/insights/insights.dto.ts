import { type CustomerRank, Money } from '@quen/events';

/** Why a figure is what it is. */
export class InsightReason {
  /** @example 'rank' */
  code!: string;
  /** @example '72,000,000 received for goods that were kept reached the minimum of gold, 60,000,000.' */
  text!: string;
}

/** What the relationship brought in one calendar year. */
export class YearlyProfit {
  /** @example 2026 */
  year!: number;
  orders!: number;
  revenue!: Money;
  cost!: Money;
  /** Messages, and minutes of service work. */
  serveCost!: Money;
  profit!: Money;
}

/** A row of a ranking. */
export class RankingRow {
  /** @format uuid */
  customerId!: string;
  customerCode!: string | null;
  displayName!: string | null;
  rank!: CustomerRank;
  orders!: number;
  lastOrderOn!: string | null;
  revenue!: Money;
  profit!: Money;
  lifetimeValue!: Money;
  recencyScore!: number;
  frequencyScore!: number;
  valueScore!: number;
}

/** Everything that is calculated of one customer, with reasons. */
export class InsightView extends RankingRow {
  version!: number;
  firstOrderOn!: string | null;
  paid!: Money;
  costOfGoods!: Money;
  serveCost!: Money;
  /** Chance that the customer will buy again, 0 to 1. */
  aliveProbability!: number | null;
  ordersNextYear!: number | null;
  expectedOrderValue!: Money | null;
  /** Share of revenue that remains, drawn towards the firm's own for customers with few orders. */
  marginRate!: number | null;
  discountRate!: number;
  horizonYears!: number;
  modelVersion!: number | null;
  openComplaints!: number;
  cases!: number;
  messages!: number;
  /** Day for which recency and age were counted. */
  asOf!: string | null;
  /** The event that changed this last. */
  becauseOf!: string | null;
  calculatedAt!: Date | null;
  years!: YearlyProfit[];
  reasons!: InsightReason[];
}
