import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsString, IsUUID, MaxLength, MinLength } from 'class-validator';
import { MayBeOmitted } from '@quen/chassis';
import { leadSources, Money, Reason, type LeadSource } from '@quen/events';
import { leadStatuses, type LeadStatus } from './lead.entity.js';

export class CaptureLead {
  @IsUUID() customerId!: string;
  /** Where it came from. */
  @IsIn(leadSources) source!: LeadSource;
  /** Campaign to which it is owed, if any. */
  @MayBeOmitted() @IsUUID() campaignId?: string;
  /** What was asked for. @example 'Máy lọc nước cho văn phòng 30 người' */
  @MayBeOmitted() @IsString() @MinLength(1) @MaxLength(1000) interest?: string;
}

/** A channel that a lead was with, and why it was chosen. */
export class RouteView {
  @IsUUID() channelId!: string;
  channelCode!: string;
  expectedMargin!: Money;
  reasons!: Reason[];
  @IsIn(['routed', 'accepted', 'declined']) status!: 'routed' | 'accepted' | 'declined';
  /** Why it was declined. */
  answer!: string | null;
  routedAt!: string;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) answeredAt!: string | null;
}

export class LeadView {
  @IsUUID() id!: string;
  version!: number;
  @IsUUID() customerId!: string;
  @IsIn(leadSources) source!: LeadSource;
  @ApiProperty({ type: 'string', format: 'uuid', nullable: true }) campaignId!: string | null;
  @IsUUID() branchId!: string;
  @ApiProperty({ type: 'string', format: 'uuid', nullable: true }) ownerId!: string | null;
  interest!: string | null;
  @IsIn(leadStatuses) status!: LeadStatus;
  score!: number;
  /** What the score is made of. */
  scoreReasons!: Reason[];
  /** Channels that it was with, the present one first. */
  routes!: RouteView[];
  capturedAt!: string;
  updatedAt!: string;
}
