import fc from 'fast-check';
import { Money } from './money.value.js';

const vnd = fc.integer({ min: -1e12, max: 1e12 }).map((each) => Money.of(each));

describe('Money', () => {
  it('rounds to the currency: VND has no minor unit', () => {
    expect(Money.of('1500000.5').amount).toBe('1500001');
    expect(Money.of('19.995', 'USD').amount).toBe('20');
  });
  it('never drifts as floats do', () => expect(Money.of('0.1', 'USD').plus(Money.of('0.2', 'USD')).amount).toBe('0.3'));
  it('refuses to mix currencies', () => expect(() => Money.of(1).plus(Money.of(1, 'USD'))).toThrow('Cannot mix'));
  it('adds and takes away without loss', () => fc.assert(fc.property(vnd, vnd, (a, b) => a.plus(b).minus(b).amount === a.amount)));
  it('writes no exponent for large amounts', () => expect(Money.of('123456789012345').times(1).amount).toBe('123456789012345'));
});
