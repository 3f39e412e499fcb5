import { Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsOptional, IsString, IsUUID, MaxLength, Min, ValidateNested } from 'class-validator';
import { State } from '../declaration.js';
import { Money } from '../money.value.js';
import { stateTopic } from '../topic.js';

export const productStateTopic = stateTopic('sales', 'product', 'Each product or service with its list price.');

@State('crm.sales.product', { version: 1, topic: productStateTopic, key: 'productId' })
export class ProductState {
  @IsUUID() productId!: string;
  @IsInt() @Min(0) version!: number;
  @IsString() @MaxLength(60) code!: string;
  @IsString() @MaxLength(200) name!: string;
  @IsIn(['goods', 'service']) kind!: 'goods' | 'service';
  @IsString() @MaxLength(30) unit!: string;
  @IsOptional() @IsString() @MaxLength(60) category?: string;
  @IsOptional() @ValidateNested() @Type(() => Money) listPrice?: Money;
  @IsOptional() @ValidateNested() @Type(() => Money) cost?: Money;
  @IsBoolean() active!: boolean;
}
