import { aliveProbability, expectedPurchases, expectedSpend, type PurchaseParameters, type SpendParameters } from './buyer-model.js';

/** Everything by which a lifetime value is calculated; a model is published as a whole and named in every result. */
export interface LifetimeModel {
  purchases: PurchaseParameters;
  spend: SpendParameters;
  /** Share of what is sold that remains after cost of goods, for customers whose own margin is not known yet. */
  marginRate: number;
  /** Yearly, e.g. 0.12. */
  discountRate: number;
  /** How far ahead is counted, in years. */
  horizonYears: number;
}

/** What is known of a buyer without contract. Money in the model's unit (millions of đồng). */
export interface BuyerHistory {
  orders: number;
  revenue: number;
  /** Revenue less cost of goods. */
  margin: number;
  /** Weeks from the first order to the last. */
  lastAt: number;
  /** Weeks from the first order to the day of the calculation. */
  age: number;
}

/** A lifetime value with what led to it. */
export interface LifetimeValue {
  /** Net present value of the contributions expected within the horizon, in the model's unit. */
  value: number;
  aliveProbability: number;
  /** Orders expected in the next year. */
  ordersNextYear: number;
  expectedOrderValue: number;
  marginRate: number;
}

const weeksPerYear = 365.25 / 7;
const periodsPerYear = 4;
// A customer's own margin counts as much as the firm's after this many orders.
const ordersForOwnMargin = 3;

/**
 * Lifetime value as the net present value of expected contributions: expected orders per quarter (BG/NBD) times expected
 * order value (Gamma-Gamma) times margin, discounted from the middle of each quarter. Fader, Hardie and Lee 2005,
 * "RFM and CLV: using iso-value curves".
 */
export function lifetimeValue(model: LifetimeModel, buyer: BuyerHistory): LifetimeValue {
  const history = { repeats: Math.max(0, buyer.orders - 1), lastAt: buyer.lastAt, age: Math.max(buyer.age, buyer.lastAt) };
  const mean = buyer.orders > 0 ? Math.max(0, buyer.revenue) / buyer.orders : 0;
  const expectedOrderValue = expectedSpend(model.spend, { purchases: buyer.orders, mean });
  const own = buyer.revenue > 0 ? buyer.margin / buyer.revenue : model.marginRate;
  const marginRate = (own * buyer.orders + model.marginRate * ordersForOwnMargin) / (buyer.orders + ordersForOwnMargin);

  let value = 0, before = 0, ordersNextYear = 0;
  for (let period = 1; period <= model.horizonYears * periodsPerYear; period++) {
    const expected = expectedPurchases(model.purchases, history, (period / periodsPerYear) * weeksPerYear);
    value += ((expected - before) * expectedOrderValue * marginRate) / (1 + model.discountRate) ** ((period - 0.5) / periodsPerYear);
    before = expected;
    if (period === periodsPerYear) ordersNextYear = expected;
  }
  return { value, aliveProbability: aliveProbability(model.purchases, history), ordersNextYear, expectedOrderValue, marginRate };
}
