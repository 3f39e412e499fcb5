import { Money } from '@quen/events';
import { returnOf } from './campaign-return.js';
import type { Counted } from './results.queries.js';

const entry = (
  kind: 'order' | 'payment' | 'return',
  amount: string,
  cost: string,
  change: Partial<Counted['entries'][number]> = {},
): Counted['entries'][number] => ({ kind, attribution: 'direct', currency: 'VND', count: 1, amount, cost, ...change });

describe('return of a campaign', () => {
  it("takes returns, goods and the campaign's own cost off the revenue", () => {
    const found = returnOf(
      [
        entry('order', '10000000.0000', '6000000.0000', { count: 2 }),
        entry('order', '5000000', '3000000', { attribution: 'last-touch' }),
        entry('payment', '7000000', '0'),
        entry('return', '1000000', '600000'),
      ],
      Money.of('500000'),
    );
    expect(found).toEqual({
      orders: 3,
      ordersByAttribution: { direct: 2, lastTouch: 1 },
      revenue: Money.of('15000000'),
      paid: Money.of('7000000'),
      returns: Money.of('1000000'),
      profit: Money.of('5100000'),
      returnOnCost: '10.2',
      otherCurrencies: 0,
    });
  });

  it('is a loss before anything came of it', () =>
    expect(returnOf([], Money.of('500000'))).toMatchObject({
      orders: 0,
      profit: Money.of('-500000'),
      returnOnCost: '-1',
    }));
  it('has no rate without a cost', () =>
    expect(returnOf([], Money.zero())).toMatchObject({ returnOnCost: null, profit: Money.zero() }));
  it('leaves other currencies out and says so', () => {
    expect(returnOf([entry('order', '100.50', '50', { currency: 'USD', count: 4 })], Money.of('1'))).toMatchObject({
      orders: 0,
      revenue: Money.zero(),
      otherCurrencies: 4,
    });
  });
});
