import { daysAfter } from '@quen/chassis';
import type { CustomerRank } from '@quen/events';

/** Firms count days where their customers are. */
export const businessZone = 'Asia/Ho_Chi_Minh';

// Made once: making it takes a hundred times as long as using it. Swedish writes a day as ISO does.
const isoDay = new Intl.DateTimeFormat('sv-SE', { timeZone: businessZone });

/** Civil day of an instant, `YYYY-MM-DD`, in the zone of the firm. */
export function businessDay(at: Date): string {
  return isoDay.format(at);
}

/** Whole days from one civil day to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}

/** Most days since the last order for the scores 5, 4, 3 and 2; beyond the last the score is 1. */
export const recencyDays = [30, 90, 180, 365] as const;

/** 5 for who bought within 30 days, down to 1 after a year; 0 for who never bought. */
export function recencyScore(lastOrderOn: string | null, today: string): number {
  if (!lastOrderOn) return 0;
  const days = daysBetween(lastOrderOn, today);
  const step = recencyDays.findIndex((limit) => days <= limit);
  return step === -1 ? 1 : 5 - step;
}

/**
 * The day for which a customer is calculated: that of the last fact or that on which the silence after the last order crossed a limit, whichever is later.
 * `day` is how far the store's calendar has come. It follows from the facts and the calendar alone, so that a rebuild comes to the same.
 */
export function dayOf(lastFactAt: Date | null, lastOrderOn: string | null, day: string): string {
  const days = [...(lastFactAt ? [businessDay(lastFactAt)] : []), ...(lastOrderOn ? recencyDays.map((limit) => daysAfter(lastOrderOn, limit + 1)).filter((crossing) => crossing <= day) : [])];
  return days.reduce((latest, each) => (each > latest ? each : latest), lastOrderOn ?? '1970-01-01');
}

/** 1 for a single order up to 5 for twenty or more. */
export function frequencyScore(orders: number): number {
  return [1, 2, 5, 10, 20].filter((least) => orders >= least).length;
}

/** One step of the rank policy: the rank from this value on, in the reporting currency. */
export interface RankStep { rank: CustomerRank; minimumValue: number }

/** What ranks a customer: money received for goods that were kept. What is ordered counts once it is paid, what came back no more. */
export function rankedValue(revenue: number, paid: number): number {
  return Math.min(revenue, paid);
}

/** The highest rank whose minimum the value reaches. `policy` is in rising order and begins at 0. */
export function rankOf(value: number, policy: RankStep[]): CustomerRank {
  return policy.reduce<CustomerRank>((reached, step) => (value >= step.minimumValue ? step.rank : reached), policy[0]!.rank);
}

/** 1 to 5 by the rank's place in the policy; 0 for who never bought. */
export function valueScore(orders: number, rank: CustomerRank, policy: RankStep[]): number {
  return orders === 0 ? 0 : Math.min(5, policy.findIndex((step) => step.rank === rank) + 1);
}
