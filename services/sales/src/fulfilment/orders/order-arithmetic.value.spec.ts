import fc from 'fast-check';
import { Money } from '@quen/events';
import { deliveredState, returnableOn, shareOf } from './order-arithmetic.value.js';

describe('shareOf', () => {
  it('splits so that the parts add up', () => {
    const parts = ['0', '1', '2'].map((from) => shareOf(Money.of('100'), '3', from, '1').amount);
    expect(parts).toEqual(['33', '34', '33']);
  });

  it('loses and invents nothing, however a line is split', () => {
    const amount = fc.bigInt({ min: 0n, max: 10n ** 15n - 1n });
    const splits = fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(amount, splits, fc.constantFrom('VND', 'USD'), (whole, parts, currency) => {
        const quantity = String(parts.reduce((sum, part) => sum + part, 0));
        const total = Money.of(whole.toString(), currency);
        let from = 0;
        const shares = parts.map((part) => {
          const share = shareOf(total, quantity, String(from), String(part));
          from += part;
          return share;
        });
        expect(Money.sum(shares, currency)).toEqual(total);
        shares.forEach((share) => expect(share.compareTo(Money.zero(currency))).toBeGreaterThanOrEqual(0));
      }),
    );
  });
});

describe('deliveredState', () => {
  it.each([
    [['0', '0'], 'none'],
    [['1', '0'], 'part'],
    [['1', '2.5'], 'full'],
    [['1', '2.4999'], 'part'],
  ] as const)('%j is %s', ([one, two], state) => {
    expect(
      deliveredState([
        { quantity: '1', delivered: one },
        { quantity: '2.5', delivered: two },
      ]),
    ).toBe(state);
  });
});

describe('returnableOn', () => {
  const movements = [
    { line: 1, day: '2026-03-01', quantity: '2' },
    { line: 1, day: '2026-03-05', quantity: '1' },
    { line: 1, day: '2026-03-06', quantity: '-2' },
    { line: 2, day: '2026-03-01', quantity: '9' },
  ];

  it.each([
    ['2026-02-28', '0'],
    ['2026-03-01', '1'],
    ['2026-03-05', '1'],
    ['2026-03-07', '1'],
  ])('on %s %s pieces can have come back', (day, quantity) => expect(returnableOn(movements, 1, day)).toBe(quantity));

  it('gives back what went later only later', () => {
    expect(returnableOn(movements.slice(0, 2), 1, '2026-03-04')).toBe('2');
    expect(returnableOn(movements.slice(0, 2), 1, '2026-03-05')).toBe('3');
    expect(returnableOn([], 1, '2026-03-05')).toBe('0');
  });
});
