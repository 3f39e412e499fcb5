import { Column, Entity, PrimaryColumn } from 'typeorm';
import { DecimalColumn } from '@quen/chassis';

/** A product in a quote at a price, with the reasons of the price as they were when it was quoted. */
@Entity('quote_line')
export class QuoteLine {
  @PrimaryColumn({ type: 'uuid' }) quoteId!: string;
  @PrimaryColumn({ type: 'integer' }) line!: number;
  @Column({ type: 'uuid' }) productId!: string;
  @Column({ type: 'text' }) productCode!: string;
  @Column({ type: 'text' }) productName!: string;
  @Column({ type: 'text' }) unit!: string;
  @DecimalColumn() quantity!: string;
  @DecimalColumn() unitPrice!: string;
  @DecimalColumn() discountPercent!: string;
  /** Before the discount on the whole quote. */
  @DecimalColumn() amount!: string;
  @Column({ type: 'jsonb' }) explanation!: Record<string, unknown>;
}
