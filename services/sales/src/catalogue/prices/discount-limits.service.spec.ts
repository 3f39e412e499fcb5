import { Decimal } from 'decimal.js';
import { Money } from '@quen/events';
import { codeOf } from '@quen/testing';
import { combinedDiscount, mustBeWithin, percentBelow } from './discount-limits.service.js';

const line = (book: number | null, amount: number) => ({
  book: book === null ? null : Money.of(book),
  amount: Money.of(amount),
});

describe('limits of discounts', () => {
  it('adds a discount on the line and one on the whole up to what is really given', () => {
    expect([
      combinedDiscount('5', '10').toFixed(),
      combinedDiscount('0', '0').toFixed(),
      combinedDiscount('100', '3').toFixed(),
    ]).toEqual(['14.5', '0', '100']);
  });

  it.each([
    [1_000_000, 900_000, 'done'],
    [1_000_000, 899_999, 'discount_beyond_limit'],
    [1_000_000, 1_200_000, 'done'],
    [1_000_000, 0, 'discount_beyond_limit'],
    [333, 300, 'done'],
    [0, 0, 'done'],
    [null, 1_000_000, 'free_price_not_allowed'],
    [null, 0, 'free_price_not_allowed'],
  ])('at 10 %%, a line of %s in the books sold for %s is %s', (book, amount, code) =>
    expect(codeOf(() => mustBeWithin(new Decimal(10), line(book, amount), 1))).toBe(code),
  );

  it('says by how much and how much is allowed', () => {
    expect(() => mustBeWithin(new Decimal('12.5'), line(3, 2), 4)).toThrow(
      expect.objectContaining({ params: expect.objectContaining({ line: 4, percent: '33.33', limit: '12.5' }) }),
    );
    expect(percentBelow(Money.of(100), Money.of(120)).toFixed()).toBe('0');
  });
});
