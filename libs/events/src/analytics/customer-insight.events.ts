import { Type } from 'class-transformer';
import { IsDateString, IsIn, IsInt, IsOptional, IsUUID, Matches, Max, Min, ValidateNested } from 'class-validator';
import { Event, State } from '../declaration.js';
import { Money } from '../money.value.js';
import { factTopic, stateTopic } from '../topic.js';

export const customerRankTopic = factTopic('analytics', 'customer', 'Each change of a customer\'s rank.');
export const customerInsightStateTopic = stateTopic('analytics', 'customer-insight', 'What is calculated of each customer: recency, frequency, value, rank, profit, lifetime value.');

export const customerRanks = ['standard', 'bronze', 'silver', 'gold', 'diamond'] as const;
/** From the least to the most valuable. */
export type CustomerRank = (typeof customerRanks)[number];

@Event('crm.analytics.customer-ranked', { version: 1, topic: customerRankTopic, key: 'customerId' })
export class CustomerRanked {
  @IsUUID() customerId!: string;
  @IsIn(customerRanks) rank!: CustomerRank;
  @IsOptional() @IsIn(customerRanks) previousRank?: CustomerRank;
  /** The event that moved the rank. */
  @IsOptional() @IsUUID() becauseOf?: string;
}

@State('crm.analytics.customer-insight', { version: 1, topic: customerInsightStateTopic, key: 'customerId', dataClass: 'basic' })
export class CustomerInsightState {
  @IsUUID() customerId!: string;
  @IsInt() @Min(0) version!: number;
  @IsIn(customerRanks) rank!: CustomerRank;
  /** Last order. */
  @IsOptional() @Matches(/^\d{4}-\d{2}-\d{2}$/) lastOrderOn?: string;
  @IsOptional() @Matches(/^\d{4}-\d{2}-\d{2}$/) firstOrderOn?: string;
  /** Orders in all. */
  @IsInt() @Min(0) orders!: number;
  /** Net of returns. */
  @ValidateNested() @Type(() => Money) revenue!: Money;
  @ValidateNested() @Type(() => Money) paid!: Money;
  /** Revenue less cost of goods less cost to serve. */
  @ValidateNested() @Type(() => Money) profit!: Money;
  /** Net present value of expected contributions. */
  @ValidateNested() @Type(() => Money) lifetimeValue!: Money;
  /** 1 is worst, 5 is best, each by fixed thresholds. */
  @IsInt() @Min(0) @Max(5) recencyScore!: number;
  @IsInt() @Min(0) @Max(5) frequencyScore!: number;
  @IsInt() @Min(0) @Max(5) valueScore!: number;
  @IsInt() @Min(0) openComplaints!: number;
  @IsDateString() calculatedAt!: string;
}
