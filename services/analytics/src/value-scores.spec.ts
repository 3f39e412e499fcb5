import { frequencyScore, rankedValue, rankOf, recencyScore, valueScore, type RankStep } from './value-scores.js';

const policy: RankStep[] = [
  { rank: 'standard', minimumValue: 0 },
  { rank: 'bronze', minimumValue: 5e6 },
  { rank: 'silver', minimumValue: 2e7 },
  { rank: 'gold', minimumValue: 6e7 },
  { rank: 'diamond', minimumValue: 1.5e8 },
];

it.each([
  ['2026-11-22', 5],
  ['2026-10-23', 5],
  ['2026-10-22', 4],
  ['2026-08-24', 4],
  ['2026-05-26', 3],
  ['2025-11-22', 2],
  ['2025-11-21', 1],
  [null, 0],
])('a purchase on %s gives recency %d on 2026-11-22', (day, score) =>
  expect(recencyScore(day, '2026-11-22')).toBe(score),
);

it.each([
  [0, 0],
  [1, 1],
  [4, 2],
  [5, 3],
  [19, 4],
  [20, 5],
  [400, 5],
])('%d days with a purchase give frequency %d', (days, score) => expect(frequencyScore(days)).toBe(score));

it.each([
  [-1, 'standard'],
  [4_999_999, 'standard'],
  [5e6, 'bronze'],
  [59_999_999, 'silver'],
  [1.5e8, 'diamond'],
])('a value of %d ranks %s', (value, rank) => expect(rankOf(value, policy)).toBe(rank));

it('ranks by money received for goods that were kept', () => {
  expect(rankedValue(60, 0)).toBe(0);
  expect(rankedValue(60, 50)).toBe(50);
  expect(rankedValue(40, 60)).toBe(40);
});

it('scores value by the rank, and not at all without a purchase', () => {
  expect(valueScore(3, 'diamond', policy)).toBe(5);
  expect(valueScore(0, 'standard', policy)).toBe(0);
});
