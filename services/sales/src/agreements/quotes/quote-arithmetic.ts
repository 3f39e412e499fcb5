import { Decimal } from 'decimal.js';
import { Money } from '@quen/events';

/** What is left of an amount after a discount in per cent. */
export function discounted(amount: Money, percent: string): Money {
  return amount.times(new Decimal(100).minus(percent).dividedBy(100));
}

/** Amount of a line: unit price by quantity, less the line's discount; rounded once, at the end. */
export function lineAmount(unitPrice: Money, quantity: string, discountPercent: string): Money {
  return unitPrice.times(new Decimal(quantity).times(new Decimal(100).minus(discountPercent)).dividedBy(100));
}

/** Spreads a discount on the whole over the lines, so that they add up to exactly the discounted total. */
export function spreadDiscount(amounts: readonly Money[], percent: string): Money[] {
  const first = amounts[0];
  if (!first) return [];
  let before = Money.zero(first.currency);
  return amounts.map((amount) => {
    const until = before.plus(amount);
    const share = discounted(until, percent).minus(discounted(before, percent));
    before = until;
    return share;
  });
}

/** The amounts of a quote's lines after all discounts; they add up to its total. */
export function netAmounts(
  lines: readonly { amount: string }[],
  { currency, discountPercent }: { currency: string; discountPercent: string },
): Money[] {
  return spreadDiscount(
    lines.map((line) => Money.of(line.amount, currency)),
    discountPercent,
  );
}
