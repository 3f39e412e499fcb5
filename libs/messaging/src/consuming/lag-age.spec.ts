import { LagAge } from './lag-age.js';

describe('the age of a lag', () => {
  it('is that of the oldest record which is not taken yet', () => {
    const age = new LagAge();
    age.saw(10n, 1_000);
    age.saw(20n, 6_000);
    expect(age.seconds(5n, 7_000)).toBe(6);
    expect(age.seconds(10n, 7_000)).toBe(1);
    expect(age.seconds(20n, 60_000)).toBe(0);
  });

  it('does not grow younger when the end is seen again, nor start before the first record comes', () => {
    const age = new LagAge();
    age.saw(10n, 0);
    age.saw(10n, 5_000);
    expect(age.seconds(10n, 5_000)).toBe(0);
    age.saw(11n, 65_000);
    age.saw(11n, 70_000);
    expect(age.seconds(10n, 70_000)).toBe(5);
  });

  it('stays about right over hours of lag, in little memory', () => {
    const age = new LagAge();
    for (let second = 0; second < 36_000; second += 5) age.saw(BigInt(second + 5), second * 1000);
    expect(age.seconds(0n, 36_000_000)).toBeGreaterThan(35_000);
    expect(age.seconds(35_990n, 36_000_000)).toBeLessThan(700);
  });
});
