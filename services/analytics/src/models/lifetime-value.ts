import {
  activeRate,
  aliveProbability,
  expectedPurchases,
  expectedSpend,
  purchaseProbability,
  type PurchaseParameters,
  type SpendParameters,
} from './buyer-model.js';

/** Everything by which a lifetime value is calculated; a model is published as a whole and named in every result. */
export interface LifetimeModel {
  purchases: PurchaseParameters;
  spend: SpendParameters;
  /** Share of what is sold that remains after cost of goods, for customers whose own margin is not known yet. */
  marginRate: number;
  /** What serving a customer costs in a year, for customers of whom not much is known yet; in the model's unit. */
  serveCostPerYear: number;
  /** Yearly, e.g. 0.12. */
  discountRate: number;
  /** How far ahead is counted, in years. */
  horizonYears: number;
}

/** What is known of a buyer without contract. Money in the model's unit (millions of đồng). */
export interface BuyerHistory {
  /** Days with at least one purchase that was paid for and kept; more than none. */
  purchases: number;
  /** Revenue of these days after the first. */
  repeatRevenue: number;
  /** All revenue, net of returns. */
  revenue: number;
  /** Revenue less cost of goods. */
  margin: number;
  /** What serving the customer has cost so far. */
  serveCost: number;
  /** Weeks from the first purchase to the last. */
  lastAt: number;
  /** Weeks from the first purchase to the day of the calculation. */
  age: number;
}

/** A lifetime value with what led to it. */
export interface LifetimeValue {
  /** Net present value of the contributions expected within the horizon, in the model's unit. */
  value: number;
  /** Chance that the buyer has not left. */
  aliveProbability: number;
  /** Chance of at least one purchase within twelve months. */
  purchaseProbability: number;
  /** Purchases expected in the next year. */
  ordersNextYear: number;
  expectedOrderValue: number;
  marginRate: number;
  /** What serving the customer is expected to cost in a year in which he buys as before. */
  serveCostPerYear: number;
}

const daysPerYear = 365.25;
const weeksPerYear = daysPerYear / 7;
const twelveMonths = 52;
const periodsPerYear = 4;
// A customer's own margin counts as much as the firm's after this many purchases, what he costs to serve after this
// many years.
const purchasesForOwnMargin = 3;
const yearsForOwnServeCost = 1;

/**
 * Lifetime value as the net present value of expected contributions: expected purchases per quarter (BG/NBD) times
 * expected value (Gamma-Gamma) times margin, less
 * the cost to serve, discounted from the middle of each quarter. Fader, Hardie and Lee 2005, "RFM and CLV: using
 * iso-value curves"; contribution as margin less the
 * cost of serving the customer: Venkatesan and Kumar 2004, "A customer lifetime value framework for customer selection
 * and resource allocation strategy".
 * Service follows activity: a quarter's cost is the customer's of a year by the share of purchases that are expected in
 * it to those of one who surely has not left.
 */
export function lifetimeValue(model: LifetimeModel, buyer: BuyerHistory): LifetimeValue {
  const history = { repeats: buyer.purchases - 1, lastAt: buyer.lastAt, age: Math.max(buyer.age, buyer.lastAt) };
  const expectedOrderValue = expectedSpend(model.spend, {
    purchases: history.repeats,
    mean: history.repeats ? buyer.repeatRevenue / history.repeats : 0,
  });
  const own = buyer.revenue > 0 ? buyer.margin / buyer.revenue : model.marginRate;
  const marginRate =
    (own * buyer.purchases + model.marginRate * purchasesForOwnMargin) / (buyer.purchases + purchasesForOwnMargin);
  const serveCostPerYear =
    (buyer.serveCost + model.serveCostPerYear * yearsForOwnServeCost) /
    (history.age / weeksPerYear + yearsForOwnServeCost);
  const contribution =
    expectedOrderValue * marginRate - serveCostPerYear / (activeRate(model.purchases, history) * weeksPerYear);

  let value = 0,
    before = 0,
    ordersNextYear = 0;
  for (let period = 1; period <= model.horizonYears * periodsPerYear; period++) {
    const expected = expectedPurchases(model.purchases, history, (period / periodsPerYear) * weeksPerYear);
    value += ((expected - before) * contribution) / (1 + model.discountRate) ** ((period - 0.5) / periodsPerYear);
    before = expected;
    if (period === periodsPerYear) ordersNextYear = expected;
  }
  return {
    value,
    ordersNextYear,
    expectedOrderValue,
    marginRate,
    serveCostPerYear,
    aliveProbability: aliveProbability(model.purchases, history),
    purchaseProbability: purchaseProbability(model.purchases, history, twelveMonths),
  };
}
