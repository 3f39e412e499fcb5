import { IsOptional } from 'class-validator';
import { CivilDate, Money, type CustomerRank } from '@quen/events';
import type { ModelBasis } from '../models/models.service.js';

/** As of when an insight is asked. */
export class InsightQuery {
  /** Calculate from the facts up to this day, with the model that knew no later ones; today when left out. */
  @IsOptional() @CivilDate({ example: '2026-06-30' }) asOf?: string;
}

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
  /**
   * Days on which something was bought and kept: orders of one day are one purchase, and what was free or came back
   * wholly is none.
   */
  purchases!: number;
  /** @format date */
  firstPurchaseOn!: string | null;
  /** @format date */
  lastPurchaseOn!: string | null;
  /**
   * Chance that the customer has not left for good, 0 to 1. It says nothing of when: after a single purchase it is 1,
   * however long ago.
   */
  aliveProbability!: number | null;
  /** Chance of at least one purchase within twelve months, 0 to 1. */
  purchaseProbability!: number | null;
  /** Purchases expected within a year. */
  ordersNextYear!: number | null;
  /** Expected value of a purchase. */
  expectedOrderValue!: Money | null;
  /**
   * What serving the customer is expected to cost in a year in which purchases go on as before; taken off the lifetime
   * value.
   */
  serveCostPerYear!: Money | null;
  /** Share of revenue that remains, drawn towards the firm's own for customers with few orders. */
  marginRate!: number | null;
  discountRate!: number;
  horizonYears!: number;
  /** See `/v1/models/{version}`. */
  modelVersion!: number | null;
  /** `built-in` for the published model of another firm that stands in until one is fitted to this firm's history. */
  modelBasis!: ModelBasis;
  openComplaints!: number;
  cases!: number;
  messages!: number;
  /**
   * Day for which recency and age were counted, the same for every customer.
   * @format date
   */
  asOf!: string | null;
  /** The event that changed this last. */
  becauseOf!: string | null;
  calculatedAt!: Date | null;
  years!: YearlyProfit[];
  reasons!: InsightReason[];
}
