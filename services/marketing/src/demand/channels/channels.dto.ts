import { ApiProperty } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
} from 'class-validator';
import { MaxDecimals, MayBeOmitted } from '@quen/chassis';
import { IsMoney, Money, salesChannels, type SalesChannel as SalesChannelKind } from '@quen/events';

export class CreateChannel {
  /** @example 'K-HN' */
  @Matches(/^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/, {
    message: 'must be 1 to 60 letters, digits, dots, hyphens or underscores',
  })
  code!: string;
  /** @example 'Đội bán hàng chi nhánh Hà Nội' */
  @IsString() @MinLength(1) @MaxLength(200) name!: string;
  @IsIn(salesChannels) kind!: SalesChannelKind;
  /** Branch that works its leads. */
  @IsUUID() branchId!: string;
  /** Seller who works them, where the channel has one. */
  @IsOptional() @IsUUID() ownerId?: string | null;
  /** Leads a day at most. */
  @IsInt() @Min(0) @Max(100_000) capacityPerDay!: number;
  @IsMoney() costPerLead!: Money;
  /** Usual value of an order, until its own orders say better. */
  @IsMoney('more than zero') expectedOrderValue!: Money;
  /** Share of leads that become orders, until its own leads say better. @example 0.22 */
  @IsNumber() @MaxDecimals(5) @Min(0) @Max(1) expectedConversion!: number;
  /** Share of an order that is left after the cost of goods. @example 0.3 */
  @IsNumber() @MaxDecimals(5) @Min(0) @Max(1) expectedMarginRate!: number;
  /** Provinces that it serves; empty or left out: all. */
  @MayBeOmitted()
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @MaxLength(100, { each: true })
  provinces?: string[];
}

export class ChangeChannel {
  /** @example 'K-HN' */
  @MayBeOmitted()
  @Matches(/^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/, {
    message: 'must be 1 to 60 letters, digits, dots, hyphens or underscores',
  })
  code?: string;
  /** @example 'Đội bán hàng chi nhánh Hà Nội' */
  @MayBeOmitted() @IsString() @MinLength(1) @MaxLength(200) name?: string;
  @MayBeOmitted() @IsIn(salesChannels) kind?: SalesChannelKind;
  /** Branch that works its leads. */
  @MayBeOmitted() @IsUUID() branchId?: string;
  /** Seller who works them, where the channel has one. */
  @IsOptional() @IsUUID() ownerId?: string | null;
  /** Leads a day at most. */
  @MayBeOmitted() @IsInt() @Min(0) @Max(100_000) capacityPerDay?: number;
  @MayBeOmitted() @IsMoney() costPerLead?: Money;
  /** Usual value of an order, until its own orders say better. */
  @MayBeOmitted() @IsMoney('more than zero') expectedOrderValue?: Money;
  /** Share of leads that become orders, until its own leads say better. @example 0.22 */
  @MayBeOmitted() @IsNumber() @MaxDecimals(5) @Min(0) @Max(1) expectedConversion?: number;
  /** Share of an order that is left after the cost of goods. @example 0.3 */
  @MayBeOmitted() @IsNumber() @MaxDecimals(5) @Min(0) @Max(1) expectedMarginRate?: number;
  /** Provinces that it serves; empty or left out: all. */
  @MayBeOmitted()
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @MaxLength(100, { each: true })
  provinces?: string[];
  /** False: gets no more leads. */
  @MayBeOmitted() @IsBoolean() active?: boolean;
}

export class ChannelView {
  @IsUUID() id!: string;
  version!: number;
  code!: string;
  name!: string;
  @IsIn(salesChannels) kind!: SalesChannelKind;
  @IsUUID() branchId!: string;
  @ApiProperty({ type: 'string', format: 'uuid', nullable: true }) ownerId!: string | null;
  capacityPerDay!: number;
  costPerLead!: Money;
  expectedOrderValue!: Money;
  expectedConversion!: number;
  expectedMarginRate!: number;
  provinces!: string[];
  active!: boolean;
  /** What became of its leads so far. */
  record!: ChannelRecord;
}

/** Decided leads of a channel. */
export class ChannelRecord {
  converted!: number;
  won!: number;
  lost!: number;
  wonAmount!: Money;
}
