import { Decimal } from 'decimal.js';
import { Money } from '@quen/events';

/**
 * The part of a whole amount that belongs to the units `from` up to `from + part` of `quantity`.
 * It is the difference of two rounded running shares, so however a line is split, its parts add up to exactly the
 * whole.
 */
export function shareOf(whole: Money, quantity: string, from: string, part: string): Money {
  const until = (units: Decimal): Money => whole.times(units.dividedBy(quantity));
  return until(new Decimal(from).plus(part)).minus(until(new Decimal(from)));
}

/**
 * What a customer still owes: total less what was credited for returns less what was paid; negative when the firm owes.
 */
export function balanceOf(total: Money, credited: Money, paid: Money): Money {
  return total.minus(credited).minus(paid);
}

/** How much of an order has been delivered. */
export function deliveredState(lines: readonly { quantity: string; delivered: string }[]): 'none' | 'part' | 'full' {
  if (lines.every((line) => new Decimal(line.delivered).greaterThanOrEqualTo(line.quantity))) return 'full';
  return lines.some((line) => new Decimal(line.delivered).greaterThan(0)) ? 'part' : 'none';
}

/** A quantity of a line that was handed over on a day, below zero where it came back. */
export interface Movement {
  line: number;
  /** Civil day. */
  day: string;
  quantity: string;
}

/**
 * How much of a line can have come back on a day: what was with the customer then, and still is after everything that
 * is known of later days.
 */
export function returnableOn(movements: readonly Movement[], line: number, day: string): string {
  const own = movements.filter((each) => each.line === line);
  const held = (until: string): Decimal =>
    Decimal.sum(0, ...own.filter((each) => each.day <= until).map((each) => each.quantity));
  const days = [day, ...own.map((each) => each.day).filter((each) => each > day)];
  return Decimal.max(0, Decimal.min(...days.map(held))).toFixed();
}
