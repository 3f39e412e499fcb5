import { Type } from 'class-transformer';
import { IsIn, IsInt, IsNumber, IsOptional, IsString, Max, MaxLength, Min, ValidateNested } from 'class-validator';
import { CivilDate } from '../civil-date.value.js';
import { Event } from '../declaration.js';
import { factTopic } from '../topic.js';

export const modelTopic = factTopic('analytics', 'model', 'Models that were fitted and put to use.');

/** What a lifetime value is calculated with. Money is counted in `moneyUnit` units of the reporting currency. */
export class LifetimeModelParameters {
  /** BG/NBD, in weeks: purchases of a buyer come at a rate ~ gamma(r, alpha). */
  @IsNumber() @Min(0) r!: number;
  @IsNumber() @Min(0) alpha!: number;
  /** BG/NBD: the chance to leave after a purchase ~ beta(a, b). */
  @IsNumber() @Min(0) a!: number;
  @IsNumber() @Min(0) b!: number;
  /** Gamma-Gamma: the value of a purchase ~ gamma(p, nu), nu ~ gamma(q, gamma). */
  @IsNumber() @Min(0) p!: number;
  @IsNumber() @Min(0) q!: number;
  @IsNumber() @Min(0) gamma!: number;
  /** E.g. 1,000,000 for millions of đồng. */
  @IsInt() @Min(1) moneyUnit!: number;
  /** Revenue less cost of goods, by revenue. */
  @IsNumber() marginRate!: number;
  /** Cost to serve of a customer in a year. */
  @IsNumber() @Min(0) serveCostPerYear!: number;
  /** A year's, e.g. 0.12. */
  @IsNumber() @Min(0) @Max(1) discountRate!: number;
  /** How far ahead is counted. */
  @IsInt() @Min(1) horizonYears!: number;
}

@Event('crm.analytics.model-published', { version: 1, topic: modelTopic, key: 'modelId' })
export class ModelPublished {
  /** What it calculates, e.g. `lifetime-value`. */
  @IsString() @MaxLength(60) modelId!: string;
  @IsInt() @Min(1) modelVersion!: number;
  /** Customers to whose history it was fitted. */
  @IsInt() @Min(0) customers!: number;
  /** `fitted` to the firm's own history. */
  @IsOptional() @IsIn(['built-in', 'fitted']) basis?: 'built-in' | 'fitted';
  /** End of observation: the facts up to this civil day. */
  @IsOptional() @CivilDate() asOf?: string;
  @IsOptional() @ValidateNested() @Type(() => LifetimeModelParameters) parameters?: LifetimeModelParameters;
}
