import { IsString, Length, Matches } from 'class-validator';
import { Decimal } from 'decimal.js';

/** An amount of money: decimal text and currency, never a float. */
export class Money {
  /**
   * Amount as decimal text, at most 15 digits before and 4 after the point; VND has no minor unit.
   * @example '1500000'
   */
  @Matches(/^-?\d{1,15}(\.\d{1,4})?$/) amount!: string;

  /**
   * ISO 4217 code.
   * @example 'VND'
   */
  @IsString() @Length(3, 3) currency!: string;

  /** Makes an amount; the number of decimals is the currency's own (0 for VND, 2 otherwise), rounded half up. */
  static of(amount: string | number | Decimal, currency = 'VND'): Money {
    const money = new Money();
    money.amount = new Decimal(amount).toDecimalPlaces(currency === 'VND' ? 0 : 2, Decimal.ROUND_HALF_UP).toFixed();
    money.currency = currency;
    return money;
  }

  static zero(currency = 'VND'): Money {
    return Money.of(0, currency);
  }

  static sum(amounts: Money[], currency = amounts[0]?.currency ?? 'VND'): Money {
    return amounts.reduce((total, each) => total.plus(each), Money.zero(currency));
  }

  /** @throws Error when the currencies differ: amounts are converted before they are added. */
  plus(other: Money): Money {
    return Money.of(new Decimal(this.amount).plus(this.same(other).amount), this.currency);
  }

  /** @throws Error when the currencies differ. */
  minus(other: Money): Money {
    return Money.of(new Decimal(this.amount).minus(this.same(other).amount), this.currency);
  }

  times(factor: string | number | Decimal): Money {
    return Money.of(new Decimal(this.amount).times(factor), this.currency);
  }

  negated(): Money {
    return this.times(-1);
  }

  /** Negative, zero or positive as this is less than, equal to or more than the other. */
  compareTo(other: Money): number {
    return new Decimal(this.amount).comparedTo(this.same(other).amount);
  }

  isZero(): boolean {
    return new Decimal(this.amount).isZero();
  }

  private same(other: Money): Money {
    if (other.currency !== this.currency) throw new Error(`Cannot mix ${this.currency} and ${other.currency}`);
    return other;
  }
}
