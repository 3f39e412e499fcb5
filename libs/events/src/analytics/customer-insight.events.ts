import { Type } from 'class-transformer';
import { IsDateString, IsIn, IsInt, IsNumber, IsOptional, IsUUID, Max, Min, ValidateNested } from 'class-validator';
import { CivilDate } from '../civil-date.value.js';
import { Event, State } from '../declaration.js';
import { Money } from '../money.value.js';
import { factTopic, stateTopic } from '../topic.js';
import { defineWords } from '../vocabulary.js';

export const customerRankTopic = factTopic('analytics', 'customer', "Each change of a customer's rank.");
export const customerInsightStateTopic = stateTopic(
  'analytics',
  'customer-insight',
  'What is calculated of each customer: recency, frequency, value, rank, profit, lifetime value. What changes by time passing alone is told anew once it has moved by 5 %.',
);

export const customerRanks = ['standard', 'bronze', 'silver', 'gold', 'diamond'] as const;
/** From the least to the most valuable. */
export type CustomerRank = (typeof customerRanks)[number];
defineWords(customerRanks, {
  standard: { en: 'standard', vi: 'thường' },
  bronze: { en: 'bronze', vi: 'đồng' },
  silver: { en: 'silver', vi: 'bạc' },
  gold: { en: 'gold', vi: 'vàng' },
  diamond: { en: 'diamond', vi: 'kim cương' },
});

@Event('crm.analytics.customer-ranked', {
  version: 1,
  topic: customerRankTopic,
  key: 'customerId',
  tells: { en: 'Rank is now {rank} (before: {previousRank})', vi: 'Hạng mới: {rank} (trước: {previousRank})' },
})
export class CustomerRanked {
  @IsUUID() customerId!: string;
  @IsIn(customerRanks) rank!: CustomerRank;
  @IsOptional() @IsIn(customerRanks) previousRank?: CustomerRank;
  /** The event that moved the rank. */
  @IsOptional() @IsUUID() becauseOf?: string;
}

@State('crm.analytics.customer-insight', {
  version: 1,
  topic: customerInsightStateTopic,
  key: 'customerId',
  dataClass: 'basic',
})
export class CustomerInsightState {
  @IsUUID() customerId!: string;
  @IsInt() @Min(0) version!: number;
  @IsIn(customerRanks) rank!: CustomerRank;
  /** Last order. */
  @IsOptional() @CivilDate() lastOrderOn?: string;
  @IsOptional() @CivilDate() firstOrderOn?: string;
  /** Orders in all. */
  @IsInt() @Min(0) orders!: number;
  /** Days with a purchase: orders of one day are one purchase, and what was free or came back wholly is none. */
  @IsOptional() @IsInt() @Min(0) purchases?: number;
  /** Net of returns. */
  @ValidateNested() @Type(() => Money) revenue!: Money;
  @ValidateNested() @Type(() => Money) paid!: Money;
  /** Revenue less cost of goods less cost to serve. */
  @ValidateNested() @Type(() => Money) profit!: Money;
  /** Cost of the goods that were kept. */
  @IsOptional() @ValidateNested() @Type(() => Money) cost?: Money;
  /** What messages and service cost so far. */
  @IsOptional() @ValidateNested() @Type(() => Money) serveCost?: Money;
  /** Net present value of expected contributions: purchases times their value times margin, less the cost to serve. */
  @ValidateNested() @Type(() => Money) lifetimeValue!: Money;
  /**
   * Chance that the customer has not left for good, 0 to 1. It says nothing of when: after a single purchase it is 1,
   * however long ago.
   */
  @IsOptional() @IsNumber() @Min(0) @Max(1) aliveProbability?: number;
  /** Chance of at least one purchase within twelve months of `asOf`, 0 to 1. */
  @IsOptional() @IsNumber() @Min(0) @Max(1) purchaseProbability?: number;
  /** Purchases expected within a year of `asOf`. */
  @IsOptional() @IsNumber() @Min(0) ordersNextYear?: number;
  /** Expected value of a purchase. */
  @IsOptional() @ValidateNested() @Type(() => Money) expectedOrderValue?: Money;
  /** Share of revenue that is expected to remain after cost of goods. */
  @IsOptional() @IsNumber() marginRate?: number;
  /** What serving the customer is expected to cost in a year in which purchases go on as before. */
  @IsOptional() @ValidateNested() @Type(() => Money) serveCostPerYear?: Money;
  /** The model that value and chances were calculated with, see `model-published`. */
  @IsOptional() @IsInt() @Min(1) modelVersion?: number;
  /** `built-in` for the published model that stands in until one is fitted to the firm's own history. */
  @IsOptional() @IsIn(['built-in', 'fitted']) modelBasis?: 'built-in' | 'fitted';
  /** Civil day of the firm for which scores, value and chances were calculated. */
  @IsOptional() @CivilDate() asOf?: string;
  /** 1 is worst, 5 is best, each by fixed thresholds. */
  @IsInt() @Min(0) @Max(5) recencyScore!: number;
  @IsInt() @Min(0) @Max(5) frequencyScore!: number;
  @IsInt() @Min(0) @Max(5) valueScore!: number;
  @IsInt() @Min(0) openComplaints!: number;
  @IsDateString() calculatedAt!: string;
}
