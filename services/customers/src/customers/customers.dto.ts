import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { MayBeOmitted, PatchOf } from '@quen/chassis';
import {
  Address,
  ConsentAnswer,
  contactChannels,
  customerCategories,
  customerKinds,
  customerSources,
  IsMoney,
  lifecycleStages,
  Money,
  PhoneNumber,
  type ContactChannel,
  type CustomerCategory,
  type CustomerKind,
  type CustomerRank,
  type CustomerSource,
  type LifecycleStage,
} from '@quen/events';
import { IsCitizenId, IsEmailAddress, IsPastDay, IsPhone, IsTaxCode } from './customer-fields.validators.js';

/** A further address with its use. */
export class LabelledAddressDto {
  /**
   * What it is for.
   * @example 'delivery'
   */
  @IsString() @MaxLength(60) label!: string;
  @ValidateNested() @Type(() => Address) address!: Address;
}

/** An id that another system gives the customer. */
export class ExternalIdDto {
  /**
   * The system.
   * @example 'zalo'
   */
  @Matches(/^[a-z0-9][a-z0-9.-]{0,39}$/) system!: string;
  /** @example '2468013579' */
  @IsString() @Matches(/\S/) @MaxLength(100) id!: string;
}

/** What can be entered of a customer. */
export class CustomerFields {
  @MayBeOmitted() @IsIn(customerKinds) kind?: CustomerKind;
  /** What the customer buys for. */
  @MayBeOmitted() @IsIn(customerCategories) category?: CustomerCategory;
  /** An outsider, or another part of the firm. */
  @MayBeOmitted() @IsIn(['external', 'internal']) relation?: 'external' | 'internal';
  @MayBeOmitted() @IsIn(lifecycleStages) lifecycle?: LifecycleStage;
  /** The parts are derived from the display name where they are not given. */
  @IsOptional() @IsString() @MaxLength(100) familyName?: string | null;
  @IsOptional() @IsString() @MaxLength(100) middleName?: string | null;
  @IsOptional() @IsString() @MaxLength(100) givenName?: string | null;
  /**
   * Form of address.
   * @example 'Chị'
   */
  @IsOptional() @IsString() @MaxLength(60) title?: string | null;
  /** Who speaks for an organisation. */
  @IsOptional() @IsString() @MaxLength(200) representative?: string | null;
  /**
   * Numbers as people write them; stored in E.164 with the typed form kept.
   * @example ['0912 345 678']
   */
  @MayBeOmitted() @IsArray() @ArrayMaxSize(20) @IsPhone({ each: true }) phones?: string[];
  @ApiProperty({
    type: 'array',
    items: { type: 'string', format: 'email', maxLength: 254 },
    maxItems: 20,
    required: false,
    example: ['lan@example.com'],
  })
  @MayBeOmitted()
  @IsArray()
  @ArrayMaxSize(20)
  @IsEmailAddress({ each: true })
  emails?: string[];
  @IsOptional() @ValidateNested() @Type(() => Address) address?: Address | null;
  @MayBeOmitted()
  @IsArray()
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => LabelledAddressDto)
  otherAddresses?: LabelledAddressDto[];
  /**
   * 10 or 13 digits, or a person's 12, which is the citizen id and protected like it; a wrong check digit only warns.
   * @example '0101243150'
   */
  @IsOptional() @IsTaxCode() taxCode?: string | null;
  /**
   * Citizen id (CCCD), 12 digits; shown and found only by those who may read it. Who registers may enter one, to change
   * or clear it takes a permission.
   */
  @IsOptional() @IsCitizenId() citizenId?: string | null;
  @MayBeOmitted()
  @IsArray()
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => ExternalIdDto)
  externalIds?: ExternalIdDto[];
  @IsOptional() @IsString() @MaxLength(100) industry?: string | null;
  /** What the person or firm works in. */
  @IsOptional() @IsString() @MaxLength(100) field?: string | null;
  /** Size class of an organisation. */
  @IsOptional() @IsString() @MaxLength(60) size?: string | null;
  /** Yearly revenue of an organisation. */
  @IsOptional() @IsMoney() revenue?: Money | null;
  /** @example '1985-03-02' */
  @IsOptional() @IsPastDay() birthDate?: string | null;
  @IsOptional() @IsIn(['female', 'male', 'other']) sex?: 'female' | 'male' | 'other' | null;
  @MayBeOmitted() @IsIn(customerSources) source?: CustomerSource;
  @IsOptional() @IsString() @MaxLength(1000) needs?: string | null;
  /** For this service's readers only; never published. */
  @IsOptional() @IsString() @MaxLength(2000) note?: string | null;
  /** Preferred language. */
  @MayBeOmitted() @IsIn(['vi', 'en']) language?: 'vi' | 'en';
  @IsOptional() @IsIn(contactChannels) preferredChannel?: ContactChannel | null;
  /** Department responsible. */
  @IsOptional() @IsString() @MaxLength(60) department?: string | null;
  /** Day since which the firm knows the customer, when that is before the record. */
  @IsOptional() @IsPastDay() customerSince?: string | null;
}

/** A new customer. */
export class CreateCustomer extends CustomerFields {
  /**
   * The name as people read it.
   * @example 'Nguyễn Thị Thu Lan'
   */
  @IsString() @Matches(/\S/) @MaxLength(300) displayName!: string;
  /** The firm's own code; drawn from a sequence when it is left out. */
  @MayBeOmitted() @Matches(/^[\w./-]{1,40}$/) code?: string;
  /** By default the caller's. */
  @MayBeOmitted() @IsUUID() branchId?: string;
  @IsOptional() @IsUUID() ownerId?: string | null;
  /** Registers the customer although one with the same tax code, citizen id or external id is there. */
  @MayBeOmitted() @IsBoolean() allowDuplicate?: boolean;
}

/**
 * A merge patch: fields that are left out stay, null clears those that may be unknown. Branch and owner change by a
 * transfer.
 */
export class UpdateCustomer extends PatchOf(CustomerFields) {
  @MayBeOmitted() @IsString() @Matches(/\S/) @MaxLength(300) displayName?: string;
}

/** Puts a customer into other hands. */
export class TransferCustomer {
  @IsUUID() branchId!: string;
  /** Null for nobody yet. */
  @IsOptional() @IsUUID() ownerId?: string | null;
}

/** Something odd that was kept nevertheless. */
export class FieldWarning {
  /** @example '/taxCode' */
  pointer!: string;
  /** @example 'tax_code_checksum' */
  code!: string;
  message!: string;
}

/** What analysis says of the customer. */
export class InsightView {
  rank!: CustomerRank;
  lifetimeValue!: Money;
  lastOrderOn!: string | null;
  orders!: number;
  openComplaints!: number;
}

/** Why two records look alike or not. */
export class DuplicateReasonView {
  /** @example 'same_phone' */
  code!: string;
  points!: number;
}

/**
 * A record that may be the same customer. Of those that the caller may not see it is only told that there is one,
 * without score and reasons.
 */
export class CandidateView {
  /** Null when the caller may not see it. */
  customerId!: string | null;
  code!: string | null;
  displayName!: string | null;
  /** 0 to 100; null when the caller may not see the record. */
  score!: number | null;
  /** The same beyond doubt; null when the caller may not see the record. */
  sure!: boolean | null;
  reasons!: DuplicateReasonView[];
}

/** A customer. */
export class CustomerView {
  id!: string;
  version!: number;
  /** @example 'KH-000123' */
  code!: string;
  kind!: CustomerKind;
  category!: CustomerCategory;
  relation!: 'external' | 'internal';
  lifecycle!: LifecycleStage;
  displayName!: string;
  familyName!: string | null;
  middleName!: string | null;
  givenName!: string | null;
  title!: string | null;
  representative!: string | null;
  phones!: PhoneNumber[];
  emails!: string[];
  address!: Address | null;
  otherAddresses!: LabelledAddressDto[];
  taxCode!: string | null;
  /** Only the last three digits for those who may not read it whole. */
  citizenId!: string | null;
  externalIds!: ExternalIdDto[];
  industry!: string | null;
  field!: string | null;
  size!: string | null;
  revenue!: Money | null;
  birthDate!: string | null;
  sex!: 'female' | 'male' | 'other' | null;
  source!: CustomerSource;
  needs!: string | null;
  note!: string | null;
  language!: 'vi' | 'en';
  preferredChannel!: ContactChannel | null;
  branchId!: string;
  ownerId!: string | null;
  department!: string | null;
  customerSince!: string | null;
  /** Answers now; silence is no consent. */
  consents!: ConsentAnswer[];
  /** The survivor, when this record was merged into another. */
  mergedInto!: string | null;
  /** The import that brought the record. */
  importId!: string | null;
  registeredAt!: Date;
  updatedAt!: Date;
  warnings!: FieldWarning[];
  /** Null until something is known. */
  insight!: InsightView | null;
}

/** A customer that was just registered, with records that may be the same. */
export class RegisteredCustomerView extends CustomerView {
  candidates!: CandidateView[];
}

/** Customers that a key leads to: several when a phone is shared, none when nobody has it. */
export class LookupView {
  data!: CustomerView[];
}

/** Records that may be the same customer, the likeliest first. */
export class CandidatesView {
  data!: CandidateView[];
}
