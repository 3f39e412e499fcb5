import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { CivilDate } from '../civil-date.value.js';
import { Event, State } from '../declaration.js';
import { Money } from '../money.value.js';
import { quantityPattern } from '../quantity.value.js';
import { factTopic, stateTopic } from '../topic.js';
import { Closed } from '../vocabulary.js';

export const orderTopic = factTopic(
  'sales',
  'order',
  'The transaction history: orders confirmed, delivered, invoiced, paid, returned. Corrections are new facts.',
);
export const orderStateTopic = stateTopic(
  'sales',
  'order',
  'Each order with what was delivered, paid and returned so far.',
);

/** One line of an order, a delivery or a return. */
export class OrderLine {
  @IsInt() @Min(1) line!: number;
  @IsUUID() productId!: string;
  @IsString() @MaxLength(60) productCode!: string;
  @IsOptional() @IsString() @MaxLength(60) productCategory?: string;
  /** Decimal text, more than zero. */
  @Matches(quantityPattern) quantity!: string;
  /** What the customer pays for the line. */
  @ValidateNested() @Type(() => Money) amount!: Money;
  /** What the line costs the firm. */
  @ValidateNested() @Type(() => Money) cost!: Money;
}

@Event('crm.sales.order-confirmed', {
  version: 1,
  topic: orderTopic,
  key: 'orderId',
  tells: { en: 'Order {orderCode}: {total}', vi: 'Đơn hàng {orderCode}: {total}' },
})
export class OrderConfirmed {
  @IsUUID() orderId!: string;
  @IsString() @MaxLength(60) orderCode!: string;
  @IsUUID() customerId!: string;
  /** Civil day of the order, which for an imported history lies in the past. */
  @CivilDate() orderedOn!: string;
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(500)
  @ValidateNested({ each: true })
  @Type(() => OrderLine)
  lines!: OrderLine[];
  @ValidateNested() @Type(() => Money) total!: Money;
  @IsUUID() branchId!: string;
  @IsOptional() @IsUUID() ownerId?: string;
  @IsOptional() @IsUUID() opportunityId?: string;
  @IsOptional() @IsUUID() contractId?: string;
  @IsOptional() @IsUUID() leadId?: string;
  @IsOptional() @IsUUID() campaignId?: string;
  /**
   * `import` for a firm's history, which no campaign can claim. An imported order counts as delivered and as paid in
   * full
   * on `orderedOn`: no `goods-delivered` follows it. A `payment-received` of origin `import` does; orders imported
   * before there was one have none.
   */
  @Closed() @IsIn(['entry', 'import']) origin!: 'entry' | 'import';
}

@Event('crm.sales.goods-delivered', {
  version: 1,
  topic: orderTopic,
  key: 'orderId',
  tells: { en: 'Goods delivered on {deliveredOn}', vi: 'Giao hàng ngày {deliveredOn}' },
})
export class GoodsDelivered {
  @IsUUID() orderId!: string;
  @IsUUID() deliveryId!: string;
  @IsUUID() customerId!: string;
  @CivilDate() deliveredOn!: string;
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(500)
  @ValidateNested({ each: true })
  @Type(() => OrderLine)
  lines!: OrderLine[];
  /** Branch, seller and origin of the order, so that readers need not look for it. */
  @IsOptional() @IsUUID() branchId?: string;
  @IsOptional() @IsUUID() ownerId?: string;
  @IsOptional() @Closed() @IsIn(['entry', 'import']) orderOrigin?: 'entry' | 'import';
  @IsOptional() @IsUUID() campaignId?: string;
}

@Event('crm.sales.invoice-issued', {
  version: 1,
  topic: orderTopic,
  key: 'orderId',
  tells: { en: 'Invoice {invoiceCode}[: {amount}], due {dueOn}', vi: 'Hóa đơn {invoiceCode}[: {amount}], hạn {dueOn}' },
})
export class InvoiceIssued {
  @IsUUID() orderId!: string;
  @IsUUID() invoiceId!: string;
  @IsUUID() customerId!: string;
  @IsString() @MaxLength(60) invoiceCode!: string;
  @ValidateNested() @Type(() => Money) amount!: Money;
  @CivilDate() issuedOn!: string;
  @CivilDate() dueOn!: string;
  /** Branch, seller and origin of the order, so that readers need not look for it. */
  @IsOptional() @IsUUID() branchId?: string;
  @IsOptional() @IsUUID() ownerId?: string;
  @IsOptional() @Closed() @IsIn(['entry', 'import']) orderOrigin?: 'entry' | 'import';
  @IsOptional() @IsUUID() campaignId?: string;
}

@Event('crm.sales.payment-received', {
  version: 1,
  topic: orderTopic,
  key: 'orderId',
  tells: { en: 'Paid {amount} ({method})', vi: 'Thanh toán {amount} ({method})' },
})
export class PaymentReceived {
  @IsUUID() orderId!: string;
  @IsUUID() paymentId!: string;
  @IsUUID() customerId!: string;
  @ValidateNested() @Type(() => Money) amount!: Money;
  @CivilDate() receivedOn!: string;
  @IsString() @MaxLength(60) method!: string;
  @IsOptional() @IsUUID() campaignId?: string;
  /** Branch, seller and origin of the order, so that readers need not look for it. */
  @IsOptional() @IsUUID() branchId?: string;
  @IsOptional() @IsUUID() ownerId?: string;
  @IsOptional() @Closed() @IsIn(['entry', 'import']) orderOrigin?: 'entry' | 'import';
  /**
   * `import` for what an imported order was paid on its day: `order-confirmed` of origin `import` counts as paid
   * already. Left out for money that was entered.
   */
  @IsOptional() @Closed() @IsIn(['entry', 'import']) origin?: 'entry' | 'import';
}

@Event('crm.sales.goods-returned', {
  version: 1,
  topic: orderTopic,
  key: 'orderId',
  tells: { en: 'Goods returned[, {credited} credited] {reason}', vi: 'Trả hàng[, ghi có {credited}] {reason}' },
})
export class GoodsReturned {
  @IsUUID() orderId!: string;
  @IsUUID() returnId!: string;
  @IsUUID() customerId!: string;
  @CivilDate() returnedOn!: string;
  /** Lines that came back, with the amount credited and the cost taken back, both positive. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(500)
  @ValidateNested({ each: true })
  @Type(() => OrderLine)
  lines!: OrderLine[];
  @ValidateNested() @Type(() => Money) credited!: Money;
  @IsOptional() @IsString() @MaxLength(500) reason?: string;
  @IsOptional() @IsUUID() campaignId?: string;
  /** `import` for a firm's history: what was credited counts as paid back on `returnedOn`. */
  @Closed() @IsIn(['entry', 'import']) origin!: 'entry' | 'import';
  /** What was paid back at once. Receipts less what was paid back are the cash of a firm. */
  @IsOptional() @ValidateNested() @Type(() => Money) refunded?: Money;
  /** Branch, seller and origin of the order, so that readers need not look for it. */
  @IsOptional() @IsUUID() branchId?: string;
  @IsOptional() @IsUUID() ownerId?: string;
  @IsOptional() @Closed() @IsIn(['entry', 'import']) orderOrigin?: 'entry' | 'import';
}

@State('crm.sales.order', { version: 1, topic: orderStateTopic, key: 'orderId' })
export class OrderState {
  @IsUUID() orderId!: string;
  @IsInt() @Min(0) version!: number;
  @IsString() @MaxLength(60) code!: string;
  @IsUUID() customerId!: string;
  @CivilDate() orderedOn!: string;
  @IsIn(['draft', 'confirmed', 'cancelled', 'closed']) status!: 'draft' | 'confirmed' | 'cancelled' | 'closed';
  @ValidateNested() @Type(() => Money) total!: Money;
  @ValidateNested() @Type(() => Money) paid!: Money;
  @ValidateNested() @Type(() => Money) returned!: Money;
  @IsIn(['none', 'part', 'full']) delivered!: 'none' | 'part' | 'full';
  @IsUUID() branchId!: string;
  @IsOptional() @IsUUID() ownerId?: string;
}
