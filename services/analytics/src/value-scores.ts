import { daysBetween } from '@quen/chassis';
import type { CustomerRank } from '@quen/events';

/** Most days since the last purchase for the scores 5, 4, 3 and 2; beyond the last the score is 1. */
const recencyDays = [30, 90, 180, 365] as const;

/** 5 for who bought within 30 days, down to 1 after a year; 0 for who never bought. */
export function recencyScore(lastPurchaseOn: string | null, today: string): number {
  if (!lastPurchaseOn) return 0;
  const days = daysBetween(lastPurchaseOn, today);
  const step = recencyDays.findIndex((limit) => days <= limit);
  return step === -1 ? 1 : 5 - step;
}

/** 1 for a single purchase up to 5 for twenty or more; all orders of one day are one purchase. */
export function frequencyScore(purchases: number): number {
  return [1, 2, 5, 10, 20].filter((least) => purchases >= least).length;
}

/** One step of the rank policy: the rank from this value on, in the reporting currency. */
export interface RankStep {
  rank: CustomerRank;
  minimumValue: number;
}

/**
 * What ranks a customer: money received for goods that were kept. What is ordered counts once it is paid, what came
 * back no more.
 */
export function rankedValue(revenue: number, paid: number): number {
  return Math.min(revenue, paid);
}

/** The highest rank whose minimum the value reaches. `policy` is in rising order and begins at 0. */
export function rankOf(value: number, policy: RankStep[]): CustomerRank {
  return policy.reduce<CustomerRank>(
    (reached, step) => (value >= step.minimumValue ? step.rank : reached),
    policy[0]!.rank,
  );
}

/** 1 to 5 by the rank's place in the policy; 0 for who never bought. */
export function valueScore(purchases: number, rank: CustomerRank, policy: RankStep[]): number {
  return purchases === 0 ? 0 : Math.min(5, policy.findIndex((step) => step.rank === rank) + 1);
}
