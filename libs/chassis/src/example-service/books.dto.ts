import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsInt,
  IsNotEmpty,
  IsNumberString,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { MayBeOmitted } from '../index.js';

export class Place {
  /** @example 3 */
  @IsInt() @Min(1) row!: number;
}

export class NewBook {
  /** @example 'Số đỏ' */
  @IsString() @IsNotEmpty() @MaxLength(200) title!: string;
  @IsOptional() @IsString() @MaxLength(200) author?: string | null;
  @IsOptional() @IsNumberString() price?: string | null;
  @IsOptional() @IsUUID() branchId?: string | null;
  @IsOptional() @ValidateNested() @Type(() => Place) place?: Place;
}

export class BookChanges {
  @MayBeOmitted() @IsString() @IsNotEmpty() @MaxLength(200) title?: string;
  @IsOptional() @IsString() @MaxLength(200) author?: string | null;
}

export class Pause {
  /** Seconds. */
  @IsInt() @Min(0) seconds!: number;
  @IsOptional() @IsBoolean() loud?: boolean;
}

/** A book as callers see it. */
export class BookView {
  id!: string;
  title!: string;
  author!: string | null;
  /** Decimal text. */
  price!: string | null;
  state!: 'in' | 'lent';
  version!: number;
}
