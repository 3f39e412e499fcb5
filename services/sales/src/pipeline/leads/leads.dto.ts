import { Type } from 'class-transformer';
import { IsIn, IsNotEmpty, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import { MayBeOmitted } from '@quen/chassis';
import {
  contactChannels,
  IsMoney,
  Money,
  PlannedDay,
  Reason,
  type ContactChannel,
  type LeadSource,
  type SalesChannel,
} from '@quen/events';
import { approachOutcomes, type ApproachOutcome } from './lead-approach.entity.js';
import { leadStatuses, type LeadStatus } from './lead.entity.js';

/** Why a lead is given back. */
export class DeclineLead {
  /** @example 'Ngoài khu vực phục vụ' */
  @IsString() @IsNotEmpty() @MaxLength(500) reason!: string;
}

/** Who gets the lead. */
export class AssignLead {
  /** An active member of staff of the lead's branch, or of one above it. */
  @IsUUID() ownerId!: string;
  @MayBeOmitted() @IsString() @IsNotEmpty() @MaxLength(500) reason?: string;
}

/** An attempt to get in touch. */
export class LogApproach {
  @IsIn(contactChannels) channel!: ContactChannel;
  @IsIn(approachOutcomes) outcome!: ApproachOutcome;
  @IsOptional() @IsString() @MaxLength(1000) note?: string | null;
}

/** What the opportunity begins with; what is left out is taken from the lead. */
export class ConvertLead {
  /** Name of the opportunity; by default the interest, or the customer's name. */
  @MayBeOmitted() @IsString() @IsNotEmpty() @MaxLength(200) name?: string;
  /** By default the default pipeline. */
  @MayBeOmitted() @IsUUID() pipelineId?: string;
  @MayBeOmitted() @IsMoney() amount?: Money;
  @MayBeOmitted() @PlannedDay() expectedCloseOn?: string;
}

/** A lead at work. */
export class LeadView {
  id!: string;
  customerId!: string;
  campaignId!: string | null;
  source!: LeadSource;
  channel!: SalesChannel;
  /** Code of the very agent, point of sale or branch. */
  channelCode!: string;
  branchId!: string;
  ownerId!: string | null;
  interest!: string | null;
  score!: number;
  expectedMargin!: Money;
  /** Why marketing routed it here. */
  @Type(() => Reason) reasons!: Reason[];
  @IsIn(leadStatuses) status!: LeadStatus;
  routedAt!: Date;
  acceptedAt!: Date | null;
  firstResponseAt!: Date | null;
  /** From routing to the first approach. */
  firstResponseMinutes!: number | null;
  declineReason!: string | null;
  opportunityId!: string | null;
  version!: number;
}

/** An attempt that was logged. */
export class ApproachView {
  id!: string;
  leadId!: string;
  channel!: string;
  @IsIn(approachOutcomes) outcome!: ApproachOutcome;
  note!: string | null;
  by!: string;
  at!: Date;
}

/** The approaches to a lead, the latest first. */
export class ApproachList {
  @Type(() => ApproachView) data!: ApproachView[];
}
