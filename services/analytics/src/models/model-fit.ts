import {
  expectedSpend,
  minimiseInSteps,
  purchaseLikelihoods,
  spendLikelihoods,
  type PurchaseHistory,
  type SpendHistory,
  type SpendParameters,
} from './buyer-model.js';
import type { LifetimeModel } from './lifetime-value.js';

/** A buyer as a fit sees him. */
export interface ObservedBuyer extends PurchaseHistory {
  /** Mean value of a repeat purchase in the model's unit; not asked for without repeats. */
  repeatMean: number;
}

/** A firm's history up to one day. Money in the model's unit. */
export interface Observations {
  /** All buyers, or a sample of them where there are very many. */
  buyers: ObservedBuyer[];
  /** Mean value of all purchases. */
  meanPurchase: number;
  /** Revenue less cost of goods, by revenue. */
  marginRate: number;
  /** Cost to serve of a buyer in a year. */
  serveCostPerYear: number;
}

// With fewer who came back, how much buyers differ in what they spend cannot be told.
const leastRepeatBuyers = 30;

/** What {@link fitModel} finds: a model but for the choices of people. */
export type Fitted = Omit<LifetimeModel, 'discountRate' | 'horizonYears'>;

/**
 * Fits BG/NBD to all buyers and Gamma-Gamma to those who came back, by maximum likelihood, beginning at the parameters
 * in use. Gives way to others in between.
 */
export async function fitModel(
  { buyers, meanPurchase, marginRate, serveCostPerYear }: Observations,
  { purchases, spend }: Pick<LifetimeModel, 'purchases' | 'spend'>,
): Promise<Fitted> {
  const [r, alpha, a, b] = await minimiseInSteps(
    [purchases.r, purchases.alpha, purchases.a, purchases.b],
    ([r, alpha, a, b]) => -total(buyers, purchaseLikelihoods({ r: r!, alpha: alpha!, a: a!, b: b! })),
  );
  const repeat = buyers
    .filter((each) => each.repeats > 0 && each.repeatMean > 0)
    .map(({ repeats, repeatMean }) => ({ purchases: repeats, mean: repeatMean }));
  return {
    purchases: { r: r!, alpha: alpha!, a: a!, b: b! },
    spend: repeat.length < leastRepeatBuyers ? rescaled(spend, meanPurchase) : await fitSpend(repeat, spend),
    marginRate,
    serveCostPerYear,
  };
}

async function fitSpend(buyers: SpendHistory[], start: SpendParameters): Promise<SpendParameters> {
  // In units of the mean, whatever the firm sells.
  const mean = total(buyers, (each) => each.mean) / buyers.length;
  const relative = buyers.map((each) => ({ ...each, mean: each.mean / mean })),
    from = rescaled(start, 1);
  const [p, q, gamma] = await minimiseInSteps(
    [from.p, from.q, from.gamma],
    ([p, q, gamma]) => -total(relative, spendLikelihoods({ p: p!, q: q!, gamma: gamma! })),
  );
  // With q at or below 1 the mean of all buyers does not exist.
  return { p: p!, q: Math.max(q!, 1.01), gamma: gamma! * mean };
}

/** The same spread around another mean. */
function rescaled(spend: SpendParameters, mean: number): SpendParameters {
  return { ...spend, gamma: (spend.gamma * mean) / expectedSpend(spend, { purchases: 0, mean: 0 }) };
}

function total<T>(of: readonly T[], value: (each: T) => number): number {
  let sum = 0;
  for (const each of of) sum += value(each);
  return sum;
}
