import { ApiProperty } from '@nestjs/swagger';
import { IsUUID } from 'class-validator';
import { Money } from '@quen/events';

const counts = { type: 'object' as const, additionalProperties: { type: 'integer' as const } };

export class OrdersByAttribution {
  /** Sales named the campaign. */
  direct!: number;
  /** The customer's last answer before the order was to this campaign. */
  lastTouch!: number;
}

/** What a campaign did, cost and brought. */
export class CampaignResults {
  @IsUUID() campaignId!: string;
  /** Members of the segment at launch. */
  @ApiProperty({ type: 'integer', nullable: true }) audience!: number | null;
  queued!: number;
  sent!: number;
  /** Nobody knows whether they arrived: the connection broke twice. */
  unconfirmed!: number;
  refused!: number;
  @ApiProperty({ ...counts, example: { no_consent: 41, open_complaint: 1 } }) refusedByReason!: Record<string, number>;
  /** Messages whose link was visited, by their readers or by programs that scan mails. */
  clicks!: number;
  responses!: number;
  @ApiProperty({ ...counts, example: { link: 12, manual: 3 } }) responsesByWay!: Record<string, number>;
  unsubscribed!: number;
  leads!: number;
  @ApiProperty({ ...counts, example: { routed: 4, won: 2 } }) leadsByStatus!: Record<string, number>;
  orders!: number;
  ordersByAttribution!: OrdersByAttribution;
  revenue!: Money;
  paid!: Money;
  returns!: Money;
  /** Spent so far. */
  cost!: Money;
  /** Revenue less returns, less the cost of the goods that stayed sold, less the cost of the campaign. */
  profit!: Money;
  /** Profit for each đồng of cost; null while the campaign has cost nothing. @example '10.2' */
  @ApiProperty({ type: 'string', nullable: true, example: '10.2' }) returnOnCost!: string | null;
  /** Orders in other currencies, which the sums leave out. */
  otherCurrencies!: number;
}
