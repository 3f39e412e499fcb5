import { businessDay, dayOf, frequencyScore, rankedValue, rankOf, type RankStep, recencyScore, valueScore } from './value-scores.js';

const policy: RankStep[] = [
  { rank: 'standard', minimumValue: 0 }, { rank: 'bronze', minimumValue: 5e6 }, { rank: 'silver', minimumValue: 2e7 },
  { rank: 'gold', minimumValue: 6e7 }, { rank: 'diamond', minimumValue: 1.5e8 },
];

it.each([['2026-11-22', 5], ['2026-10-23', 5], ['2026-10-22', 4], ['2026-08-24', 4], ['2026-05-26', 3], ['2025-11-22', 2], ['2025-11-21', 1], [null, 0]])(
  'an order on %s gives recency %d on 2026-11-22', (day, score) => expect(recencyScore(day, '2026-11-22')).toBe(score));

it.each([[0, 0], [1, 1], [4, 2], [5, 3], [19, 4], [20, 5], [400, 5]])('%d orders give frequency %d', (orders, score) => expect(frequencyScore(orders)).toBe(score));

it.each([[-1, 'standard'], [4_999_999, 'standard'], [5e6, 'bronze'], [59_999_999, 'silver'], [1.5e8, 'diamond']])(
  'a value of %d ranks %s', (value, rank) => expect(rankOf(value, policy)).toBe(rank));

it('ranks by money received for goods that were kept', () => {
  expect(rankedValue(60, 0)).toBe(0);
  expect(rankedValue(60, 50)).toBe(50);
  expect(rankedValue(40, 60)).toBe(40);
});

it('scores value by the rank, and not at all without an order', () => {
  expect(valueScore(3, 'diamond', policy)).toBe(5);
  expect(valueScore(0, 'standard', policy)).toBe(0);
});

it('counts a day where the customers are', () => expect(businessDay(new Date('2026-11-21T17:30:00Z'))).toBe('2026-11-22'));

it.each([
  ['2026-01-05T00:00:00Z', '2026-01-02', '2026-01-20', '2026-01-05'], ['2026-01-05T00:00:00Z', '2026-01-02', '2026-02-20', '2026-02-02'],
  ['2026-02-10T00:00:00Z', '2026-01-02', '2026-02-20', '2026-02-10'], ['2026-01-05T00:00:00Z', '2026-01-02', '2029-01-01', '2027-01-03'],
  ['2026-01-05T00:00:00Z', null, '2029-01-01', '2026-01-05'], [null, '2026-01-02', '2026-01-20', '2026-01-02'],
])('with a last fact at %s, a last order on %s and the calendar at %s, a customer is calculated for %s', (fact, order, day, expected) => expect(dayOf(fact === null ? null : new Date(fact), order, day)).toBe(expected));
