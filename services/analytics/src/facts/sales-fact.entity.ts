import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One line of an order or of a return, signed: a return takes away. */
@Entity('sales_fact')
export class SalesFact {
  @PrimaryColumn({ type: 'uuid' }) eventId!: string;
  @PrimaryColumn({ type: 'smallint' }) line!: number;
  @Column({ type: 'text' }) kind!: 'sale' | 'return';
  @Column({ type: 'uuid' }) orderId!: string;
  @Column({ type: 'text', nullable: true }) orderCode!: string | null;
  @Column({ type: 'uuid' }) customerId!: string;
  @Column({ type: 'date' }) occurredOn!: string;
  @Column({ type: 'text' }) productCode!: string;
  @Column({ type: 'numeric' }) quantity!: string;
  @Column({ type: 'numeric' }) revenue!: string;
  @Column({ type: 'numeric' }) cost!: string;
}
