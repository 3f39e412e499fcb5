import { Type } from 'class-transformer';
import {
  IsDefined,
  IsString,
  Length,
  Matches,
  registerDecorator,
  ValidateNested,
  type ValidationArguments,
} from 'class-validator';
import { Decimal } from 'decimal.js';

/** The number of decimals that amounts in a currency have. */
function decimalsOf(currency: string): number {
  return currency === 'VND' ? 0 : 2;
}

/**
 * Refuses an amount with more decimals than its currency has: it could only be stored as another one. Requests are held
 * to it; events keep what their schema says.
 */
function HasDecimalsOfCurrency(): PropertyDecorator {
  return (target, name) =>
    registerDecorator({
      target: target.constructor,
      propertyName: String(name),
      name: 'decimalsOfCurrency',
      options: { context: { vi: 'có nhiều chữ số thập phân hơn loại tiền cho phép' } },
      validator: {
        validate: (amount: unknown, { object }: ValidationArguments) =>
          typeof amount !== 'string' || !isDecimal.test(amount) || Money.fits(amount, (object as Money).currency),
        defaultMessage: ({ object }: ValidationArguments) => `$property ${tooManyDecimals((object as Money).currency)}`,
      },
    });
}

const isDecimal = /^-?\d{1,15}(\.\d{1,4})?$/;

/** What is said of an amount for which {@link Money.fits} is false. */
export function tooManyDecimals(currency: string): string {
  return decimalsOf(currency) === 0
    ? `must be a whole number: ${currency} has no decimals`
    : `must have at most ${decimalsOf(currency)} decimals in ${currency}`;
}

const leasts = {
  zero: {
    name: 'notNegative',
    message: 'must not be less than zero',
    vi: 'không được nhỏ hơn 0',
    holds: (amount: Decimal) => amount.greaterThanOrEqualTo(0),
  },
  'more than zero': {
    name: 'moreThanZero',
    message: 'must be more than zero',
    vi: 'phải lớn hơn 0',
    holds: (amount: Decimal) => amount.greaterThan(0),
  },
};

/**
 * A field of a request that holds {@link Money}, and the least that it may be; needed, unless another decorator lets it
 * be left out.
 */
export function IsMoney(least: keyof typeof leasts = 'zero'): PropertyDecorator {
  const { name: rule, message, vi, holds } = leasts[least];
  return (target, name) => {
    IsDefined()(target, name);
    ValidateNested()(target, String(name));
    Type(() => Money)(target, name);
    registerDecorator({
      target: target.constructor,
      propertyName: String(name),
      name: rule,
      options: { message, context: { vi } },
      validator: {
        validate: (money: unknown) =>
          typeof (money as Money | null)?.amount !== 'string' ||
          !isDecimal.test((money as Money).amount) ||
          holds(new Decimal((money as Money).amount)),
      },
    });
  };
}

/** An amount of money: decimal text and currency, never a float. */
export class Money {
  /**
   * Amount as decimal text, at most 15 digits before and 4 after the point; VND has no minor unit.
   * @example '1500000'
   */
  @Matches(isDecimal) @HasDecimalsOfCurrency() amount!: string;

  /**
   * ISO 4217 code.
   * @example 'VND'
   */
  @IsString() @Length(3, 3) currency!: string;

  /** Makes an amount; the number of decimals is the currency's own (0 for VND, 2 otherwise), rounded half up. */
  static of(amount: string | number | Decimal, currency = 'VND'): Money {
    const money = new Money();
    money.amount = new Decimal(amount).toDecimalPlaces(decimalsOf(currency), Decimal.ROUND_HALF_UP).toFixed();
    money.currency = currency;
    return money;
  }

  /** Whether an amount can be kept in this currency without rounding it. */
  static fits(amount: string | Decimal, currency: string): boolean {
    return new Decimal(amount).decimalPlaces() <= decimalsOf(currency);
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
