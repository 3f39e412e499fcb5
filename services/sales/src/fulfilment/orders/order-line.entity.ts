import { Column, Entity, PrimaryColumn } from 'typeorm';
import { DecimalColumn } from '@quen/chassis';
import { build, minus, Money, OrderLine as PublishedLine } from '@quen/events';
import { shareOf } from './order-arithmetic.value.js';

/** A product in an order, with how much of it was delivered and came back. */
@Entity('order_line')
export class OrderedLine {
  @PrimaryColumn({ type: 'uuid' }) orderId!: string;
  @PrimaryColumn({ type: 'integer' }) line!: number;
  @Column({ type: 'uuid' }) productId!: string;
  @Column({ type: 'text' }) productCode!: string;
  @Column({ type: 'text', nullable: true }) productCategory!: string | null;
  @DecimalColumn() quantity!: string;
  /** What the customer pays for the whole line. */
  @DecimalColumn() amount!: string;
  /** What the whole line costs the firm. */
  @DecimalColumn() cost!: string;
  @DecimalColumn() delivered!: string;
  @DecimalColumn() returned!: string;

  /** Still to be delivered. */
  open(): string {
    return minus(this.quantity, this.delivered);
  }

  /** The line as the topics know it. */
  published(currency: string): PublishedLine {
    return this.part(currency, '0', this.quantity);
  }

  /** A part of the line, from unit `from` on, with its share of amount and cost. */
  part(currency: string, from: string, quantity: string): PublishedLine {
    return build(PublishedLine, {
      line: this.line,
      productId: this.productId,
      productCode: this.productCode,
      productCategory: this.productCategory,
      quantity,
      amount: shareOf(Money.of(this.amount, currency), this.quantity, from, quantity),
      cost: shareOf(Money.of(this.cost, currency), this.quantity, from, quantity),
    });
  }
}
