import fc from 'fast-check';
import {
  activeRate,
  aliveProbability,
  expectedPurchases,
  expectedSpend,
  minimise,
  purchaseLikelihood,
  purchaseProbability,
  spendLikelihood,
} from './buyer-model.js';
import { lifetimeValue, type LifetimeModel } from './lifetime-value.js';

// Estimates for the CDNOW sample in Fader, Hardie and Lee 2005, in weeks.
const cdnow = { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };
// Estimates for the same sample in Fader and Hardie 2013, in dollars.
const spend = { p: 6.25, q: 3.74, gamma: 15.44 };

describe('BG/NBD', () => {
  it('gives the published figure: 1.226 purchases in 39 weeks for x = 2, t_x = 30.43, T = 38.86', () => {
    expect(expectedPurchases(cdnow, { repeats: 2, lastAt: 30.43, age: 38.86 }, 39)).toBeCloseTo(1.226, 3);
  });

  it('equals the sum of the direct series where that converges', () => {
    const { r, alpha, a, b } = cdnow,
      x = 2,
      age = 38.86,
      weeks = 39,
      z = weeks / (alpha + age + weeks);
    let term = 1,
      series = 1;
    for (let n = 0; n < 5000; n++) series += term *= ((r + x + n) * (b + x + n) * z) / ((a + b + x - 1 + n) * (n + 1));
    const odds = (a / (b + x - 1)) * ((alpha + age) / (alpha + 30.43)) ** (r + x);
    const direct =
      (((a + b + x - 1) / (a - 1)) * (1 - ((alpha + age) / (alpha + age + weeks)) ** (r + x) * series)) / (1 + odds);
    expect(expectedPurchases(cdnow, { repeats: x, lastAt: 30.43, age }, weeks)).toBeCloseTo(direct, 9);
  });

  const histories = fc
    .record({
      repeats: fc.integer({ min: 0, max: 300 }),
      lastAt: fc.double({ min: 0, max: 200, noNaN: true }),
      since: fc.double({ min: 0, max: 200, noNaN: true }),
    })
    .map(({ repeats, lastAt, since }) => ({ repeats, lastAt: repeats ? lastAt : 0, age: lastAt + since }));

  it('expects neither less over a longer time nor ever a number that is none', () =>
    fc.assert(
      fc.property(histories, (history) => {
        const [quarter, year] = [expectedPurchases(cdnow, history, 13), expectedPurchases(cdnow, history, 52)];
        return Number.isFinite(quarter) && Number.isFinite(year) && quarter >= 0 && year >= quarter - 1e-9;
      }),
    ));

  it('gives a number for every firm: within the pace of who has not left, whatever parameters were found', () => {
    const scale = fc.double({ min: Math.log(1e-4), max: Math.log(1e4), noNaN: true }).map(Math.exp);
    fc.assert(
      fc.property(fc.record({ r: scale, alpha: scale, a: scale, b: scale }), histories, (parameters, history) => {
        const year = expectedPurchases(parameters, history, 52),
          most = activeRate(parameters, history) * 52 * aliveProbability(parameters, history);
        const buys = purchaseProbability(parameters, history, 52);
        return Number.isFinite(year) && year >= 0 && year <= most * (1 + 1e-9) && buys >= 0 && buys <= 1;
      }),
      { numRuns: 60 },
    );
    // Found for made-up histories of buyers who leave all with the same chance.
    expect(
      expectedPurchases({ r: 0.166, alpha: 0.388, a: 929, b: 9843 }, { repeats: 19, lastAt: 200, age: 257 }, 156),
    ).toBeGreaterThan(0);
  });

  it('thinks a buyer less likely to come again the longer the silence', () => {
    const after = (age: number): number => aliveProbability(cdnow, { repeats: 10, lastAt: 30, age });
    expect(after(31)).toBeGreaterThan(after(60));
    expect(after(60)).toBeGreaterThan(after(120));
    expect(aliveProbability(cdnow, { repeats: 0, lastAt: 0, age: 50 })).toBe(1);
  });
});

// From lifetimes 0.11.3 (BetaGeoFitter with the parameters above); the chance to buy from its P(alive) and four million
// draws of the rate.
it.each([
  [{ repeats: 0, lastAt: 0, age: 38.86 }, 1, 0.2520730222824504, 0.1744],
  [{ repeats: 2, lastAt: 30.43, age: 38.86 }, 0.72657857, 1.5587208064320972, 0.6028],
  [{ repeats: 7, lastAt: 29.43, age: 38.86 }, 0.64175635, 4.1988555849250515, undefined],
  [{ repeats: 10, lastAt: 30, age: 32 }, 0.88984883, 9.272293419901349, undefined],
  [{ repeats: 1, lastAt: 1, age: 156 }, 0.04335273, 0.016399409417441835, 0.0128],
])('equals the reference for %j', (history, alive, expected, buys) => {
  expect(aliveProbability(cdnow, history)).toBeCloseTo(alive, 8);
  expect(expectedPurchases(cdnow, history, 52)).toBeCloseTo(expected, 10);
  if (buys !== undefined) expect(purchaseProbability(cdnow, history, 52)).toBeCloseTo(buys, 3);
});

it('takes a single purchase of long ago for alive, but not for a buyer: 1 - (alpha / (alpha + t)) ^ r for who has just begun, next to nothing after 29 years', () => {
  expect(purchaseProbability(cdnow, { repeats: 0, lastAt: 0, age: 0 }, 52)).toBeCloseTo(1 - 0.5384027142293999, 10);
  const longAgo = { repeats: 0, lastAt: 0, age: 29 * 52 };
  expect([aliveProbability(cdnow, longAgo), purchaseProbability(cdnow, longAgo, 52) < 0.01]).toEqual([1, true]);
});

describe('Gamma-Gamma', () => {
  it("gives everybody's mean to who never bought, p γ / (q - 1)", () => {
    expect(expectedSpend(spend, { purchases: 0, mean: 0 })).toBeCloseTo((6.25 * 15.44) / 2.74, 6);
  });
  it("comes close to the buyer's own mean with many purchases", () => {
    expect(expectedSpend(spend, { purchases: 500, mean: 80 })).toBeCloseTo(80, 0);
  });
});

describe('fitting', () => {
  // Seeded draws from known parameters; a linear congruential generator is enough for a test.
  let state = 42;
  const uniform = (): number => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648 || 0.5;
  const exponential = (rate: number): number => -Math.log(uniform()) / rate;

  it('finds parameters at least as likely as those that made the histories', () => {
    const histories = Array.from({ length: 1500 }, () => {
      // gamma(1, 8) is exponential, beta(1, 3) is the inverse of its distribution function: both easy to draw.
      const rate = exponential(8),
        leaves = 1 - (1 - uniform()) ** (1 / 3),
        age = 40 + 60 * uniform();
      let repeats = 0,
        lastAt = 0;
      for (let t = exponential(rate); t < age && uniform() > leaves * (repeats >= 0 ? 1 : 0); t += exponential(rate)) {
        repeats++;
        lastAt = t;
      }
      return { repeats, lastAt, age };
    });
    const cost = ([r, alpha, a, b]: number[]): number =>
      -histories.reduce((sum, each) => sum + purchaseLikelihood({ r: r!, alpha: alpha!, a: a!, b: b! }, each), 0);
    const found = minimise([0.5, 5, 0.5, 2], cost);
    expect(cost(found)).toBeLessThanOrEqual(cost([1, 8, 1, 3]));
    const buyers = histories.map((each) =>
      expectedPurchases({ r: found[0]!, alpha: found[1]!, a: found[2]!, b: found[3]! }, each, 52),
    );
    expect(buyers.every(Number.isFinite)).toBe(true);
  });

  it('finds the mean of what is spent', () => {
    const buyers = Array.from({ length: 800 }, () => {
      const own = 2 + 6 * uniform();
      return { purchases: 4, mean: own * (0.8 + 0.4 * uniform()) };
    });
    const [p, q, gamma] = minimise(
      [6, 4, 15],
      ([pp, qq, gg]) => -buyers.reduce((sum, each) => sum + spendLikelihood({ p: pp!, q: qq!, gamma: gg! }, each), 0),
    );
    const mean = buyers.reduce((sum, each) => sum + each.mean, 0) / buyers.length;
    expect(expectedSpend({ p: p!, q: q!, gamma: gamma! }, { purchases: 0, mean: 0 })).toBeCloseTo(mean, 0);
  });
});

describe('lifetime value', () => {
  const model: LifetimeModel = {
    purchases: cdnow,
    spend,
    marginRate: 0.3,
    serveCostPerYear: 0,
    discountRate: 0.12,
    horizonYears: 3,
  };
  const buyer = { purchases: 6, repeatRevenue: 200, revenue: 240, margin: 72, serveCost: 0, lastAt: 30, age: 32 };

  it('falls with the discount rate and is the plain sum without one', () => {
    const plain = lifetimeValue({ ...model, discountRate: 0 }, buyer);
    expect(lifetimeValue(model, buyer).value).toBeLessThan(plain.value);
    expect(plain.value).toBeCloseTo(
      expectedPurchases(cdnow, { repeats: 5, lastAt: 30, age: 32 }, (3 * 365.25) / 7) *
        plain.expectedOrderValue *
        plain.marginRate,
      6,
    );
  });
  it('rises with a purchase and falls with silence', () => {
    expect(
      lifetimeValue(model, { ...buyer, purchases: 7, repeatRevenue: 240, revenue: 280, margin: 84, lastAt: 32 }).value,
    ).toBeGreaterThan(lifetimeValue(model, buyer).value);
    expect(lifetimeValue(model, { ...buyer, age: 90 }).value).toBeLessThan(lifetimeValue(model, buyer).value);
  });
  it('expects of repeat buyers what their repeat purchases were like, and of the others what is usual', () => {
    expect(lifetimeValue(model, { ...buyer, repeatRevenue: 5 * 40, revenue: 10_000 }).expectedOrderValue).toBe(
      expectedSpend(spend, { purchases: 5, mean: 40 }),
    );
    expect(
      lifetimeValue(model, { ...buyer, purchases: 1, repeatRevenue: 0, lastAt: 0, revenue: 10_000 }).expectedOrderValue,
    ).toBeCloseTo((6.25 * 15.44) / 2.74, 6);
  });
  it("takes off what serving costs: the own cost of a year, drawn towards the firm's, as long as the buyer is one", () => {
    const served = lifetimeValue({ ...model, discountRate: 0, serveCostPerYear: 4 }, { ...buyer, serveCost: 8 });
    const years = 32 / (365.25 / 7);
    expect(served.serveCostPerYear).toBeCloseTo((8 + 4) / (years + 1), 9);
    const expected = expectedPurchases(cdnow, { repeats: 5, lastAt: 30, age: 32 }, (3 * 365.25) / 7),
      pace = (((cdnow.r + 5) / (cdnow.alpha + 32)) * 365.25) / 7;
    expect(lifetimeValue({ ...model, discountRate: 0 }, buyer).value - served.value).toBeCloseTo(
      (served.serveCostPerYear * expected) / pace,
      9,
    );
    // Who surely bought on at this pace would be served for all of the three years.
    expect(expected / pace).toBeLessThan(3);
  });
  it('is a loss for a customer who is served or supplied below cost', () => {
    expect(lifetimeValue(model, { ...buyer, margin: -200 }).value).toBeLessThan(0);
    expect(lifetimeValue(model, { ...buyer, serveCost: 1000 }).value).toBeLessThan(0);
  });
});
