import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One line of an order or of a return, signed: a return takes away. */
@Entity('sales_fact')
export class SalesFact {
  @PrimaryColumn({ name: 'event_id', type: 'uuid' }) eventId!: string;
  @PrimaryColumn({ type: 'smallint' }) line!: number;
  @Column({ type: 'text' }) kind!: 'sale' | 'return';
  @Column({ name: 'order_id', type: 'uuid' }) orderId!: string;
  @Column({ name: 'order_code', type: 'text', nullable: true }) orderCode!: string | null;
  @Column({ name: 'customer_id', type: 'uuid' }) customerId!: string;
  @Column({ name: 'occurred_on', type: 'date' }) occurredOn!: string;
  @Column({ name: 'product_code', type: 'text' }) productCode!: string;
  @Column({ type: 'numeric' }) quantity!: string;
  @Column({ type: 'numeric' }) revenue!: string;
  @Column({ type: 'numeric' }) cost!: string;
}
