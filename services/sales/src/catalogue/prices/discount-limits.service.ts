import { Injectable } from '@nestjs/common';
import { Decimal } from 'decimal.js';
import { Rights, type OwnedRow, type Principal } from '@quen/chassis';
import type { Money } from '@quen/events';
import { defineProblem } from '@quen/messaging';
import { SalesConfig } from '../../sales.config.js';

export const discountBeyondLimit = defineProblem('forbidden', 'discount_beyond_limit', {
  en: 'Line {line} is {percent} % below the book price; you may give at most {limit} %. Ask somebody who may give more.',
  vi: 'Dòng {line} thấp hơn giá trong bảng giá {percent} %; bạn chỉ được giảm tối đa {limit} %. Hãy nhờ người có quyền giảm nhiều hơn.',
});
export const freePriceNotAllowed = defineProblem('forbidden', 'free_price_not_allowed', {
  en: 'Line {line} has no book price, and your roles do not allow a price of your own.',
  vi: 'Dòng {line} không có giá trong bảng giá, và vai trò của bạn không được tự đặt giá.',
});

/** A line as it is to be sold, beside what the books say of it. */
export interface PricedLine {
  /** What the books say of the whole line; null where they say nothing. */
  book: Money | null;
  /** After all discounts. */
  amount: Money;
}

/** What is given off, in per cent, by a discount on the line and one on the whole. */
export function combinedDiscount(line: string, whole: string): Decimal {
  const left = (percent: string): Decimal => new Decimal(100).minus(percent).dividedBy(100);
  return new Decimal(100).minus(left(line).times(left(whole)).times(100));
}

/** By how much an amount is below the books, in per cent rounded to two decimals; zero when it is not. */
export function percentBelow(book: Money, amount: Money): Decimal {
  if (book.isZero()) return new Decimal(0);
  return Decimal.max(
    0,
    new Decimal(1).minus(new Decimal(amount.amount).dividedBy(book.amount)).times(100),
  ).toDecimalPlaces(2);
}

/** How much each caller may give off, and who may set a price freely. */
@Injectable()
export class DiscountLimits {
  private readonly limits: ReadonlyMap<string, Decimal>;

  constructor(
    config: SalesConfig,
    private readonly rights: Rights,
  ) {
    this.limits = new Map(
      config.DISCOUNT_LIMITS.split(',')
        .filter(Boolean)
        .map((pair) => {
          const [role = '', percent = '0'] = pair.split('=');
          return [role, new Decimal(percent)] as const;
        }),
    );
  }

  /** The most that the caller may give off a record, in per cent; undefined for whoever sets prices freely. */
  async of(caller: Principal, record: OwnedRow): Promise<Decimal | undefined> {
    if (await this.rights.may(caller, 'price', 'override', record)) return undefined;
    return Decimal.max(0, ...caller.roles.map((role) => this.limits.get(role) ?? 0));
  }

  /**
   * @throws Problem discount_beyond_limit, free_price_not_allowed naming the first line that is beyond what the caller
   * may give
   */
  async mustAllow(caller: Principal, record: OwnedRow, lines: readonly PricedLine[]): Promise<void> {
    const limit = await this.of(caller, record);
    if (limit) lines.forEach((line, index) => mustBeWithin(limit, line, index + 1));
  }
}

/** @throws Problem discount_beyond_limit, free_price_not_allowed */
export function mustBeWithin(limit: Decimal, { book, amount }: PricedLine, line: number): void {
  if (!book) throw freePriceNotAllowed({ line });
  const least = book.times(new Decimal(100).minus(limit).dividedBy(100));
  if (amount.compareTo(least) < 0)
    throw discountBeyondLimit({ line, percent: percentBelow(book, amount).toFixed(), limit: limit.toFixed() });
}
