import gammaln from '@stdlib/math-base-special-gammaln';

/** Parameters of BG/NBD: rate of purchase ~ gamma(r, alpha) in weeks, chance to leave after a purchase ~ beta(a, b). */
export interface PurchaseParameters { r: number; alpha: number; a: number; b: number }

/** A buyer's history in weeks since the first purchase. */
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

/** Probability that the buyer will come again. Fader, Hardie and Lee 2005, "Counting your customers the easy way"; Fader and Hardie 2008, "Computing P(alive) using the BG/NBD model". */
export function aliveProbability(parameters: PurchaseParameters, history: PurchaseHistory): number {
  return 1 / (1 + goneOdds(parameters, history));
}

/**
 * Expected purchases in the next `weeks`. Fader, Hardie and Lee 2005, equation 10, with Euler's transformation of the
 * hypergeometric function, which keeps every term in range for buyers with hundreds of purchases.
 */
export function expectedPurchases(parameters: PurchaseParameters, history: PurchaseHistory, weeks: number): number {
  const { r, alpha, b } = parameters;
  // The formula divides by a - 1; a value next to 1 has the same limit from both sides.
  const a = Math.abs(parameters.a - 1) < 1e-6 ? 1 + 1e-6 : parameters.a;
  const { repeats: x, age } = history;
  const z = weeks / (alpha + age + weeks);
  const bought = 1 - (1 - z) ** (a - 1) * hypergeometric(a + b - 1 - r, a - 1, a + b + x - 1, z);
  return Math.max(0, ((a + b + x - 1) / (a - 1)) * bought / (1 + goneOdds(parameters, history)));
}

/** Gauss's hypergeometric function for 0 ≤ z < 1, by its series. */
function hypergeometric(a: number, b: number, c: number, z: number): number {
  let term = 1, total = 1;
  for (let n = 0; n < 20_000; n++) {
    term *= ((a + n) * (b + n) * z) / ((c + n) * (n + 1));
    total += term;
    if (Math.abs(term) <= 1e-13 * Math.abs(total)) break;
  }
  return total;
}

/** Log-likelihood of one history. Fader, Hardie and Lee 2005, equation 6, arranged as in "Implementing the BG/NBD model in Excel" (2005). */
export function purchaseLikelihood({ r, alpha, a, b }: PurchaseParameters, { repeats: x, lastAt, age }: PurchaseHistory): number {
  const shared = gammaln(r + x) - gammaln(r) + r * Math.log(alpha) + gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x);
  const stayed = -(r + x) * Math.log(alpha + age);
  if (x === 0) return shared + stayed;
  const left = Math.log(a) - Math.log(b + x - 1) - (r + x) * Math.log(alpha + lastAt);
  const larger = Math.max(stayed, left);
  return shared + larger + Math.log(Math.exp(stayed - larger) + Math.exp(left - larger));
}

/** Parameters of Gamma-Gamma: value of a purchase ~ gamma(p, nu), nu ~ gamma(q, gamma); in the unit of the values. */
export interface SpendParameters { p: number; q: number; gamma: number }

/** What a buyer spends in all and in how many purchases. */
export interface SpendHistory { purchases: number; mean: number }

/** Expected value of a purchase: the buyer's own mean drawn towards everybody's, the less the more purchases there are. Fader and Hardie 2013, "The Gamma-Gamma model of monetary value", equation 5. */
export function expectedSpend({ p, q, gamma }: SpendParameters, { purchases: x, mean }: SpendHistory): number {
  return (p * (gamma + x * mean)) / (p * x + q - 1);
}

/** Log-likelihood of one buyer's mean spend. Fader and Hardie 2013, equation 1a. */
export function spendLikelihood({ p, q, gamma }: SpendParameters, { purchases: x, mean }: SpendHistory): number {
  return gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * Math.log(gamma)
    + (p * x - 1) * Math.log(mean) + p * x * Math.log(x) - (p * x + q) * Math.log(gamma + x * mean);
}

/**
 * Minimises a function of positive parameters by the simplex method of Nelder and Mead (1965), on their logarithms.
 * Stops when the simplex is flat or after `steps`.
 */
export function minimise(start: number[], cost: (parameters: number[]) => number, steps = 400): number[] {
  const at = (logs: number[]): { logs: number[]; cost: number } => {
    const value = cost(logs.map(Math.exp));
    return { logs, cost: Number.isFinite(value) ? value : Number.MAX_VALUE };
  };
  const origin = start.map(Math.log);
  let simplex = [at(origin), ...origin.map((_, i) => at(origin.map((each, j) => (i === j ? each + 0.5 : each))))];
  for (let step = 0; step < steps; step++) {
    simplex.sort((one, other) => one.cost - other.cost);
    const best = simplex[0]!, worst = simplex.at(-1)!, second = simplex.at(-2)!;
    if (worst.cost - best.cost < 1e-8 * (1 + Math.abs(best.cost))) break;
    const centre = origin.map((_, i) => simplex.slice(0, -1).reduce((total, each) => total + each.logs[i]!, 0) / origin.length);
    const towards = (by: number): { logs: number[]; cost: number } => at(centre.map((each, i) => each + by * (worst.logs[i]! - each)));
    const reflected = towards(-1);
    let next = reflected;
    if (reflected.cost < best.cost) {
      const expanded = towards(-2);
      next = expanded.cost < reflected.cost ? expanded : reflected;
    } else if (reflected.cost >= second.cost) {
      next = towards(reflected.cost < worst.cost ? -0.5 : 0.5);
    }
    if (next.cost < worst.cost) simplex[simplex.length - 1] = next;
    else simplex = [best, ...simplex.slice(1).map((each) => at(each.logs.map((log, i) => best.logs[i]! + (log - best.logs[i]!) / 2)))];
  }
  simplex.sort((one, other) => one.cost - other.cost);
  return simplex[0]!.logs.map(Math.exp);
}
