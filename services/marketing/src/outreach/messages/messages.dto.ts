import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsUUID } from 'class-validator';
import { contactChannels, type ContactChannel } from '@quen/events';
import { messageStatuses, type MessageStatus } from './message.entity.js';

export class MessageView {
  @IsUUID() id!: string;
  @IsUUID() campaignId!: string;
  step!: string;
  @IsUUID() customerId!: string;
  @IsIn(contactChannels) channel!: ContactChannel;
  @IsIn(messageStatuses) status!: MessageStatus;
  /**
   * Why the send gate or the mail server refused, e.g. `no_consent`, `suppressed`, `open_complaint`, `daily_cap`,
   * `bounced`.
   */
  reason!: string | null;
  attempts!: number;
  dueAt!: string;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) sentAt!: string | null;
  providerAnswer!: string | null;
}
