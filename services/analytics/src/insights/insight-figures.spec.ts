import fc from 'fast-check';
import { daysAfter } from '@quen/chassis';
import type { ModelInUse } from '../models/models.service.js';
import { noPurchases } from '../purchases/purchase-days.service.js';
import type { Sums } from '../purchases/sums.value.js';
import { figuresOf, haveMoved } from './insight-figures.js';

const inUse = (day: string): ModelInUse => ({
  version: 1,
  day,
  customers: 0,
  policy: [
    { rank: 'standard', minimumValue: 0 },
    { rank: 'bronze', minimumValue: 5e6 },
  ],
  model: {
    purchases: { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 },
    spend: { p: 6.25, q: 3.74, gamma: 0.88 },
    marginRate: 0.3,
    serveCostPerYear: 0.02,
    discountRate: 0.12,
    horizonYears: 3,
  },
});

const sums: Sums = {
  customerId: '',
  orders: 4,
  revenue: '9000000',
  cost: '5000000',
  paid: '9000000',
  serviceCost: '60000',
  firstOrderOn: '2024-01-10',
  lastOrderOn: '2025-11-02',
  purchases: 3,
  purchaseRevenue: '9000000',
  firstPurchaseOn: '2024-01-10',
  lastPurchaseOn: '2025-11-02',
  firstPurchaseRevenue: '3000000',
};
const at = (day: string, of = sums) => figuresOf(of, inUse(day), 'VND');

it('calculates for the day that is asked, and for nobody an own one', () => {
  expect(at('2026-11-29').asOf).toBe('2026-11-29');
  const [then, later] = [at('2025-11-30'), at('2026-11-29')];
  expect(Number(later.lifetimeValue)).toBeLessThan(Number(then.lifetimeValue) * 0.6);
  expect([then.recencyScore, later.recencyScore]).toEqual([5, 1]);
});

it('what came back wholly, or was free, is no purchase', () => {
  expect(at('2026-11-29', { ...sums, ...noPurchases, revenue: '0', cost: '800000' })).toMatchObject({
    lifetimeValue: '0',
    aliveProbability: null,
    purchaseProbability: null,
    ordersNextYear: null,
    recencyScore: 0,
    frequencyScore: 0,
    valueScore: 0,
  });
});

it('what others are told last is never off by more than 5 %, however often it is calculated in between', () =>
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 0, max: 900 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 60 }),
      (purchases, span, days) => {
        const history = {
          ...sums,
          purchases,
          lastPurchaseOn: daysAfter(sums.firstPurchaseOn!, purchases > 1 ? span : 0),
        };
        let day = history.lastPurchaseOn,
          before = at(day, history),
          told = before;
        for (const more of days) {
          day = daysAfter(day, more);
          const now = at(day, history);
          if (haveMoved(before, now, 'VND')) told = now;
          before = now;
          const near = (one: number, other: number, least: number): boolean =>
            Math.max(one, other) < least || Math.abs(Math.log(one / other)) <= Math.log(1.05) + 1e-9;
          if (
            !near(Number(told.lifetimeValue), Number(now.lifetimeValue), 1000) ||
            !near(told.purchaseProbability!, now.purchaseProbability!, 0.01) ||
            told.recencyScore !== now.recencyScore
          )
            return false;
        }
        return true;
      },
    ),
    { numRuns: 40 },
  ));

it('others are not told of what has hardly changed', () => {
  const days = Array.from({ length: 100 }, (_, n) => at(daysAfter('2026-06-01', n)));
  const told = days.slice(1).filter((now, n) => haveMoved(days[n]!, now, 'VND')).length;
  expect(told).toBeLessThan(30);
});
