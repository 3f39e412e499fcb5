import { IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import { Event } from '../declaration.js';
import { factTopic } from '../topic.js';

export const workedLeadTopic = factTopic('sales', 'lead', 'What sellers did with the leads that were routed to them.');

@Event('crm.sales.lead-accepted', {
  version: 1,
  topic: workedLeadTopic,
  key: 'leadId',
  tells: { en: 'A seller took the lead', vi: 'Người bán nhận đầu mối' },
})
export class LeadAccepted {
  @IsUUID() leadId!: string;
  @IsUUID() customerId!: string;
  @IsUUID() ownerId!: string;
}

@Event('crm.sales.lead-declined', {
  version: 1,
  topic: workedLeadTopic,
  key: 'leadId',
  tells: { en: 'The lead was declined: {reason}', vi: 'Từ chối đầu mối: {reason}' },
})
export class LeadDeclined {
  @IsUUID() leadId!: string;
  @IsUUID() customerId!: string;
  @IsString() @MaxLength(500) reason!: string;
}

@Event('crm.sales.lead-converted', {
  version: 1,
  topic: workedLeadTopic,
  key: 'leadId',
  tells: { en: 'The lead became an opportunity', vi: 'Đầu mối thành cơ hội' },
})
export class LeadConverted {
  @IsUUID() leadId!: string;
  @IsUUID() customerId!: string;
  @IsUUID() opportunityId!: string;
  @IsOptional() @IsUUID() campaignId?: string;
}

/** A manager gave the lead to another seller. */
@Event('crm.sales.lead-assigned', {
  version: 1,
  topic: workedLeadTopic,
  key: 'leadId',
  tells: {
    en: 'The lead was given to another seller[: {reason}]',
    vi: 'Chuyển đầu mối cho người bán khác[: {reason}]',
  },
})
export class LeadAssigned {
  @IsUUID() leadId!: string;
  @IsUUID() customerId!: string;
  @IsUUID() ownerId!: string;
  @IsOptional() @IsUUID() previousOwnerId?: string;
  @IsOptional() @IsString() @MaxLength(500) reason?: string;
}
