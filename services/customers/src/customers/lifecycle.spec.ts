import { stageAfter, stageOf, stageSaid, type Purchases } from './lifecycle.js';

const bought = (
  orders: number,
  lastOrderOn = '2026-11-01',
  recencyScore = 5,
  firstOrderOn = '2024-01-01',
): Purchases => (orders ? { orders, firstOrderOn, lastOrderOn, recencyScore } : { orders, recencyScore: 0 });

describe('the stage by purchases', () => {
  it.each([
    [bought(0), 'prospect'],
    [bought(1), 'first-time'],
    [bought(2), 'repeat'],
    [bought(4), 'repeat'],
    [bought(5), 'frequent'],
    [bought(10), 'loyal'],
    [bought(10, '2026-11-01', 5, '2026-01-01'), 'frequent'],
    [bought(12, '2025-01-01', 1), 'dormant'],
    [{ ...bought(3), purchases: 1 }, 'first-time'],
    [{ ...bought(1), purchases: 0 }, 'prospect'],
  ])('%j is %s', (purchases, stage) => expect(stageOf(purchases)).toBe(stage));
});

describe('the stage after another', () => {
  it('goes back when what was bought came back', () =>
    expect(stageAfter({ lifecycle: 'first-time', lifecycleSince: '2026-11-01' }, bought(0)).lifecycle).toBe(
      'prospect',
    ));

  it('is won back by an order after a year of silence, and goes on with the next', () => {
    const dormant = stageAfter({ lifecycle: 'repeat', lifecycleSince: '2025-01-01' }, bought(3, '2025-01-01', 1));
    expect(dormant).toEqual({ lifecycle: 'dormant', lifecycleSince: '2025-01-01' });
    const back = stageAfter(dormant, bought(4, '2026-11-01'));
    expect(back).toEqual({ lifecycle: 'won-back', lifecycleSince: '2026-11-01' });
    expect(stageAfter(back, bought(4, '2026-11-01', 4))).toBe(back);
    expect(stageAfter(back, bought(5, '2026-11-20')).lifecycle).toBe('frequent');
  });

  it('stays lost until there is an order after the day on which it was said', () => {
    const lost = { lifecycle: 'lost', lifecycleSince: '2026-11-10' } as const;
    expect(stageAfter(lost, bought(3, '2026-11-01'))).toBe(lost);
    expect(stageAfter(lost, bought(3, '2025-01-01', 1))).toBe(lost);
    expect(stageAfter(lost, bought(4, '2026-11-12')).lifecycle).toBe('won-back');
  });

  it('is not won back without an order, when only the reckoning of silence changed', () => {
    expect(
      stageAfter({ lifecycle: 'dormant', lifecycleSince: '2026-01-01' }, bought(2, '2026-01-01', 4)).lifecycle,
    ).toBe('repeat');
  });

  it('is the same one as long as nothing moves it', () => {
    const now = { lifecycle: 'repeat', lifecycleSince: '2026-01-01' } as const;
    expect(stageAfter(now, bought(3, '2026-11-01'))).toBe(now);
  });
});

it('is read from files only where facts cannot know it', () =>
  expect([stageSaid('lost'), stageSaid('loyal'), stageSaid(undefined)]).toEqual(['lost', undefined, undefined]));
