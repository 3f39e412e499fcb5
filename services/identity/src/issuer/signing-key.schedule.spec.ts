import { nextKeyFrom, publishedKeys, removableKeys, signingKey, type KeyPolicy } from './signing-key.schedule.js';

const hour = 3_600_000;
const day = 24 * hour;
const policy: KeyPolicy = { rotateEvery: 90 * day, announce: hour, keep: day };
const at = (milliseconds: number) => new Date(Date.UTC(2026, 0, 1) + milliseconds);
const first = { kid: 'first', signsFrom: at(0) };
const second = { kid: 'second', signsFrom: at(90 * day) };

describe('signing key schedule', () => {
  it('makes the first key at once', () => {
    expect(nextKeyFrom([], at(0), policy)).toEqual(at(0));
  });

  it('makes the next key one announcement before the old one ends', () => {
    expect(nextKeyFrom([first], at(90 * day - 2 * hour), policy)).toBeUndefined();
    expect(nextKeyFrom([first], at(90 * day - hour), policy)).toEqual(at(90 * day));
    expect(nextKeyFrom([first, second], at(90 * day - hour), policy)).toBeUndefined();
  });

  it('announces a late key in full too', () => {
    expect(nextKeyFrom([first], at(200 * day), policy)).toEqual(at(200 * day + hour));
  });

  it('shows an announced key without signing with it', () => {
    const now = at(90 * day - hour / 2);
    expect(signingKey([second, first], now)).toBe(first);
    expect(publishedKeys([second, first], now, policy)).toEqual([first, second]);
  });

  it('keeps showing the old key until what it signed has expired', () => {
    const during = at(91 * day - 1);
    expect(signingKey([first, second], during)).toBe(second);
    expect(publishedKeys([first, second], during, policy)).toEqual([second, first]);
    expect(removableKeys([first, second], at(91 * day), policy)).toEqual([first]);
    expect(publishedKeys([first, second], at(91 * day), policy)).toEqual([second]);
  });

  it('never removes the only key', () => {
    expect(removableKeys([first], at(9_000 * day), policy)).toEqual([]);
  });
});
