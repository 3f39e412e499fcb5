import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsEmail,
  IsIn,
  IsNotEmpty,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { MayBeOmitted } from '@quen/chassis';
import { IsMoney, Money, PlannedDay, Quantity } from '@quen/events';
import { contactRoles, type ContactRole } from './opportunity-parts.entity.js';
import { opportunityStatuses, type OpportunityStatus } from './opportunity.entity.js';

/** An opportunity to open without a lead. */
export class CreateOpportunity {
  @IsUUID() customerId!: string;
  /** @example 'Máy lọc nước cho 12 văn phòng' */
  @IsString() @IsNotEmpty() @MaxLength(200) name!: string;
  /** By default the default pipeline. */
  @MayBeOmitted() @IsUUID() pipelineId?: string;
  /** Campaign that brought it about, where there is one. */
  @MayBeOmitted() @IsUUID() campaignId?: string;
  /** What the customer needs. */
  @IsOptional() @IsString() @MaxLength(2000) need?: string | null;
  @IsOptional() @IsMoney() amount?: Money | null;
  @IsOptional() @PlannedDay() expectedCloseOn?: string | null;
  /** Seller; by default the caller, or the customer's own seller when a manager enters it. */
  @MayBeOmitted() @IsUUID() ownerId?: string;
}

/** Changes of an opportunity; what is left out stays, null clears. */
export class UpdateOpportunity {
  @MayBeOmitted() @IsString() @IsNotEmpty() @MaxLength(200) name?: string;
  @IsOptional() @IsString() @MaxLength(2000) need?: string | null;
  /** Not while there are product lines, whose sum it is. */
  @IsOptional() @IsMoney() amount?: Money | null;
  @IsOptional() @PlannedDay() expectedCloseOn?: string | null;
  /** Another seller, whose branch the opportunity moves to. */
  @MayBeOmitted() @IsUUID() ownerId?: string;
}

/** A move to another stage. */
export class MoveOpportunity {
  /** Code of the stage. */
  @IsString() @IsNotEmpty() @MaxLength(60) stage!: string;
}

/** A win. */
export class WinOpportunity {
  /** Why the customer chose us. */
  @MayBeOmitted() @IsString() @MaxLength(500) reason?: string;
}

/** A loss. */
export class LoseOpportunity {
  /** Why the customer did not choose us. */
  @IsString() @IsNotEmpty() @MaxLength(500) reason!: string;
}

/** A lost opportunity that is worked on again. */
export class ReopenOpportunity {
  /** What has changed. */
  @IsString() @IsNotEmpty() @MaxLength(500) reason!: string;
}

/** A product that the customer may buy. */
export class OpportunityLineBody {
  @IsUUID() productId!: string;
  @Quantity() quantity!: string;
  /** By default what the price books say today. */
  @MayBeOmitted() @Matches(/^\d{1,15}(\.\d{1,4})?$/) unitPrice?: string;
}

/** All product lines. */
export class ReplaceOpportunityLines {
  @IsArray()
  @ArrayMaxSize(200)
  @ValidateNested({ each: true })
  @Type(() => OpportunityLineBody)
  lines!: OpportunityLineBody[];
}

/** Somebody on the customer's side. */
export class AddContact {
  @IsString() @IsNotEmpty() @MaxLength(200) name!: string;
  /** Part in the decision. */
  @IsIn(contactRoles) role!: ContactRole;
  @IsOptional() @IsString() @MaxLength(30) phone?: string | null;
  @IsOptional() @IsEmail() @MaxLength(254) email?: string | null;
  @IsOptional() @IsString() @MaxLength(1000) note?: string | null;
}

/** A product line. */
export class OpportunityLineView {
  line!: number;
  productId!: string;
  productCode!: string;
  productName!: string;
  quantity!: string;
  unitPrice!: Money;
  amount!: Money;
}

/** A contact. */
export class ContactView {
  id!: string;
  name!: string;
  @IsIn(contactRoles) role!: ContactRole;
  phone!: string | null;
  email!: string | null;
  note!: string | null;
}

/** A stay in a stage. */
export class StayView {
  stage!: string;
  /** Why the opportunity was won, lost or opened again. */
  reason!: string | null;
  enteredAt!: Date;
  leftAt!: Date | null;
  /** Hours spent so far. */
  hours!: number;
}

/** An opportunity. */
export class OpportunityView {
  id!: string;
  name!: string;
  customerId!: string;
  leadId!: string | null;
  campaignId!: string | null;
  pipelineId!: string;
  stage!: string;
  stageSince!: Date;
  /** Chance of winning in per cent, from the stage. */
  probability!: number;
  @IsIn(opportunityStatuses) status!: OpportunityStatus;
  need!: string | null;
  amount!: Money | null;
  expectedCloseOn!: string | null;
  branchId!: string;
  ownerId!: string;
  closedAt!: Date | null;
  closeReason!: string | null;
  version!: number;
  createdAt!: Date;
  updatedAt!: Date;
}

/** An opportunity with everything inside it. */
export class OpportunityDetail extends OpportunityView {
  ownerName!: string | null;
  @Type(() => OpportunityLineView) lines!: OpportunityLineView[];
  @Type(() => ContactView) contacts!: ContactView[];
  /** Time per stage, the first one first. */
  @Type(() => StayView) stays!: StayView[];
}
