import { IsBoolean, IsIn, IsNotEmpty, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { MayBeOmitted } from '@quen/chassis';
import { IsMoney, Money } from '@quen/events';
import { productKinds, type ProductKind } from './product.entity.js';

/** A product to add. */
export class CreateProduct {
  /**
   * Code by which people and files name the product; kept in capitals.
   * @example 'LN-RO08'
   */
  @Matches(/^\S+$/) @MaxLength(60) code!: string;
  /** @example 'Máy lọc nước RO 8 lõi' */
  @IsString() @IsNotEmpty() @MaxLength(200) name!: string;
  @MayBeOmitted() @IsIn(productKinds) kind?: ProductKind;
  /** @example 'chiếc' */
  @IsString() @IsNotEmpty() @MaxLength(30) unit!: string;
  /** @example 'Máy lọc nước' */
  @IsOptional() @IsString() @MaxLength(60) category?: string | null;
  /** Department that answers for the product. */
  @IsOptional() @IsString() @MaxLength(60) department?: string | null;
  /** Price where no price book has one. */
  @IsOptional() @IsMoney() listPrice?: Money | null;
  /** What a unit costs the firm. */
  @IsOptional() @IsMoney() cost?: Money | null;
  @MayBeOmitted() @IsBoolean() active?: boolean;
}

/** Changes of a product; what is left out stays, null clears. */
export class UpdateProduct {
  @MayBeOmitted() @IsString() @IsNotEmpty() @MaxLength(200) name?: string;
  @MayBeOmitted() @IsIn(productKinds) kind?: ProductKind;
  @MayBeOmitted() @IsString() @IsNotEmpty() @MaxLength(30) unit?: string;
  @IsOptional() @IsString() @MaxLength(60) category?: string | null;
  @IsOptional() @IsString() @MaxLength(60) department?: string | null;
  @IsOptional() @IsMoney() listPrice?: Money | null;
  @IsOptional() @IsMoney() cost?: Money | null;
  @MayBeOmitted() @IsBoolean() active?: boolean;
}

/** A product or service. */
export class ProductView {
  id!: string;
  code!: string;
  name!: string;
  /** @example 'goods' */
  kind!: ProductKind;
  unit!: string;
  category!: string | null;
  department!: string | null;
  listPrice!: Money | null;
  /** Left out for who may not read it. */
  cost?: Money | null;
  active!: boolean;
  version!: number;
  createdAt!: Date;
  updatedAt!: Date;
}
