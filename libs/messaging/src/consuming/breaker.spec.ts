import { defaultTuning } from '../settings.js';
import { Breaker, BreakerTripped } from './breaker.js';

describe('The breaker', () => {
  let now = 0;
  const breaker = (): Breaker => new Breaker(defaultTuning, () => now);

  it('lets single poisoned records pass among few', () => {
    const one = breaker();
    expect(() => one.check(1, 1)).not.toThrow();
    one.record(1, 1);
    expect(() => one.check(3, 1)).not.toThrow();
  });

  it('trips on more than fifty within a minute', () => {
    const one = breaker();
    one.record(10_000, 50);
    expect(() => one.check(200, 1)).toThrow(BreakerTripped);
  });

  it('trips on more than one in twenty', () => {
    const one = breaker();
    one.record(190, 9);
    expect(() => one.check(9, 1)).toThrow(BreakerTripped);
  });

  it('forgets what is older than the window', () => {
    const one = breaker();
    one.record(10_000, 50);
    now += 61_000;
    expect(() => one.check(200, 1)).not.toThrow();
  });

  it('parks nothing after a trip until a record succeeds', () => {
    const one = breaker();
    one.record(10_000, 50);
    expect(() => one.check(1, 1)).toThrow(BreakerTripped);
    expect(() => one.check(1, 1)).toThrow('after a pause');
    one.record(1, 0);
    expect(() => one.check(1, 1)).not.toThrow();
  });
});
