import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, IsUUID, MaxLength, Min, ValidateNested } from 'class-validator';
import { CivilDate } from '../civil-date.value.js';
import { Event, State } from '../declaration.js';
import { Money } from '../money.value.js';
import { factTopic, stateTopic } from '../topic.js';
import { Closed } from '../vocabulary.js';

export const opportunityTopic = factTopic(
  'sales',
  'opportunity',
  'The life of each opportunity: opened, moved between stages, won, lost, opened again.',
);
export const opportunityStateTopic = stateTopic('sales', 'opportunity', 'Each opportunity as it is now.');

@Event('crm.sales.opportunity-opened', {
  version: 1,
  topic: opportunityTopic,
  key: 'opportunityId',
  tells: { en: 'Opportunity opened[, stage {stage}] {amount}', vi: 'Mở cơ hội[, giai đoạn {stage}] {amount}' },
})
export class OpportunityOpened {
  @IsUUID() opportunityId!: string;
  @IsUUID() customerId!: string;
  @IsOptional() @IsUUID() leadId?: string;
  @IsOptional() @IsUUID() campaignId?: string;
  @IsUUID() pipelineId!: string;
  @IsString() @MaxLength(60) stage!: string;
  @IsUUID() branchId!: string;
  @IsUUID() ownerId!: string;
  @IsOptional() @ValidateNested() @Type(() => Money) amount?: Money;
}

@Event('crm.sales.opportunity-stage-changed', {
  version: 1,
  topic: opportunityTopic,
  key: 'opportunityId',
  tells: { en: 'Opportunity moved[ from {from}][ to {to}]', vi: 'Cơ hội chuyển giai đoạn[ từ {from}][ sang {to}]' },
})
export class OpportunityStageChanged {
  @IsUUID() opportunityId!: string;
  @IsUUID() customerId!: string;
  @IsString() @MaxLength(60) from!: string;
  @IsString() @MaxLength(60) to!: string;
}

@Event('crm.sales.opportunity-won', {
  version: 1,
  topic: opportunityTopic,
  key: 'opportunityId',
  tells: { en: 'Opportunity won: {amount}', vi: 'Thắng cơ hội: {amount}' },
})
export class OpportunityWon {
  @IsUUID() opportunityId!: string;
  @IsUUID() customerId!: string;
  @IsUUID() ownerId!: string;
  @IsOptional() @IsUUID() leadId?: string;
  @IsOptional() @IsUUID() campaignId?: string;
  @ValidateNested() @Type(() => Money) amount!: Money;
  @IsOptional() @IsString() @MaxLength(500) reason?: string;
}

@Event('crm.sales.opportunity-lost', {
  version: 1,
  topic: opportunityTopic,
  key: 'opportunityId',
  tells: { en: 'Opportunity lost: {reason}', vi: 'Mất cơ hội: {reason}' },
})
export class OpportunityLost {
  @IsUUID() opportunityId!: string;
  @IsUUID() customerId!: string;
  @IsUUID() ownerId!: string;
  @IsOptional() @IsUUID() leadId?: string;
  @IsOptional() @IsUUID() campaignId?: string;
  @IsString() @MaxLength(500) reason!: string;
}

/** A lost opportunity is worked on again. */
@Event('crm.sales.opportunity-reopened', {
  version: 1,
  topic: opportunityTopic,
  key: 'opportunityId',
  tells: {
    en: 'Opportunity opened again[, stage {stage}][: {reason}]',
    vi: 'Mở lại cơ hội[, giai đoạn {stage}][: {reason}]',
  },
})
export class OpportunityReopened {
  @IsUUID() opportunityId!: string;
  @IsUUID() customerId!: string;
  @IsUUID() ownerId!: string;
  @IsOptional() @IsUUID() leadId?: string;
  @IsOptional() @IsUUID() campaignId?: string;
  /** Where it stands now: the stage in which it was lost. */
  @IsString() @MaxLength(60) stage!: string;
  @IsString() @MaxLength(500) reason!: string;
}

@State('crm.sales.opportunity', { version: 1, topic: opportunityStateTopic, key: 'opportunityId' })
export class OpportunityState {
  @IsUUID() opportunityId!: string;
  @IsInt() @Min(0) version!: number;
  @IsUUID() customerId!: string;
  @IsString() @MaxLength(200) name!: string;
  @IsUUID() pipelineId!: string;
  @IsString() @MaxLength(60) stage!: string;
  @Closed() @IsIn(['open', 'won', 'lost']) status!: 'open' | 'won' | 'lost';
  @IsOptional() @ValidateNested() @Type(() => Money) amount?: Money;
  @IsOptional() @CivilDate() expectedCloseOn?: string;
  @IsUUID() branchId!: string;
  @IsUUID() ownerId!: string;
}
