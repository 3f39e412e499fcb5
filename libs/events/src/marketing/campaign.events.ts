import { Type } from 'class-transformer';
import {
  IsDateString,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { contactChannels, type ContactChannel } from '../customers/customer.events.js';
import { Event, State } from '../declaration.js';
import { Money } from '../money.value.js';
import { factTopic, stateTopic } from '../topic.js';
import { defineWords } from '../vocabulary.js';

export const campaignTopic = factTopic('marketing', 'campaign', 'Launch and end of campaigns.');
export const messageTopic = factTopic('marketing', 'message', 'Each message to a customer: sent, refused, answered.');
export const campaignStateTopic = stateTopic(
  'marketing',
  'campaign',
  'Each campaign with its budget and results as they are now.',
);

/** How an answer came. */
export const responseVias = ['link', 'manual', 'reply'] as const;
export type ResponseVia = (typeof responseVias)[number];
defineWords(responseVias, {
  link: { en: 'link', vi: 'bấm liên kết' },
  manual: { en: 'manual', vi: 'nhập tay' },
  reply: { en: 'reply', vi: 'trả lời' },
});
/** Reasons of the send gate that people are told of in their own words. */
export const messageRefusals = ['no_consent', 'open_complaint', 'suppressed', 'no_address', 'bounced'] as const;
export type MessageRefusal = (typeof messageRefusals)[number];
defineWords(messageRefusals, {
  no_consent: { en: 'no_consent', vi: 'chưa đồng ý' },
  open_complaint: { en: 'open_complaint', vi: 'đang có khiếu nại' },
  suppressed: { en: 'suppressed', vi: 'trong danh sách chặn' },
  no_address: { en: 'no_address', vi: 'không có địa chỉ' },
  bounced: { en: 'bounced', vi: 'thư bị trả lại' },
});

@Event('crm.marketing.campaign-launched', { version: 1, topic: campaignTopic, key: 'campaignId' })
export class CampaignLaunched {
  @IsUUID() campaignId!: string;
  @IsUUID() segmentId!: string;
  /** Members of the segment at launch. */
  @IsInt() @Min(0) audience!: number;
}

@Event('crm.marketing.message-sent', {
  version: 1,
  topic: messageTopic,
  key: 'messageId',
  tells: { en: 'Sent a campaign message by {channel}', vi: 'Gửi thông điệp chiến dịch qua {channel}' },
})
export class MessageSent {
  @IsUUID() messageId!: string;
  @IsUUID() campaignId!: string;
  @IsUUID() customerId!: string;
  @IsIn(contactChannels) channel!: ContactChannel;
  @ValidateNested() @Type(() => Money) cost!: Money;
}

@Event('crm.marketing.message-refused', {
  version: 1,
  topic: messageTopic,
  key: 'messageId',
  tells: { en: 'Did not send a message by {channel}: {reason}', vi: 'Không gửi thông điệp qua {channel}: {reason}' },
})
export class MessageRefused {
  @IsUUID() messageId!: string;
  @IsUUID() campaignId!: string;
  @IsUUID() customerId!: string;
  @IsIn(contactChannels) channel!: ContactChannel;
  /** Why the send gate refused, e.g. `no_consent`, `open_complaint`, `suppressed`, `no_address`, `bounced`. */
  @IsString() @MaxLength(60) reason!: string;
}

@Event('crm.marketing.response-received', {
  version: 1,
  topic: messageTopic,
  key: 'messageId',
  tells: { en: 'Answered a campaign ({via}) {note}', vi: 'Phản hồi chiến dịch ({via}) {note}' },
})
export class ResponseReceived {
  @IsUUID() messageId!: string;
  @IsUUID() campaignId!: string;
  @IsUUID() customerId!: string;
  @IsIn(responseVias) via!: ResponseVia;
  @IsOptional() @IsString() @MaxLength(1000) note?: string;
}

/**
 * The customer wants no more advertising on this channel: marketing suppresses it at once, the owner of consents
 * records the withdrawal.
 */
@Event('crm.marketing.customer-unsubscribed', {
  version: 1,
  topic: messageTopic,
  key: 'messageId',
  tells: { en: 'Unsubscribed from {channel}', vi: 'Từ chối nhận tin qua {channel}' },
})
export class CustomerUnsubscribed {
  @IsUUID() messageId!: string;
  @IsUUID() campaignId!: string;
  @IsUUID() customerId!: string;
  @IsIn(contactChannels) channel!: ContactChannel;
}

@State('crm.marketing.campaign', { version: 1, topic: campaignStateTopic, key: 'campaignId' })
export class CampaignState {
  @IsUUID() campaignId!: string;
  @IsInt() @Min(0) version!: number;
  @IsString() @MaxLength(40) code!: string;
  @IsString() @MaxLength(200) name!: string;
  @IsIn(['draft', 'running', 'paused', 'ended']) status!: 'draft' | 'running' | 'paused' | 'ended';
  @IsUUID() branchId!: string;
  @ValidateNested() @Type(() => Money) planned!: Money;
  @ValidateNested() @Type(() => Money) committed!: Money;
  @ValidateNested() @Type(() => Money) spent!: Money;
  @IsOptional() @IsDateString() launchedAt?: string;
}
