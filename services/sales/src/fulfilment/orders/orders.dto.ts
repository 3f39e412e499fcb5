import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { MayBeOmitted } from '@quen/chassis';
import { IsMoney, Money, PlannedDay, Quantity, RecordedDay } from '@quen/events';
import { orderStatuses, type OrderStatus } from './order.entity.js';

/** A product to order. */
export class OrderLineBody {
  @IsUUID() productId!: string;
  @Quantity() quantity!: string;
  /**
   * What the customer pays for the whole line; by default what the price books, or the contract, say. Below that at
   * most by what the caller may give off.
   */
  @MayBeOmitted() @IsMoney() amount?: Money;
}

/** An order to draft: from an accepted quote, under a contract in force, or with lines of its own. */
export class CreateOrder {
  /** Customer, lines, terms and campaign are the quote's; a quote is sold once, by an order or by a contract. */
  @MayBeOmitted() @IsUUID() quoteId?: string;
  /** As with a quote, and the order calls off what the contract still has. */
  @MayBeOmitted() @IsUUID() contractId?: string;
  /** Needed without quote and contract. */
  @MayBeOmitted() @IsUUID() customerId?: string;
  /** Opportunity that the order comes of; the campaign is the opportunity's. */
  @MayBeOmitted() @IsUUID() opportunityId?: string;
  /** Needed without quote and contract; under a contract, what is called off now, by default all that is open. */
  @MayBeOmitted()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(500)
  @ValidateNested({ each: true })
  @Type(() => OrderLineBody)
  lines?: OrderLineBody[];
  /** By default today. */
  @MayBeOmitted() @RecordedDay() orderedOn?: string;
  @IsOptional() @IsString() @MaxLength(1000) paymentTerms?: string | null;
  @IsOptional() @IsString() @MaxLength(1000) deliveryTerms?: string | null;
  /** Seller of an order without quote, contract and opportunity; by default the caller. */
  @MayBeOmitted() @IsUUID() ownerId?: string;
}

/** A quantity of one line. */
export class LinePartBody {
  @IsInt() @Min(1) line!: number;
  @Quantity() quantity!: string;
}

/** Goods handed over. */
export class DeliverOrder {
  /** By default everything that is still open. */
  @MayBeOmitted()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(500)
  @ValidateNested({ each: true })
  @Type(() => LinePartBody)
  lines?: LinePartBody[];
  /** By default today. */
  @MayBeOmitted() @RecordedDay() deliveredOn?: string;
  @IsOptional() @IsString() @MaxLength(500) note?: string | null;
}

/** A demand for payment. */
export class InvoiceOrder {
  /** By default everything that was not invoiced yet. */
  @MayBeOmitted() @IsMoney('more than zero') amount?: Money;
  /** By default today. */
  @MayBeOmitted() @RecordedDay() issuedOn?: string;
  /** By default the day of issue. */
  @MayBeOmitted() @PlannedDay('2026-12-20') dueOn?: string;
}

/** Money received. */
export class PayOrder {
  @IsMoney('more than zero') amount!: Money;
  /** @example 'bank-transfer' */
  @IsString() @IsNotEmpty() @MaxLength(60) method!: string;
  /** By default today. */
  @MayBeOmitted() @RecordedDay() receivedOn?: string;
  /** The bank's or till's own number; the same one is not taken twice. */
  @MayBeOmitted() @IsString() @IsNotEmpty() @MaxLength(100) reference?: string;
}

/** Goods that come back. */
export class ReturnGoods {
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(500)
  @ValidateNested({ each: true })
  @Type(() => LinePartBody)
  lines!: LinePartBody[];
  /** By default today. */
  @MayBeOmitted() @RecordedDay() returnedOn?: string;
  @MayBeOmitted() @IsString() @MaxLength(500) reason?: string;
}

/** A line of an order. */
export class OrderLineView {
  line!: number;
  productId!: string;
  productCode!: string;
  quantity!: string;
  amount!: Money;
  delivered!: string;
  returned!: string;
  /** Still to be delivered. */
  open!: string;
}

/** A quantity of one line with its share of the amount. */
export class FactLineView {
  line!: number;
  quantity!: string;
  amount!: Money;
}

/** A delivery. */
export class DeliveryView {
  id!: string;
  deliveredOn!: string;
  note!: string | null;
  by!: string;
  at!: Date;
  @Type(() => FactLineView) lines!: FactLineView[];
}

/** An invoice. */
export class InvoiceView {
  id!: string;
  code!: string;
  amount!: Money;
  issuedOn!: string;
  dueOn!: string;
  by!: string;
  at!: Date;
}

/** A payment. */
export class PaymentView {
  id!: string;
  amount!: Money;
  receivedOn!: string;
  method!: string;
  reference!: string | null;
  by!: string;
  at!: Date;
}

/** A return. */
export class ReturnView {
  id!: string;
  returnedOn!: string;
  credited!: Money;
  reason!: string | null;
  by!: string;
  at!: Date;
  @Type(() => FactLineView) lines!: FactLineView[];
}

/** An order. */
export class OrderView {
  id!: string;
  code!: string;
  customerId!: string;
  orderedOn!: string;
  @IsIn(orderStatuses) status!: OrderStatus;
  @IsIn(['entry', 'import']) origin!: 'entry' | 'import';
  quoteId!: string | null;
  contractId!: string | null;
  opportunityId!: string | null;
  leadId!: string | null;
  campaignId!: string | null;
  branchId!: string;
  ownerId!: string | null;
  paymentTerms!: string | null;
  deliveryTerms!: string | null;
  total!: Money;
  invoiced!: Money;
  paid!: Money;
  /** For goods that came back. */
  credited!: Money;
  /** Still due; negative when the firm owes the customer. */
  balance!: Money;
  @IsIn(['none', 'part', 'full']) delivered!: 'none' | 'part' | 'full';
  confirmedAt!: Date | null;
  version!: number;
  createdAt!: Date;
  updatedAt!: Date;
}

/** An order with its lines and everything that happened to it. */
export class OrderDetail extends OrderView {
  @Type(() => OrderLineView) lines!: OrderLineView[];
  @Type(() => DeliveryView) deliveries!: DeliveryView[];
  @Type(() => InvoiceView) invoices!: InvoiceView[];
  @Type(() => PaymentView) payments!: PaymentView[];
  @Type(() => ReturnView) returns!: ReturnView[];
}
