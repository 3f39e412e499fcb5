import fc from 'fast-check';
import { Money } from '@quen/events';
import { discounted, lineAmount, spreadDiscount } from './quote-arithmetic.js';

describe('quote arithmetic', () => {
  it('prices a line with its discount', () => {
    expect(lineAmount(Money.of('4990000'), '3', '5').amount).toBe('14221500');
    expect(lineAmount(Money.of('333'), '0.5', '0').amount).toBe('167');
    expect(lineAmount(Money.of('100'), '1', '100').amount).toBe('0');
  });

  it('spreads a discount so that the lines add up to the total', () => {
    const amounts = fc.array(
      fc.integer({ min: 0, max: 1_000_000_000 }).map((each) => Money.of(each)),
      { minLength: 1, maxLength: 20 },
    );
    const percent = fc.integer({ min: 0, max: 10_000 }).map((each) => (each / 100).toFixed(2));
    fc.assert(
      fc.property(amounts, percent, (list, off) => {
        const spread = spreadDiscount(list, off);
        expect(Money.sum(spread)).toEqual(discounted(Money.sum(list), off));
        spread.forEach((each) => expect(each.compareTo(Money.zero())).toBeGreaterThanOrEqual(0));
      }),
    );
  });
});
