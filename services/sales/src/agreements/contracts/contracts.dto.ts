import { Type } from 'class-transformer';
import { IsIn, IsNotEmpty, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import { MayBeOmitted } from '@quen/chassis';
import { Money, PlannedDay, RecordedDay } from '@quen/events';
import { contractEnds, contractStatuses, type ContractEnd, type ContractStatus } from './contract.entity.js';

/** A contract to draft from an accepted quote. */
export class CreateContract {
  @IsUUID() quoteId!: string;
  /** @example 'Hợp đồng mua bán và lắp đặt máy lọc nước' */
  @IsString() @IsNotEmpty() @MaxLength(300) title!: string;
  /** Text of the terms. */
  @IsOptional() @IsString() @MaxLength(50_000) terms?: string | null;
  @IsOptional() @PlannedDay() startsOn?: string | null;
  /** Last day; the contract then ends by itself. Open when left out. */
  @IsOptional() @PlannedDay('2027-11-19') endsOn?: string | null;
}

/** Changes of a draft; what is left out stays, null clears. */
export class UpdateContract {
  @MayBeOmitted() @IsString() @IsNotEmpty() @MaxLength(300) title?: string;
  @IsOptional() @IsString() @MaxLength(50_000) terms?: string | null;
  @IsOptional() @PlannedDay() startsOn?: string | null;
  @IsOptional() @PlannedDay('2027-11-19') endsOn?: string | null;
}

/** A signature. */
export class SignContract {
  /** Who signed for the customer. */
  @IsString() @IsNotEmpty() @MaxLength(200) signedBy!: string;
  /** By default today. */
  @MayBeOmitted() @RecordedDay() signedOn?: string;
  /** By default as drafted, or the day of the signature. */
  @MayBeOmitted() @PlannedDay() startsOn?: string;
}

/** An end before, on or after the last day. */
export class EndContract {
  @IsIn(contractEnds) how!: ContractEnd;
  /** By default today. */
  @MayBeOmitted() @RecordedDay() endedOn?: string;
  @MayBeOmitted() @IsString() @MaxLength(500) reason?: string;
}

/** A contract. */
export class ContractView {
  id!: string;
  code!: string;
  title!: string;
  quoteId!: string;
  opportunityId!: string | null;
  leadId!: string | null;
  campaignId!: string | null;
  customerId!: string;
  branchId!: string;
  ownerId!: string;
  @IsIn(contractStatuses) status!: ContractStatus;
  terms!: string | null;
  total!: Money;
  startsOn!: string | null;
  endsOn!: string | null;
  signedOn!: string | null;
  signedBy!: string | null;
  endedOn!: string | null;
  endedHow!: ContractEnd | null;
  endReason!: string | null;
  version!: number;
  createdAt!: Date;
  updatedAt!: Date;
}

/** Something that happened to a contract. */
export class ContractHistoryView {
  what!: string;
  detail!: Record<string, unknown>;
  by!: string;
  at!: Date;
}

/** A contract with its history, the latest first. */
export class ContractDetail extends ContractView {
  @Type(() => ContractHistoryView) history!: ContractHistoryView[];
}
