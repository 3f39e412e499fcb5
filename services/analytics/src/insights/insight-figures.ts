import { Decimal } from 'decimal.js';
import { daysBetween } from '@quen/chassis';
import type { CustomerRank } from '@quen/events';
import { unitOf, valueOf, type ModelInUse } from '../models/models.service.js';
import type { PastSums } from '../purchases/past-sums.service.js';
import { noPurchases } from '../purchases/purchase-days.service.js';
import type { Sums } from '../purchases/sums.value.js';
import { frequencyScore, rankedValue, rankOf, recencyScore, valueScore } from '../value-scores.js';
import type { Insight } from './insight.entity.js';

/** What is calculated of a customer's sums for a day. */
export interface Figures {
  asOf: string;
  rank: CustomerRank;
  recencyScore: number;
  frequencyScore: number;
  valueScore: number;
  lifetimeValue: string;
  aliveProbability: number | null;
  purchaseProbability: number | null;
  ordersNextYear: number | null;
  expectedOrderValue: string | null;
  marginRate: number | null;
  serveCostPerYear: string | null;
  modelVersion: number;
}

/**
 * Calculates a customer for the day of `inUse`: from the sums, the model and the policy alone, whenever that is done
 * and whatever else is known of the customer.
 */
export function figuresOf(sums: Sums, inUse: ModelInUse, currency: string): Figures {
  const { version, policy, day } = inUse;
  const { purchases, firstPurchaseOn, lastPurchaseOn } = sums;
  const unit = unitOf(currency);
  const revenue = Number(sums.revenue),
    rank = rankOf(rankedValue(revenue, Number(sums.paid)), policy);
  const lifetime =
    firstPurchaseOn && lastPurchaseOn
      ? valueOf(inUse, {
          purchases,
          repeatRevenue: (Number(sums.purchaseRevenue) - Number(sums.firstPurchaseRevenue)) / unit,
          revenue: revenue / unit,
          margin: (revenue - Number(sums.cost)) / unit,
          serveCost: Number(sums.serviceCost) / unit,
          lastAt: daysBetween(firstPurchaseOn, lastPurchaseOn) / 7,
          age: daysBetween(firstPurchaseOn, day) / 7,
        })
      : undefined;
  const money = (amount: number | undefined): string | null =>
    amount === undefined ? null : (amount * unit).toFixed(0);
  return {
    asOf: day,
    rank,
    modelVersion: version,
    recencyScore: recencyScore(lastPurchaseOn, day),
    frequencyScore: frequencyScore(purchases),
    valueScore: valueScore(purchases, rank, policy),
    lifetimeValue: money(lifetime?.value) ?? '0',
    aliveProbability: lifetime?.aliveProbability ?? null,
    purchaseProbability: lifetime?.purchaseProbability ?? null,
    ordersNextYear: lifetime?.ordersNextYear ?? null,
    expectedOrderValue: money(lifetime?.expectedOrderValue),
    marginRate: lifetime?.marginRate ?? null,
    serveCostPerYear: money(lifetime?.serveCostPerYear),
  };
}

/**
 * A customer's insight for the day of `inUse`, from sums of that day; none at all where nothing had happened by then.
 */
export function insightOf(
  stored: Insight,
  sums: (Sums & Partial<PastSums>) | undefined,
  inUse: ModelInUse,
  currency: string,
): Insight {
  const of = { ...stored, ...(sums ?? { ...nothingYet, customerId: stored.customerId }) };
  const profit = new Decimal(of.revenue).minus(of.cost).minus(of.serveCost).toFixed();
  return { ...of, ...figuresOf(of, inUse, currency), profit };
}

const nothingYet: Omit<PastSums, 'customerId'> = {
  ...noPurchases,
  orders: 0,
  revenue: '0',
  cost: '0',
  paid: '0',
  serveCost: '0',
  serviceCost: '0',
  messages: 0,
  cases: 0,
  openComplaints: 0,
  firstOrderOn: null,
  lastOrderOn: null,
};

/** By how much a figure may have moved before it is told anew: to 5 % more or less. */
const step = Math.log(1.05);

/** The step of a scale of 5 % that a figure lies on; 0 for what is too little to matter. */
function stepOf(figure: number, least: number): number {
  const size = Math.abs(figure);
  return size < least ? 0 : Math.sign(figure) * (1 + Math.floor(Math.log(size / least) / step));
}

/**
 * Whether others have to be told of new figures: a rank or score changed, or a figure came onto another step of a scale
 * of 5 %. What is not told lies on the same
 * step as what was told last, so what others know is never off by more than 5 % (or is, as the figure, below a
 * thousandth of the model's unit or a hundredth).
 */
export function haveMoved(
  before: Omit<Figures, 'asOf' | 'modelVersion' | 'serveCostPerYear' | 'marginRate' | 'expectedOrderValue'>,
  now: Figures,
  currency: string,
): boolean {
  const least = unitOf(currency) / 1000;
  const moved = (one: number | null, other: number | null, smallest: number): boolean =>
    one === null || other === null ? one !== other : stepOf(one, smallest) !== stepOf(other, smallest);
  return (
    before.rank !== now.rank ||
    before.recencyScore !== now.recencyScore ||
    before.frequencyScore !== now.frequencyScore ||
    before.valueScore !== now.valueScore ||
    moved(Number(before.lifetimeValue), Number(now.lifetimeValue), least) ||
    moved(before.purchaseProbability, now.purchaseProbability, 0.01) ||
    moved(before.aliveProbability, now.aliveProbability, 0.01) ||
    moved(before.ordersNextYear, now.ordersNextYear, 0.01)
  );
}
