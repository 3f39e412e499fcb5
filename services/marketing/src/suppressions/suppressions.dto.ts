import { ApiProperty } from '@nestjs/swagger';
import { contactChannels, type ContactChannel } from '@quen/events';
import { IsIn, IsOptional, IsString, IsUUID, Matches, MaxLength, MinLength } from 'class-validator';
import { suppressionOrigins, type Suppression, type SuppressionOrigin } from './suppression.entity.js';

export class CreateSuppression {
  /** The customer; or give an address. */
  @IsOptional() @IsUUID() customerId?: string;
  /**
   * Email address or phone number in E.164.
   * @example 'khong.gui@example.vn'
   */
  @IsOptional() @Matches(/^(\+[1-9]\d{6,14}|[^\s@]+@[^\s@]+)$/, { message: 'must be an email address or a phone number in E.164' }) @MaxLength(254) address?: string;
  @IsIn(contactChannels) channel!: ContactChannel;
  /** @example 'Khách yêu cầu qua điện thoại' */
  @IsString() @MinLength(1) @MaxLength(500) reason!: string;
}

export class SuppressionView {
  @IsUUID() id!: string;
  version!: number;
  @ApiProperty({ type: 'string', format: 'uuid', nullable: true }) customerId!: string | null;
  address!: string | null;
  @IsIn(contactChannels) channel!: ContactChannel;
  reason!: string;
  @IsIn(suppressionOrigins) origin!: SuppressionOrigin;
  createdAt!: string;

  static of(suppression: Suppression): SuppressionView {
    const { id, version, customerId, address, channel, reason, origin, createdAt } = suppression;
    return Object.assign(new SuppressionView(), { id, version, customerId, address, channel, reason, origin, createdAt: createdAt.toISOString() });
  }
}
