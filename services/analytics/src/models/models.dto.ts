import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { CivilDate, customerRanks, type CustomerRank } from '@quen/events';
import type { ModelBasis } from './models.service.js';

/** A model of lifetime value. */
export class ModelView {
  version!: number;
  /** `fitted` to the firm's own history, or the published one that Quen comes with. */
  basis!: ModelBasis;
  /** Whether insights of today are calculated with it. */
  inUse!: boolean;
  /** Customers whose history it was fitted to; 0 for the one that Quen comes with. */
  customers!: number;
  /**
   * End of observation: it was fitted to the facts up to this day. Null for the one that Quen comes with.
   * @format date
   */
  asOf!: string | null;
  fittedAt!: Date;
  discountRate!: number;
  horizonYears!: number;
  marginRate!: number;
  /** What serving a customer costs in a year, in millions of đồng. */
  serveCostPerYear!: number;
  /** BG/NBD, in weeks: r, alpha, a, b. */
  purchases!: Record<string, number>;
  /** Gamma-Gamma, in millions of đồng: p, q, gamma. */
  spend!: Record<string, number>;
}

/** What a new model counts with besides what is fitted. */
export class FitModel {
  /** Yearly discount rate, e.g. 0.12; that of the model in use when left out. */
  @IsOptional() @IsNumber() @Min(0) @Max(1) discountRate?: number;
  /** Years ahead that count. */
  @IsOptional() @IsInt() @Min(1) @Max(10) horizonYears?: number;
  /** End of observation: only facts up to this day count, as if later ones were not known. Today when left out. */
  @IsOptional() @CivilDate({ example: '2026-06-30' }) asOf?: string;
}

/** From which value on a customer has a rank: money received for goods that were kept. */
export class RankPolicyStep {
  @IsIn(customerRanks) rank!: CustomerRank;
  /** In the reporting currency. */
  @IsInt() @Min(0) @Max(1_000_000_000_000) minimumValue!: number;
}

/** The whole policy of ranks, from the lowest to the highest. */
export class RankPolicy {
  @ArrayMinSize(5)
  @ArrayMaxSize(5)
  @ValidateNested({ each: true })
  @Type(() => RankPolicyStep)
  steps!: RankPolicyStep[];
}
