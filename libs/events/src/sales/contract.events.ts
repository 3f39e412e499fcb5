import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, IsUUID, MaxLength, Min, ValidateNested } from 'class-validator';
import { CivilDate } from '../civil-date.value.js';
import { Event, State } from '../declaration.js';
import { Money } from '../money.value.js';
import { factTopic, stateTopic } from '../topic.js';
import { defineWords } from '../vocabulary.js';

export const quoteTopic = factTopic('sales', 'quote', 'Quotes that were issued to customers, accepted or refused.');
export const contractTopic = factTopic('sales', 'contract', 'Contracts from signature to end.');
export const contractStateTopic = stateTopic('sales', 'contract', 'Each contract as it is now.');

export const contractEndings = ['expired', 'terminated', 'fulfilled'] as const;
export type ContractEnding = (typeof contractEndings)[number];
defineWords(contractEndings, {
  expired: { en: 'expired', vi: 'hết hạn' },
  terminated: { en: 'terminated', vi: 'chấm dứt' },
  fulfilled: { en: 'fulfilled', vi: 'hoàn thành' },
});

@Event('crm.sales.quote-issued', {
  version: 1,
  topic: quoteTopic,
  key: 'quoteId',
  tells: {
    en: 'Quote[ over {total}] issued[, valid until {validUntil}]',
    vi: 'Gửi báo giá {total}[, hiệu lực đến {validUntil}]',
  },
})
export class QuoteIssued {
  @IsUUID() quoteId!: string;
  @IsUUID() customerId!: string;
  @IsOptional() @IsUUID() opportunityId?: string;
  @ValidateNested() @Type(() => Money) total!: Money;
  @IsOptional() @CivilDate() validUntil?: string;
}

@Event('crm.sales.quote-accepted', {
  version: 1,
  topic: quoteTopic,
  key: 'quoteId',
  tells: { en: 'Quote accepted', vi: 'Chấp nhận báo giá' },
})
export class QuoteAccepted {
  @IsUUID() quoteId!: string;
  @IsUUID() customerId!: string;
  @IsOptional() @IsUUID() opportunityId?: string;
}

@Event('crm.sales.quote-refused', {
  version: 1,
  topic: quoteTopic,
  key: 'quoteId',
  tells: { en: 'Quote refused {reason}', vi: 'Từ chối báo giá {reason}' },
})
export class QuoteRefused {
  @IsUUID() quoteId!: string;
  @IsUUID() customerId!: string;
  @IsOptional() @IsUUID() opportunityId?: string;
  @IsString() @MaxLength(500) reason!: string;
}

@Event('crm.sales.contract-signed', {
  version: 1,
  topic: contractTopic,
  key: 'contractId',
  tells: { en: 'Contract[ over {total}] signed, from {startsOn}', vi: 'Ký hợp đồng {total}, từ {startsOn}' },
})
export class ContractSigned {
  @IsUUID() contractId!: string;
  @IsUUID() customerId!: string;
  @IsOptional() @IsUUID() quoteId?: string;
  @IsOptional() @IsUUID() opportunityId?: string;
  @ValidateNested() @Type(() => Money) total!: Money;
  @CivilDate() startsOn!: string;
  @IsOptional() @CivilDate() endsOn?: string;
}

@Event('crm.sales.contract-ended', {
  version: 1,
  topic: contractTopic,
  key: 'contractId',
  tells: { en: 'Contract ended: {how}', vi: 'Kết thúc hợp đồng: {how}' },
})
export class ContractEnded {
  @IsUUID() contractId!: string;
  @IsUUID() customerId!: string;
  @IsIn(contractEndings) how!: ContractEnding;
  @IsOptional() @IsString() @MaxLength(500) reason?: string;
}

@State('crm.sales.contract', { version: 1, topic: contractStateTopic, key: 'contractId' })
export class ContractState {
  @IsUUID() contractId!: string;
  @IsInt() @Min(0) version!: number;
  @IsString() @MaxLength(40) code!: string;
  @IsUUID() customerId!: string;
  @IsIn(['draft', 'signed', 'ended']) status!: 'draft' | 'signed' | 'ended';
  @ValidateNested() @Type(() => Money) total!: Money;
  @IsOptional() @CivilDate() startsOn?: string;
  @IsOptional() @CivilDate() endsOn?: string;
}
