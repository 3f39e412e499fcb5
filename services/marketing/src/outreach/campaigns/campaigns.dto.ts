import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsDefined,
  IsEmail,
  IsIn,
  IsOptional,
  IsString,
  IsUrl,
  IsUUID,
  Matches,
  MaxLength,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { MayBeOmitted } from '@quen/chassis';
import { CivilDate, IsMoney, Money } from '@quen/events';
import { campaignStatuses, type CampaignStatus } from './campaign.entity.js';

export class TemplateBody {
  /**
   * Liquid text. The label that the law asks for is put in front.
   * @example 'Ưu đãi cho {{ customer.title }} {{ customer.name }}'
   */
  @IsString() @MinLength(1) @MaxLength(200) subject!: string;
  /**
   * Liquid HTML. Values are escaped. Speak of
   * `customer.{code,name,title,givenName,familyName,representative,province,rank}`,
   * `campaign.{code,name}`, `links.response`, `links.unsubscribe`; a way to unsubscribe is added below.
   * @example '<p>Kính gửi {{ customer.name }}, <a href="{{ links.response }}">nhận ưu đãi</a>.</p>'
   */
  @IsString() @MinLength(1) @MaxLength(100_000) body!: string;
}

export class ContentBody {
  /** For everybody without another language. */
  @IsDefined() @ValidateNested() @Type(() => TemplateBody) vi!: TemplateBody;
  /** For customers who prefer English. */
  @MayBeOmitted() @ValidateNested() @Type(() => TemplateBody) en?: TemplateBody;
}

export class CreateCampaign {
  /** @example 'XUAN-2026' */
  @Matches(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/, {
    message: 'must be 1 to 40 letters, digits, dots, hyphens or underscores',
  })
  code!: string;
  /** @example 'Thay lõi lọc mùa xuân' */
  @IsString() @MinLength(1) @MaxLength(200) name!: string;
  @MayBeOmitted() @IsString() @MaxLength(2000) description?: string;
  @IsUUID() segmentId!: string;
  /** Branch that owns the campaign. Left out: the caller's own, else the root of the tree. */
  @MayBeOmitted() @IsUUID() branchId?: string;
  /** First day; nothing goes out before. @example '2026-03-01' */
  @CivilDate() startsOn!: string;
  /** Last day. @example '2026-03-31' */
  @CivilDate() endsOn!: string;
  /** Budget planned. */
  @IsMoney() planned!: Money;
  /** Cost of one message, in the currency of the budget; 0 when left out. */
  @MayBeOmitted() @IsMoney() messageCost?: Money;
  @IsIn(['email']) channel!: 'email';
  @IsDefined() @ValidateNested() @Type(() => ContentBody) content!: ContentBody;
  /** Where the link in the message leads after the answer is noted, by https; without it a page says thank you. */
  @MayBeOmitted()
  @IsUrl({ protocols: ['https'], require_protocol: true, require_tld: false, disallow_auth: true })
  @MaxLength(1000)
  landingUrl?: string;
}

export class ChangeCampaign {
  @MayBeOmitted()
  @Matches(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/, {
    message: 'must be 1 to 40 letters, digits, dots, hyphens or underscores',
  })
  code?: string;
  @MayBeOmitted() @IsString() @MinLength(1) @MaxLength(200) name?: string;
  @IsOptional() @IsString() @MaxLength(2000) description?: string | null;
  @MayBeOmitted() @IsUUID() segmentId?: string;
  @MayBeOmitted() @CivilDate() startsOn?: string;
  @MayBeOmitted() @CivilDate() endsOn?: string;
  @MayBeOmitted() @IsMoney() planned?: Money;
  @MayBeOmitted() @IsMoney() messageCost?: Money;
  @MayBeOmitted() @ValidateNested() @Type(() => ContentBody) content?: ContentBody;
  @IsOptional()
  @IsUrl({ protocols: ['https'], require_protocol: true, require_tld: false, disallow_auth: true })
  @MaxLength(1000)
  landingUrl?: string | null;
}

export class PreviewCampaign {
  /** The customer with whose data the template is filled. */
  @IsUUID() customerId!: string;
}

export class TestSendCampaign extends PreviewCampaign {
  /** Where the test goes: a member of staff, or a domain of `TEST_SEND_DOMAINS`. */
  @MaxLength(254) @IsEmail() to!: string;
}

export class RecordExpense {
  /** @example 'Thuê hội trường' */
  @IsString() @MinLength(1) @MaxLength(500) description!: string;
  @IsMoney('more than zero') amount!: Money;
  @CivilDate() spentOn!: string;
}

export class MessagePreview {
  @IsIn(['vi', 'en']) language!: 'vi' | 'en';
  subject!: string;
  html!: string;
  text!: string;
}

export class CampaignView {
  @IsUUID() id!: string;
  version!: number;
  code!: string;
  name!: string;
  description!: string | null;
  @IsIn(campaignStatuses) status!: CampaignStatus;
  @IsIn(['email']) channel!: 'email';
  @IsUUID() segmentId!: string;
  @IsUUID() branchId!: string;
  startsOn!: string;
  endsOn!: string;
  planned!: Money;
  /** What launch and expenses have bound. */
  committed!: Money;
  spent!: Money;
  messageCost!: Money;
  content!: ContentBody;
  landingUrl!: string | null;
  /** Members of the segment at launch. */
  @ApiProperty({ type: 'integer', nullable: true }) audience!: number | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) launchedAt!: string | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) endedAt!: string | null;
  createdAt!: string;
  updatedAt!: string;
}

export class ExpenseView {
  @IsUUID() id!: string;
  description!: string;
  amount!: Money;
  spentOn!: string;
  createdAt!: string;
}
