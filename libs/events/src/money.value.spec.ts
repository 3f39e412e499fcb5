import { plainToInstance } from 'class-transformer';
import { IsOptional, validate } from 'class-validator';
import fc from 'fast-check';
import { IsMoney, Money } from './money.value.js';

const vnd = fc.integer({ min: -1e12, max: 1e12 }).map((each) => Money.of(each));

class Payment {
  @IsMoney('more than zero') amount!: Money;
  @IsOptional() @IsMoney() fee?: Money | null;
}

describe('Money', () => {
  it.each([
    [{ amount: { amount: '5.5', currency: 'VND' } }, 'amount must be a whole number: VND has no decimals'],
    [{ amount: { amount: '5.50', currency: 'USD' } }, undefined],
    [{ amount: { amount: '5.00', currency: 'VND' } }, undefined],
    [{ amount: { amount: '5.505', currency: 'USD' } }, 'amount must have at most 2 decimals in USD'],
    [{ amount: { amount: '0', currency: 'VND' } }, 'must be more than zero'],
    [
      { amount: { amount: '5', currency: 'VND' }, fee: { amount: '-1', currency: 'VND' } },
      'must not be less than zero',
    ],
    [{ amount: { amount: '5', currency: 'VND' }, fee: { amount: '0', currency: 'VND' } }, undefined],
    [
      { amount: { amount: 'five', currency: 'VND' } },
      String.raw`amount must match /^-?\d{1,15}(\.\d{1,4})?$/ regular expression`,
    ],
    [{ amount: 5 }, 'nested property amount must be either object or array'],
    [{}, 'amount should not be null or undefined'],
  ])('in a request, %j: %s', async (body, message) => {
    const [error] = await validate(plainToInstance(Payment, body));
    expect(Object.values(error?.constraints ?? error?.children?.[0]?.constraints ?? {})).toEqual(
      message ? expect.arrayContaining([message]) : [],
    );
  });
  it('rounds to the currency: VND has no minor unit', () => {
    expect(Money.of('1500000.5').amount).toBe('1500001');
    expect(Money.of('19.995', 'USD').amount).toBe('20');
  });
  it('never drifts as floats do', () => expect(Money.of('0.1', 'USD').plus(Money.of('0.2', 'USD')).amount).toBe('0.3'));
  it('refuses to mix currencies', () => expect(() => Money.of(1).plus(Money.of(1, 'USD'))).toThrow('Cannot mix'));
  it('adds and takes away without loss', () =>
    fc.assert(fc.property(vnd, vnd, (a, b) => a.plus(b).minus(b).amount === a.amount)));
  it('writes no exponent for large amounts', () =>
    expect(Money.of('123456789012345').times(1).amount).toBe('123456789012345'));
});
