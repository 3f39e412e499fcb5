import { setImmediate } from 'node:timers/promises';
import gammaln from '@stdlib/math-base-special-gammaln';

/** Parameters of BG/NBD: rate of purchase ~ gamma(r, alpha) in weeks, chance to leave after a purchase ~ beta(a, b). */
export interface PurchaseParameters {
  r: number;
  alpha: number;
  a: number;
  b: number;
}

/** A buyer's history in weeks since the first purchase. All orders of one day are one purchase. */
export interface PurchaseHistory {
  /** Purchases after the first. */
  repeats: number;
  /** Weeks from the first purchase to the last. */
  lastAt: number;
  /** Weeks from the first purchase to now. */
  age: number;
}

/** Weight of "still a customer" against "gone": the term that both formulas below share; 0 without repeat purchases. */
function goneOdds({ r, alpha, a, b }: PurchaseParameters, { repeats: x, lastAt, age }: PurchaseHistory): number {
  return x === 0 ? 0 : (a / (b + x - 1)) * ((alpha + age) / (alpha + lastAt)) ** (r + x);
}

/**
 * Probability that the buyer has not left: not that one buys again within any time. It is 1 for a single purchase
 * however long ago, because in this model
 * buyers leave right after a repeat purchase only. Fader and Hardie 2008, "Computing P(alive) using the BG/NBD model".
 */
export function aliveProbability(parameters: PurchaseParameters, history: PurchaseHistory): number {
  return 1 / (1 + goneOdds(parameters, history));
}

/**
 * Probability of at least one purchase in the next `weeks`: 1 - P(X(T, T + t) = 0). Who has left buys nothing. Who has
 * not waits for the next purchase as the
 * Poisson process says, with a rate that is gamma(r + x, alpha + T) after what was seen, so that nothing is bought with
 * probability
 * ((alpha + T) / (alpha + T + t)) ^ (r + x). From the two terms of the likelihood in Fader, Hardie and Lee 2005,
 * "Counting your customers the easy way",
 * equation 6; for a buyer who has only just begun it is 1 less their equation 8 for x = 0.
 */
export function purchaseProbability(parameters: PurchaseParameters, history: PurchaseHistory, weeks: number): number {
  const { r, alpha } = parameters;
  const { repeats: x, age } = history;
  return aliveProbability(parameters, history) * (1 - ((alpha + age) / (alpha + age + weeks)) ** (r + x));
}

/** Purchases a week of a buyer who has not left: the mean of the gamma(r + x, alpha + T) above. */
export function activeRate({ r, alpha }: PurchaseParameters, { repeats: x, age }: PurchaseHistory): number {
  return (r + x) / (alpha + age);
}

/**
 * Expected purchases in the next `weeks`. Fader, Hardie and Lee 2005, equation 10, as it stands or with Euler's
 * transformation of the hypergeometric function,
 * whichever has the smaller parameters: that keeps buyers with hundreds of purchases in range, and firms whose buyers
 * leave all with the same chance.
 */
export function expectedPurchases(parameters: PurchaseParameters, history: PurchaseHistory, weeks: number): number {
  const { r, alpha, b } = parameters;
  // The formula divides by a - 1; a value next to 1 has the same limit from both sides.
  const a = Math.abs(parameters.a - 1) < 1e-5 ? 1 + 1e-5 : parameters.a;
  const { repeats: x, age } = history;
  const z = weeks / (alpha + age + weeks),
    c = a + b + x - 1;
  const stays =
    a - 1 < r + x ? hypergeometric(a + b - 1 - r, a - 1, c, z, a - 1) : hypergeometric(r + x, b + x, c, z, r + x);
  // Rounding, where a is next to 1 and b large, must not lead beyond none and what one buys who stays for all of the
  // time.
  const ifAlive = Math.min(Math.max(0, (c / (a - 1)) * (1 - stays)), activeRate(parameters, history) * weeks);
  return ifAlive / (1 + goneOdds(parameters, history));
}

/**
 * Gauss's hypergeometric function of a, b, c and 0 ≤ z < 1, by its series, times (1 - z) ^ power. The one may be too
 * large and the other too small for a number.
 */
function hypergeometric(a: number, b: number, c: number, z: number, power: number): number {
  let term = 1,
    total = 1,
    scale = power * Math.log1p(-z);
  for (let n = 0; n < 200_000; n++) {
    term *= ((a + n) * (b + n) * z) / ((c + n) * (n + 1));
    total += term;
    if (Math.abs(term) <= 1e-13 * Math.abs(total)) break;
    if (Math.abs(total) > 1e200) {
      [term, total] = [term / 1e200, total / 1e200];
      scale += 200 * Math.LN10;
    }
  }
  return total * Math.exp(scale);
}

/**
 * Log-likelihood of one history. Fader, Hardie and Lee 2005, equation 6, arranged as in "Implementing the BG/NBD model
 * in Excel" (2005).
 */
export function purchaseLikelihood(parameters: PurchaseParameters, history: PurchaseHistory): number {
  return purchaseLikelihoods(parameters)(history);
}

/** {@link purchaseLikelihood} for many histories: what only their number of repeats decides is calculated once. */
export function purchaseLikelihoods({ r, alpha, a, b }: PurchaseParameters): (history: PurchaseHistory) => number {
  const sharedOf = remembered(
    (x) =>
      gammaln(r + x) -
      gammaln(r) +
      r * Math.log(alpha) +
      gammaln(a + b) +
      gammaln(b + x) -
      gammaln(b) -
      gammaln(a + b + x),
  );
  return ({ repeats: x, lastAt, age }) => {
    const shared = sharedOf(x),
      stayed = -(r + x) * Math.log(alpha + age);
    if (x === 0) return shared + stayed;
    const left = Math.log(a) - Math.log(b + x - 1) - (r + x) * Math.log(alpha + lastAt);
    const larger = Math.max(stayed, left);
    return shared + larger + Math.log(Math.exp(stayed - larger) + Math.exp(left - larger));
  };
}

function remembered(of: (x: number) => number): (x: number) => number {
  const known = new Map<number, number>();
  return (x) => {
    let value = known.get(x);
    if (value === undefined) known.set(x, (value = of(x)));
    return value;
  };
}

/** Parameters of Gamma-Gamma: value of a purchase ~ gamma(p, nu), nu ~ gamma(q, gamma); in the unit of the values. */
export interface SpendParameters {
  p: number;
  q: number;
  gamma: number;
}

/**
 * What a buyer spends: repeat purchases and their mean value, as BG/NBD counts them. The first purchase is left out,
 * since it is often unlike the others.
 */
export interface SpendHistory {
  purchases: number;
  mean: number;
}

/**
 * Expected value of a purchase: the buyer's own mean drawn towards everybody's, the less the more purchases there are.
 * Fader and Hardie 2013, "The Gamma-Gamma model of monetary value", equation 5.
 */
export function expectedSpend({ p, q, gamma }: SpendParameters, { purchases: x, mean }: SpendHistory): number {
  return (p * (gamma + x * mean)) / (p * x + q - 1);
}

/** Log-likelihood of one buyer's mean spend. Fader and Hardie 2013, equation 1a. */
export function spendLikelihood(parameters: SpendParameters, history: SpendHistory): number {
  return spendLikelihoods(parameters)(history);
}

/** {@link spendLikelihood} for many buyers: what only their number of purchases decides is calculated once. */
export function spendLikelihoods({ p, q, gamma }: SpendParameters): (history: SpendHistory) => number {
  const sharedOf = remembered(
    (x) => gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * Math.log(gamma) + p * x * Math.log(x),
  );
  return ({ purchases: x, mean }) =>
    sharedOf(x) + (p * x - 1) * Math.log(mean) - (p * x + q) * Math.log(gamma + x * mean);
}

const [lowest, highest] = [Math.log(1e-4), Math.log(1e4)];

/**
 * Minimises a function of positive parameters by the simplex method of Nelder and Mead (1965), on their logarithms.
 * Stops when the simplex is flat or after `steps`. Parameters outside of 0.0001 to 10,000 are never tried: data that
 * say nothing of one would send it there.
 */
export function minimise(start: number[], cost: (parameters: number[]) => number, steps = 400): number[] {
  const walk = minimising(start, cost, steps);
  for (;;) {
    const { done, value } = walk.next();
    if (done) return value;
  }
}

/** {@link minimise}, giving way to others after every step. */
export async function minimiseInSteps(
  start: number[],
  cost: (parameters: number[]) => number,
  steps = 400,
): Promise<number[]> {
  const walk = minimising(start, cost, steps);
  for (;;) {
    const { done, value } = walk.next();
    if (done) return value;
    await setImmediate();
  }
}

function* minimising(
  start: number[],
  cost: (parameters: number[]) => number,
  steps: number,
): Generator<void, number[], void> {
  const at = (logs: number[]): { logs: number[]; cost: number } => {
    const value = logs.every((log) => log > lowest && log < highest) ? cost(logs.map(Math.exp)) : Number.MAX_VALUE;
    return { logs, cost: Number.isFinite(value) ? value : Number.MAX_VALUE };
  };
  const origin = start.map(Math.log);
  let simplex = [at(origin), ...origin.map((_, i) => at(origin.map((each, j) => (i === j ? each + 0.5 : each))))];
  for (let step = 0; step < steps; step++) {
    simplex.sort((one, other) => one.cost - other.cost);
    const best = simplex[0]!,
      worst = simplex.at(-1)!,
      second = simplex.at(-2)!;
    if (worst.cost - best.cost < 1e-8 * (1 + Math.abs(best.cost))) break;
    yield;
    const centre = origin.map(
      (_, i) => simplex.slice(0, -1).reduce((total, each) => total + each.logs[i]!, 0) / origin.length,
    );
    const towards = (by: number): { logs: number[]; cost: number } =>
      at(centre.map((each, i) => each + by * (worst.logs[i]! - each)));
    const reflected = towards(-1);
    let next = reflected;
    if (reflected.cost < best.cost) {
      const expanded = towards(-2);
      next = expanded.cost < reflected.cost ? expanded : reflected;
    } else if (reflected.cost >= second.cost) {
      next = towards(reflected.cost < worst.cost ? -0.5 : 0.5);
    }
    if (next.cost < worst.cost) simplex[simplex.length - 1] = next;
    else
      simplex = [
        best,
        ...simplex.slice(1).map((each) => at(each.logs.map((log, i) => best.logs[i]! + (log - best.logs[i]!) / 2))),
      ];
  }
  simplex.sort((one, other) => one.cost - other.cost);
  return simplex[0]!.logs.map(Math.exp);
}
