import { IsBoolean, IsIn, IsISO8601, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { MayBeOmitted } from '@quen/chassis';
import {
  ConsentAnswer,
  consentPurposes,
  contactChannels,
  type ConsentPurpose,
  type ContactChannel,
} from '@quen/events';

/** A customer's answer about one purpose on one channel. */
export class RecordConsent {
  @IsIn(consentPurposes) purpose!: ConsentPurpose;
  @IsIn(contactChannels) channel!: ContactChannel;
  /** True gives consent, false withdraws or refuses it. */
  @IsBoolean() given!: boolean;
  /**
   * Where the answer was given.
   * @example 'seminar list'
   */
  @IsString() @Matches(/\S/) @MaxLength(200) source!: string;
  /**
   * What the customer agreed or objected to, word for word.
   * @example 'Tôi đồng ý nhận thông tin khuyến mại qua email'
   */
  @IsString() @Matches(/\S/) @MaxLength(2000) wording!: string;
  /**
   * Where the proof is.
   * @example 'signed form 2026-0114, page 3'
   */
  @IsOptional() @IsString() @MaxLength(500) proof?: string | null;
  /**
   * When the customer answered; now when it is left out, never in the future.
   * @example '2026-03-01T02:00:00Z'
   */
  @MayBeOmitted()
  @IsISO8601({ strict: true, strictSeparator: true })
  @Matches(/T.*(Z|[+-]\d{2}:\d{2})$/, { message: '$property must be an instant with Z or an offset' })
  at?: string;
}

/** An entry of the ledger. */
export class ConsentView {
  id!: string;
  purpose!: ConsentPurpose;
  channel!: ContactChannel;
  given!: boolean;
  source!: string;
  wording!: string;
  proof!: string | null;
  /** When the customer answered; of an undated answer when it was recorded. */
  at!: Date;
  /**
   * True where nobody knows when the customer answered: a list without a day. Such a consent never stands against an
   * answer that is there, and gives way to any later entry.
   */
  undated!: boolean;
  recordedAt!: Date;
  recordedBy!: string | null;
}

/** The ledger of a customer's consents, the newest entry first, and the answers that follow from it. */
export class ConsentLedgerView {
  /** Answers now, whichever came last; a purpose and channel that is not named has no consent. */
  current!: ConsentAnswer[];
  data!: ConsentView[];
  nextCursor!: string | null;
  hasMore!: boolean;
  total?: number;
}
