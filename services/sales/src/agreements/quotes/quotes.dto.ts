import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsNotEmpty,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { MayBeOmitted } from '@quen/chassis';
import { Money, Percent, PlannedDay, Quantity } from '@quen/events';
import { quoteStatuses, type QuoteStatus } from './quote.entity.js';

/** A product to quote; its price comes from the price books. */
export class QuoteLineBody {
  @IsUUID() productId!: string;
  @Quantity() quantity!: string;
  /** Off this line, in per cent. */
  @MayBeOmitted() @Percent() discountPercent?: string;
}

/** A quote to draft, for an opportunity or straight for a customer. */
export class CreateQuote {
  /** The customer is the opportunity's. */
  @MayBeOmitted() @IsUUID() opportunityId?: string;
  /** Needed without an opportunity. */
  @MayBeOmitted() @IsUUID() customerId?: string;
  /** By default the opportunity's product lines. */
  @MayBeOmitted()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(500)
  @ValidateNested({ each: true })
  @Type(() => QuoteLineBody)
  lines?: QuoteLineBody[];
  /** Off the whole, in per cent. */
  @MayBeOmitted() @Percent() discountPercent?: string;
  /** @example 'Thanh toán 50% khi đặt hàng, 50% khi giao' */
  @IsOptional() @IsString() @MaxLength(1000) paymentTerms?: string | null;
  /** @example 'Giao tận nơi trong 3 ngày' */
  @IsOptional() @IsString() @MaxLength(1000) deliveryTerms?: string | null;
  /** Last day on which it may be accepted. */
  @IsOptional() @PlannedDay() validUntil?: string | null;
  /** Seller of a quote without an opportunity; by default the caller. */
  @MayBeOmitted() @IsUUID() ownerId?: string;
}

/** Changes of a draft; what is left out stays, null clears. */
export class UpdateQuote {
  @MayBeOmitted()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(500)
  @ValidateNested({ each: true })
  @Type(() => QuoteLineBody)
  lines?: QuoteLineBody[];
  @MayBeOmitted() @Percent() discountPercent?: string;
  @IsOptional() @IsString() @MaxLength(1000) paymentTerms?: string | null;
  @IsOptional() @IsString() @MaxLength(1000) deliveryTerms?: string | null;
  @IsOptional() @PlannedDay() validUntil?: string | null;
}

/** A refusal. */
export class RefuseQuote {
  /** Why the customer said no. */
  @IsString() @IsNotEmpty() @MaxLength(500) reason!: string;
}

/** A line of a quote. */
export class QuoteLineView {
  line!: number;
  productId!: string;
  productCode!: string;
  productName!: string;
  unit!: string;
  quantity!: string;
  unitPrice!: Money;
  discountPercent!: string;
  /** After the line's own discount. */
  amount!: Money;
  /** After the discount on the whole too. */
  netAmount!: Money;
  /** Where the price came from and what else was considered, as it was when quoted. */
  explanation!: Record<string, unknown>;
}

/** An offer to a customer. */
export class QuoteView {
  id!: string;
  code!: string;
  revision!: number;
  previousId!: string | null;
  opportunityId!: string | null;
  leadId!: string | null;
  campaignId!: string | null;
  customerId!: string;
  branchId!: string;
  ownerId!: string;
  @IsIn(quoteStatuses) status!: QuoteStatus;
  pricedOn!: string;
  discountPercent!: string;
  total!: Money;
  paymentTerms!: string | null;
  deliveryTerms!: string | null;
  validUntil!: string | null;
  issuedAt!: Date | null;
  decidedAt!: Date | null;
  refuseReason!: string | null;
  version!: number;
  createdAt!: Date;
  updatedAt!: Date;
}

/** A quote with its lines. */
export class QuoteDetail extends QuoteView {
  @Type(() => QuoteLineView) lines!: QuoteLineView[];
}
