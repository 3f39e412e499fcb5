import { expectedPurchases, purchaseProbability } from './buyer-model.js';
import { fitModel, type ObservedBuyer } from './model-fit.js';

// A firm whose truth is known: buyers begin on a day of three years and buy as BG/NBD and Gamma-Gamma say, with the
// parameters of a published fit.
const truth = { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };
const trueSpend = { p: 6.25, q: 3.74, gamma: 15.44 };
const [threeYears, year] = [156, 52];

// Seeded draws: mulberry32 for numbers between 0 and 1, Marsaglia and Tsang 2000 for gamma.
let state = 20_261_129;
function uniform(): number {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296 || Number.EPSILON;
}
function normal(): number {
  return Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
function gamma(shape: number): number {
  if (shape < 1) return gamma(shape + 1) * uniform() ** (1 / shape);
  const d = shape - 1 / 3,
    c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(),
      v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}
function beta(a: number, b: number): number {
  const x = gamma(a);
  return x / (x + gamma(b));
}

/**
 * A buyer as observed at the end of three years, and what he bought in the year after. Purchases fall on days, as
 * orders do.
 */
function buyer(): ObservedBuyer & { next: number } {
  const began = Math.floor(uniform() * threeYears * 7) / 7,
    rate = gamma(truth.r) / truth.alpha,
    leaves = beta(truth.a, truth.b);
  const days = new Set<number>([Math.round(began * 7)]);
  for (let at = began; ;) {
    at -= Math.log(uniform()) / rate;
    if (at >= threeYears + year) break;
    days.add(Math.floor(at * 7));
    if (uniform() < leaves) break;
  }
  const seen = [...days].filter((day) => day < threeYears * 7),
    first = Math.min(...seen),
    last = Math.max(...seen);
  const nu = gamma(trueSpend.q) / trueSpend.gamma,
    repeats = seen.length - 1;
  const repeatMean = repeats
    ? Array.from({ length: repeats }, () => gamma(trueSpend.p) / nu).reduce((sum, each) => sum + each, 0) / repeats
    : 0;
  return {
    repeats,
    lastAt: (last - first) / 7,
    age: threeYears - first / 7,
    repeatMean,
    next: days.size - seen.length,
  };
}

describe('a firm of 6,000 buyers and three years, whose truth is known', () => {
  const buyers = Array.from({ length: 6_000 }, buyer);
  const [bought, came] = [
    buyers.reduce((sum, each) => sum + each.next, 0),
    buyers.filter((each) => each.next > 0).length,
  ];
  const start = { purchases: { r: 1, alpha: 10, a: 1, b: 2 }, spend: { p: 2, q: 3, gamma: 5 } };
  let found: Awaited<ReturnType<typeof fitModel>>;
  beforeAll(async () => {
    found = await fitModel({ buyers, meanPurchase: 35, marginRate: 0.3, serveCostPerYear: 0 }, start);
  });

  it("is found out: the next year's purchases, and who makes one, to within 5 %", () => {
    const ratios = [expectedPurchases, purchaseProbability]
      .map((of) => buyers.reduce((sum, each) => sum + of(found.purchases, each, year), 0))
      .map((sum, at) => sum / [bought, came][at]!);
    for (const ratio of ratios) expect(Math.abs(ratio - 1)).toBeLessThan(0.05);
  });

  it('is told apart: who is given a higher chance buys more often', () => {
    const byChance = buyers
      .map((each) => ({ chance: purchaseProbability(found.purchases, each, year), came: each.next > 0 ? 1 : 0 }))
      .sort((one, other) => other.chance - one.chance);
    for (let decile = 0; decile < 10; decile++) {
      const part = byChance.slice(decile * 600, (decile + 1) * 600);
      const [said, was] = [
        part.reduce((sum, { chance }) => sum + chance, 0),
        part.reduce((sum, { came }) => sum + came, 0),
      ];
      // Three times the deviation that chance gives.
      expect(Math.abs(said - was)).toBeLessThan(3 * Math.sqrt(Math.max(said * (1 - said / 600), 4)));
    }
  });

  it('spends what repeat buyers spend, whatever was spent first', () => {
    expect(
      (found.spend.p * found.spend.gamma) / (found.spend.q - 1) / ((trueSpend.p * trueSpend.gamma) / (trueSpend.q - 1)),
    ).toBeCloseTo(1, 1);
  });

  it('would be taken for far more, were each buyer observed to the last purchase only', async () => {
    const half = buyers.filter((_, n) => n % 2 === 0),
      wrong = half.map((each) => ({ ...each, age: each.lastAt }));
    const { purchases } = await fitModel(
      { buyers: wrong, meanPurchase: 35, marginRate: 0.3, serveCostPerYear: 0 },
      start,
    );
    expect(
      wrong.reduce((sum, each) => sum + expectedPurchases(purchases, each, year), 0) /
        half.reduce((sum, each) => sum + each.next, 0),
    ).toBeGreaterThan(1.2);
  });
});
