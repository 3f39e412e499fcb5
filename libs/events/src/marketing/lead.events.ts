import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  IsUUID,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { Event } from '../declaration.js';
import { Money } from '../money.value.js';
import { factTopic } from '../topic.js';
import { defineWords } from '../vocabulary.js';

export const leadTopic = factTopic(
  'marketing',
  'lead',
  'Leads until they are routed to a sales channel: captured, scored, routed.',
);

export const salesChannels = ['agent', 'point-of-sale', 'collaborator', 'branch', 'call-centre', 'web'] as const;
export type SalesChannel = (typeof salesChannels)[number];
defineWords(salesChannels, {
  agent: { en: 'agent', vi: 'đại lý' },
  'point-of-sale': { en: 'point-of-sale', vi: 'cửa hàng' },
  collaborator: { en: 'collaborator', vi: 'cộng tác viên' },
  branch: { en: 'branch', vi: 'chi nhánh' },
  'call-centre': { en: 'call-centre', vi: 'tổng đài' },
  web: { en: 'web', vi: 'trang web' },
});
export const leadSources = ['form', 'seminar', 'presentation', 'request', 'import', 'call', 'campaign'] as const;
export type LeadSource = (typeof leadSources)[number];
defineWords(leadSources, {
  form: { en: 'form', vi: 'biểu mẫu' },
  seminar: { en: 'seminar', vi: 'hội thảo' },
  presentation: { en: 'presentation', vi: 'thuyết trình' },
  request: { en: 'request', vi: 'yêu cầu' },
  import: { en: 'import', vi: 'nhập từ tệp' },
  call: { en: 'call', vi: 'cuộc gọi' },
  campaign: { en: 'campaign', vi: 'chiến dịch' },
});

/** One reason of a score or of a route, with its share of the result. */
export class Reason {
  @IsString() @MaxLength(60) code!: string;
  @IsString() @MaxLength(300) text!: string;
  /** Points or đồng that this reason added. */
  @IsNumber() weight!: number;
}

@Event('crm.marketing.lead-captured', {
  version: 1,
  topic: leadTopic,
  key: 'leadId',
  tells: { en: 'Became a lead ({source}) {interest}', vi: 'Trở thành đầu mối ({source}) {interest}' },
})
export class LeadCaptured {
  @IsUUID() leadId!: string;
  @IsUUID() customerId!: string;
  @IsIn(leadSources) source!: LeadSource;
  @IsOptional() @IsUUID() campaignId?: string;
  @IsUUID() branchId!: string;
  /** What was asked for. */
  @IsOptional() @IsString() @MaxLength(1000) interest?: string;
}

@Event('crm.marketing.lead-scored', {
  version: 1,
  topic: leadTopic,
  key: 'leadId',
  tells: { en: 'Lead scored {score}', vi: 'Chấm điểm đầu mối: {score}' },
})
export class LeadScored {
  @IsUUID() leadId!: string;
  @IsUUID() customerId!: string;
  @IsInt() @Min(0) @Max(100) score!: number;
  @IsArray() @ArrayMaxSize(50) @ValidateNested({ each: true }) @Type(() => Reason) reasons!: Reason[];
}

@Event('crm.marketing.lead-routed', {
  version: 1,
  topic: leadTopic,
  key: 'leadId',
  tells: {
    en: 'Lead routed to {channel} {channelCode}, score {score}',
    vi: 'Chuyển đầu mối tới {channel} {channelCode}, điểm {score}',
  },
})
export class LeadRouted {
  @IsUUID() leadId!: string;
  @IsUUID() customerId!: string;
  @IsOptional() @IsUUID() campaignId?: string;
  @IsIn(leadSources) source!: LeadSource;
  @IsIn(salesChannels) channel!: SalesChannel;
  /** Code of the very agent, point of sale or branch. */
  @IsString() @MaxLength(60) channelCode!: string;
  /** Branch that works the lead. */
  @IsUUID() branchId!: string;
  /** Seller, where the channel has one. */
  @IsOptional() @IsUUID() ownerId?: string;
  @IsOptional() @IsString() @MaxLength(1000) interest?: string;
  @IsInt() @Min(0) @Max(100) score!: number;
  /** Margin expected from this channel. */
  @ValidateNested() @Type(() => Money) expectedMargin!: Money;
  @IsArray() @ArrayMaxSize(50) @ValidateNested({ each: true }) @Type(() => Reason) reasons!: Reason[];
}
