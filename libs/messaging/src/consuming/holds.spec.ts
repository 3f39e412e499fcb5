import { jest } from '@jest/globals';
import { defaultTuning } from '../settings.js';
import { Holds } from './holds.js';

describe('A partition that meets transient failures', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('waits longer each time, and is read again within half a minute however often it failed', () => {
    const resumed: string[] = [];
    const holds = new Holds(
      defaultTuning,
      () => undefined,
      (topic, partition) => resumed.push(`${topic}/${partition}`),
    );
    const delays = Array.from({ length: 12 }, () => holds.backOff('orders', 3));
    expect(delays.slice(0, 4)).toEqual([1, 2, 4, 8].map((times) => times * defaultTuning.backoffMinMs));
    expect(new Set(delays.slice(5)).size).toBe(1);
    jest.advanceTimersByTime(30_000);
    expect(resumed).toEqual(['orders/3']);
    expect(holds.reason('orders', 3)).toBeUndefined();
  });

  it('begins anew after a success', () => {
    const holds = new Holds(
      defaultTuning,
      () => undefined,
      () => undefined,
    );
    expect([holds.backOff('orders', 3), holds.backOff('orders', 3)]).toEqual([1_000, 2_000]);
    holds.succeeded('orders', 3);
    expect(holds.backOff('orders', 3)).toBe(1_000);
    holds.clear();
  });
});
