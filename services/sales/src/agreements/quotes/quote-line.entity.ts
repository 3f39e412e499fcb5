import { Column, Entity, PrimaryColumn } from 'typeorm';
import { decimal } from '../../columns/decimal.column.js';

/** A product in a quote at a price, with the reasons of the price as they were when it was quoted. */
@Entity('quote_line')
export class QuoteLine {
  @PrimaryColumn({ name: 'quote_id', type: 'uuid' }) quoteId!: string;
  @PrimaryColumn({ type: 'integer' }) line!: number;
  @Column({ name: 'product_id', type: 'uuid' }) productId!: string;
  @Column({ name: 'product_code', type: 'text' }) productCode!: string;
  @Column({ name: 'product_name', type: 'text' }) productName!: string;
  @Column({ type: 'text' }) unit!: string;
  @Column(decimal('quantity')) quantity!: string;
  @Column(decimal('unit_price')) unitPrice!: string;
  @Column(decimal('discount_percent')) discountPercent!: string;
  /** Before the discount on the whole quote. */
  @Column(decimal('amount')) amount!: string;
  @Column({ type: 'jsonb' }) explanation!: Record<string, unknown>;
}
