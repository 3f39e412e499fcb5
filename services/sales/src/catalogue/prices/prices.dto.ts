import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { MayBeOmitted } from '@quen/chassis';
import {
  customerCategories,
  customerRanks,
  Money,
  PlannedDay,
  Quantity,
  type CustomerCategory,
  type CustomerRank,
} from '@quen/events';
import { priceVerdicts, type PriceVerdict } from './price-choice.js';

/** A price book to add. */
export class CreatePriceBook {
  /** @example 'TET-2027' */
  @Matches(/^\S+$/) @MaxLength(60) code!: string;
  /** @example 'Bảng giá Tết 2027' */
  @IsString() @IsNotEmpty() @MaxLength(200) name!: string;
  /** ISO 4217 code of all its prices. */
  @MayBeOmitted() @IsString() @Length(3, 3) currency?: string;
  /** First day. */
  @PlannedDay('2027-01-15') validFrom!: string;
  /** Last day; open when left out. */
  @IsOptional() @PlannedDay('2027-02-20') validTo?: string | null;
  /** Only for customers of this category. */
  @IsOptional() @IsIn(customerCategories) customerCategory?: CustomerCategory | null;
  /** Only for customers of this rank. */
  @IsOptional() @IsIn(customerRanks) customerRank?: CustomerRank | null;
  /** Only for records of this branch. */
  @IsOptional() @IsUUID() branchId?: string | null;
  /** The higher wins where several books have a price. */
  @MayBeOmitted() @IsInt() @Min(-1000) @Max(1000) priority?: number;
  @MayBeOmitted() @IsBoolean() active?: boolean;
}

/** Changes of a price book; what is left out stays, null clears. */
export class UpdatePriceBook {
  @MayBeOmitted() @IsString() @IsNotEmpty() @MaxLength(200) name?: string;
  @MayBeOmitted() @PlannedDay() validFrom?: string;
  @IsOptional() @PlannedDay() validTo?: string | null;
  @IsOptional() @IsIn(customerCategories) customerCategory?: CustomerCategory | null;
  @IsOptional() @IsIn(customerRanks) customerRank?: CustomerRank | null;
  @IsOptional() @IsUUID() branchId?: string | null;
  @MayBeOmitted() @IsInt() @Min(-1000) @Max(1000) priority?: number;
  @MayBeOmitted() @IsBoolean() active?: boolean;
}

/** A price of a unit from a quantity on. */
export class TierPrice {
  @IsUUID() productId!: string;
  /** Smallest quantity for which the price holds. */
  @Quantity() fromQuantity!: string;
  /** Decimal text in the book's currency. */
  @Matches(/^\d{1,15}(\.\d{1,4})?$/) unitPrice!: string;
}

/** All prices of a book. */
export class ReplacePrices {
  @IsArray() @ArrayMaxSize(5000) @ValidateNested({ each: true }) @Type(() => TierPrice) prices!: TierPrice[];
}

/** A price book. */
export class PriceBookView {
  id!: string;
  code!: string;
  name!: string;
  currency!: string;
  validFrom!: string;
  validTo!: string | null;
  customerCategory!: string | null;
  customerRank!: string | null;
  branchId!: string | null;
  priority!: number;
  active!: boolean;
  version!: number;
}

/** A price book with its prices. */
export class PriceBookWithPrices extends PriceBookView {
  @Type(() => TierPrice) prices!: TierPrice[];
}

/** What a price is asked for. */
export class PriceQuery {
  /** Id or code of the product. */
  @IsString() @IsNotEmpty() @MaxLength(60) product!: string;
  /** Id of the customer; without one, the price for anybody. */
  @IsOptional() @IsUUID() customer?: string;
  @MayBeOmitted() @Quantity() quantity?: string;
  /** Day for which the price is asked; today when left out. */
  @MayBeOmitted() @PlannedDay() on?: string;
}

/** A price that was looked at. */
export class ConsideredPriceView {
  book!: string;
  bookName!: string;
  fromQuantity!: string;
  unitPrice!: string;
  currency!: string;
  /** Why it was chosen or was not. */
  @IsIn(priceVerdicts) verdict!: PriceVerdict;
}

/** A price with the reasons for it. */
export class PriceView {
  productId!: string;
  productCode!: string;
  quantity!: string;
  on!: string;
  /** Where the price comes from. */
  @IsIn(['price-book', 'list-price']) source!: 'price-book' | 'list-price';
  unitPrice!: Money;
  amount!: Money;
  /** Every price of the product, the chosen one first, each with the reason for or against it. */
  @Type(() => ConsideredPriceView) considered!: ConsideredPriceView[];
}
