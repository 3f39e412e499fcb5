import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsString, IsUUID, Matches, MaxLength, MinLength } from 'class-validator';
import { MayBeOmitted } from '@quen/chassis';
import { contactChannels, type ContactChannel } from '@quen/events';
import { suppressionOrigins, type SuppressionOrigin } from './suppression.entity.js';

export class CreateSuppression {
  /**
   * The customer; every address of theirs on the channel is covered, for whichever record has it. Or give an address.
   */
  @MayBeOmitted() @IsUUID() customerId?: string;
  /**
   * Email address or phone number in E.164.
   * @example 'khong.gui@example.vn'
   */
  @MayBeOmitted()
  @MaxLength(254)
  @Matches(/^(\+[1-9]\d{6,14}|[^\s@]+@[^\s@]+)$/, { message: 'must be an email address or a phone number in E.164' })
  address?: string;
  @IsIn(contactChannels) channel!: ContactChannel;
  /** @example 'Khách yêu cầu qua điện thoại' */
  @IsString() @MinLength(1) @MaxLength(500) reason!: string;
}

export class SuppressionView {
  @IsUUID() id!: string;
  version!: number;
  @ApiProperty({ type: 'string', format: 'uuid', nullable: true }) customerId!: string | null;
  /** The address that was named or mailed, else the customer's first. */
  address!: string | null;
  /** Every address that is covered; of an erased customer as `sha256:` digests. */
  addresses!: string[];
  @IsIn(contactChannels) channel!: ContactChannel;
  reason!: string;
  @IsIn(suppressionOrigins) origin!: SuppressionOrigin;
  createdAt!: string;
  /** Who entered it; null when it came by a link or from the mail server. */
  createdBy!: string | null;
  /** When it was lifted; null while it is in force. */
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) liftedAt!: string | null;
  @ApiProperty({ type: 'string', format: 'uuid', nullable: true }) liftedBy!: string | null;
}
