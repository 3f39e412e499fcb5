import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsDateString,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { Address } from '../address.value.js';
import { CivilDate } from '../civil-date.value.js';
import { Event, State } from '../declaration.js';
import { IsEmailAddress } from '../email-address.value.js';
import { PhoneNumber } from '../phone-number.value.js';
import { factTopic, stateTopic } from '../topic.js';
import { defineWords, PassedOn } from '../vocabulary.js';

export const customerTopic = factTopic(
  'customers',
  'customer',
  'What happened to each customer record: registration, correction, merge, consent, ownership.',
);
export const customerStateTopic = stateTopic(
  'customers',
  'customer',
  'Each customer as known now. Personal data lives only here; a null value means erased.',
);

export const customerKinds = ['person', 'organisation'] as const;
export type CustomerKind = (typeof customerKinds)[number];
/** What the customer buys for. */
export const customerCategories = [
  'consumer',
  'commercial-oem',
  'commercial-user',
  'commercial-distributor',
  'government',
  'institutional',
] as const;
export type CustomerCategory = (typeof customerCategories)[number];
export const lifecycleStages = [
  'prospect',
  'first-time',
  'repeat',
  'frequent',
  'loyal',
  'dormant',
  'lost',
  'won-back',
] as const;
export type LifecycleStage = (typeof lifecycleStages)[number];
export const consentPurposes = ['marketing', 'care', 'survey', 'profiling', 'sharing'] as const;
export type ConsentPurpose = (typeof consentPurposes)[number];
defineWords(consentPurposes, {
  marketing: { en: 'marketing', vi: 'tiếp thị' },
  care: { en: 'care', vi: 'chăm sóc' },
  survey: { en: 'survey', vi: 'khảo sát' },
  profiling: { en: 'profiling', vi: 'phân tích' },
  sharing: { en: 'sharing', vi: 'chia sẻ' },
});
export const contactChannels = ['email', 'sms', 'phone', 'zalo', 'letter', 'visit'] as const;
export type ContactChannel = (typeof contactChannels)[number];
defineWords(contactChannels, {
  email: { en: 'email', vi: 'email' },
  sms: { en: 'sms', vi: 'tin nhắn' },
  phone: { en: 'phone', vi: 'điện thoại' },
  zalo: { en: 'zalo', vi: 'zalo' },
  letter: { en: 'letter', vi: 'thư' },
  visit: { en: 'visit', vi: 'gặp mặt' },
});
export const customerSources = [
  'manual',
  'import',
  'seminar',
  'web',
  'referral',
  'call',
  'campaign',
  'point-of-sale',
  'other',
] as const;
export type CustomerSource = (typeof customerSources)[number];
defineWords(customerSources, {
  manual: { en: 'manual', vi: 'nhập tay' },
  import: { en: 'import', vi: 'nhập từ tệp' },
  seminar: { en: 'seminar', vi: 'hội thảo' },
  web: { en: 'web', vi: 'trang web' },
  referral: { en: 'referral', vi: 'giới thiệu' },
  call: { en: 'call', vi: 'cuộc gọi' },
  campaign: { en: 'campaign', vi: 'chiến dịch' },
  'point-of-sale': { en: 'point-of-sale', vi: 'cửa hàng' },
  other: { en: 'other', vi: 'khác' },
});

@Event('crm.customers.customer-registered', {
  version: 1,
  topic: customerTopic,
  key: 'customerId',
  tells: { en: 'Registered as {code}, source {source}', vi: 'Tạo hồ sơ {code}, nguồn {source}' },
})
export class CustomerRegistered {
  @IsUUID() customerId!: string;
  @IsString() @MaxLength(40) code!: string;
  @IsIn(customerKinds) kind!: CustomerKind;
  @IsIn(customerSources) source!: CustomerSource;
  @IsUUID() branchId!: string;
  @IsOptional() @IsUUID() ownerId?: string;
  /** The import that brought the record. */
  @IsOptional() @IsUUID() importId?: string;
}

@Event('crm.customers.customer-corrected', {
  version: 1,
  topic: customerTopic,
  key: 'customerId',
  tells: { en: 'Corrected: {fields}', vi: 'Sửa thông tin: {fields}' },
})
export class CustomerCorrected {
  @IsUUID() customerId!: string;
  /** Names of the fields that changed; their values are in the state topic only. */
  @IsArray() @ArrayMaxSize(100) @IsString({ each: true }) fields!: string[];
}

@Event('crm.customers.consent-given', {
  version: 1,
  topic: customerTopic,
  key: 'customerId',
  tells: { en: 'Consented to {purpose} by {channel} ({source})', vi: 'Đồng ý {purpose} qua {channel} ({source})' },
})
export class ConsentGiven {
  @IsUUID() customerId!: string;
  @IsUUID() consentId!: string;
  @IsIn(consentPurposes) purpose!: ConsentPurpose;
  @IsIn(contactChannels) channel!: ContactChannel;
  /** Where it was given, e.g. `seminar list`. */
  @IsString() @MaxLength(200) source!: string;
}

@Event('crm.customers.consent-withdrawn', {
  version: 1,
  topic: customerTopic,
  key: 'customerId',
  tells: {
    en: 'Withdrew consent to {purpose} by {channel} ({source})',
    vi: 'Rút đồng ý {purpose} qua {channel} ({source})',
  },
})
export class ConsentWithdrawn {
  @IsUUID() customerId!: string;
  @IsUUID() consentId!: string;
  @PassedOn() @IsIn(consentPurposes) purpose!: ConsentPurpose;
  @PassedOn() @IsIn(contactChannels) channel!: ContactChannel;
  @IsString() @MaxLength(200) source!: string;
}

@Event('crm.customers.ownership-changed', {
  version: 1,
  topic: customerTopic,
  key: 'customerId',
  tells: { en: 'Put into other hands', vi: 'Đổi người hoặc chi nhánh phụ trách' },
})
export class OwnershipChanged {
  @IsUUID() customerId!: string;
  @IsUUID() branchId!: string;
  @IsOptional() @IsUUID() ownerId?: string;
  @IsOptional() @IsUUID() previousBranchId?: string;
  @IsOptional() @IsUUID() previousOwnerId?: string;
}

/** A customer's answer for one purpose on one channel; silence is no consent. */
export class ConsentAnswer {
  @PassedOn() @IsIn(consentPurposes) purpose!: ConsentPurpose;
  @PassedOn() @IsIn(contactChannels) channel!: ContactChannel;
  @IsBoolean() given!: boolean;
  /** When the customer answered; of an undated answer when it was recorded. */
  @IsDateString() at!: string;
  /** True where nobody knows when the customer answered: a list without a day of consent. */
  @IsOptional() @IsBoolean() undated?: boolean;
}

@State('crm.customers.customer', { version: 1, topic: customerStateTopic, key: 'customerId', dataClass: 'basic' })
export class CustomerState {
  @IsUUID() customerId!: string;
  @IsInt() @Min(0) version!: number;
  @IsString() @MaxLength(40) code!: string;
  @IsIn(customerKinds) kind!: CustomerKind;
  @IsIn(customerCategories) category!: CustomerCategory;
  @IsIn(lifecycleStages) lifecycle!: LifecycleStage;
  @IsString() @MaxLength(300) displayName!: string;
  @IsOptional() @IsString() @MaxLength(100) familyName?: string;
  @IsOptional() @IsString() @MaxLength(100) middleName?: string;
  @IsOptional() @IsString() @MaxLength(100) givenName?: string;
  /** Form of address, e.g. `Anh`, `Chị`. */
  @IsOptional() @IsString() @MaxLength(60) title?: string;
  /** Who speaks for an organisation. */
  @IsOptional() @IsString() @MaxLength(200) representative?: string;
  @IsArray() @ArrayMaxSize(20) @ValidateNested({ each: true }) @Type(() => PhoneNumber) phones!: PhoneNumber[];
  @IsArray() @ArrayMaxSize(20) @IsEmailAddress({ each: true }) emails!: string[];
  @IsOptional() @ValidateNested() @Type(() => Address) address?: Address;
  @IsOptional() @IsString() @MaxLength(14) taxCode?: string;
  @IsOptional() @IsString() @MaxLength(100) industry?: string;
  /** What the person or firm works in. */
  @IsOptional() @IsString() @MaxLength(100) field?: string;
  /** Size class of an organisation, e.g. number of employees. */
  @IsOptional() @IsString() @MaxLength(60) size?: string;
  @IsOptional() @CivilDate() birthDate?: string;
  @IsOptional() @IsIn(['female', 'male', 'other']) sex?: 'female' | 'male' | 'other';
  @IsIn(customerSources) source!: CustomerSource;
  @IsOptional() @IsString() @MaxLength(1000) needs?: string;
  /** Preferred language. */
  @IsIn(['vi', 'en']) language!: 'vi' | 'en';
  @IsOptional() @IsIn(contactChannels) preferredChannel?: ContactChannel;
  @IsUUID() branchId!: string;
  @IsOptional() @IsUUID() ownerId?: string;
  @IsOptional() @IsString() @MaxLength(60) department?: string;
  @IsArray() @ArrayMaxSize(60) @ValidateNested({ each: true }) @Type(() => ConsentAnswer) consents!: ConsentAnswer[];
  /** The survivor, when this record was merged into another. */
  @IsOptional() @IsUUID() mergedInto?: string;
  @IsDateString() registeredAt!: string;
}
