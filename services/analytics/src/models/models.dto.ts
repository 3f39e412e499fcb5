import { customerRanks, type CustomerRank } from '@quen/events';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsIn, IsInt, IsNumber, IsOptional, Max, Min, ValidateNested } from 'class-validator';

/** The model of lifetime value in use. */
export class ModelView {
  version!: number;
  /** Customers whose history it was fitted to; 0 for the one that Quen comes with. */
  customers!: number;
  fittedAt!: Date;
  discountRate!: number;
  horizonYears!: number;
  marginRate!: number;
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
}

/** From which value on a customer has a rank: money received for goods that were kept. */
export class RankPolicyStep {
  @IsIn(customerRanks) rank!: CustomerRank;
  /** In the reporting currency. */
  @IsInt() @Min(0) @Max(1_000_000_000_000) minimumValue!: number;
}

/** The whole policy of ranks, from the lowest to the highest. */
export class RankPolicy {
  @ArrayMinSize(5) @ArrayMaxSize(5) @ValidateNested({ each: true }) @Type(() => RankPolicyStep) steps!: RankPolicyStep[];
}
