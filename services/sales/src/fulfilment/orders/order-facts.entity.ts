import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';
import { decimal } from '../../columns/decimal.column.js';

/** Goods handed over on one day; never changed. */
@Entity('delivery')
export class Delivery {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ name: 'order_id', type: 'uuid' }) orderId!: string;
  @Column({ name: 'delivered_on', type: 'date' }) deliveredOn!: string;
  @Column({ type: 'text', nullable: true }) note!: string | null;
  @Column({ name: 'by_id', type: 'text' }) byId!: string;
  @CreateDateColumn({ type: 'timestamptz' }) at!: Date;
}

/** How much of an order's line a delivery held. */
@Entity('delivery_line')
export class DeliveryLine {
  @PrimaryColumn({ name: 'delivery_id', type: 'uuid' }) deliveryId!: string;
  @PrimaryColumn({ type: 'integer' }) line!: number;
  @Column(decimal('quantity')) quantity!: string;
  @Column(decimal('amount')) amount!: string;
  @Column(decimal('cost')) cost!: string;
}

/** A demand for payment of the whole order or a part; never changed. */
@Entity('invoice')
export class Invoice {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'text' }) code!: string;
  @Column({ name: 'order_id', type: 'uuid' }) orderId!: string;
  @Column(decimal('amount')) amount!: string;
  @Column({ name: 'issued_on', type: 'date' }) issuedOn!: string;
  @Column({ name: 'due_on', type: 'date' }) dueOn!: string;
  @Column({ name: 'by_id', type: 'text' }) byId!: string;
  @CreateDateColumn({ type: 'timestamptz' }) at!: Date;
}

/** Money received for an order; never changed. */
@Entity('payment')
export class Payment {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ name: 'order_id', type: 'uuid' }) orderId!: string;
  @Column(decimal('amount')) amount!: string;
  @Column({ name: 'received_on', type: 'date' }) receivedOn!: string;
  @Column({ type: 'text' }) method!: string;
  /** The bank's or till's own number, by which the same money is recognised. */
  @Column({ type: 'text', nullable: true }) reference!: string | null;
  /** Method and reference as they are compared; unique. */
  @Column({ name: 'reference_key', type: 'text', nullable: true }) referenceKey!: string | null;
  @Column({ name: 'by_id', type: 'text' }) byId!: string;
  @CreateDateColumn({ type: 'timestamptz' }) at!: Date;
}

/** Goods that came back and what was credited for them; never changed. */
@Entity('goods_return')
export class GoodsReturn {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ name: 'order_id', type: 'uuid' }) orderId!: string;
  @Column({ name: 'returned_on', type: 'date' }) returnedOn!: string;
  @Column(decimal('credited')) credited!: string;
  @Column({ type: 'text', nullable: true }) reason!: string | null;
  @Column({ name: 'by_id', type: 'text' }) byId!: string;
  @CreateDateColumn({ type: 'timestamptz' }) at!: Date;
}

/** How much of an order's line came back. */
@Entity('goods_return_line')
export class GoodsReturnLine {
  @PrimaryColumn({ name: 'return_id', type: 'uuid' }) returnId!: string;
  @PrimaryColumn({ type: 'integer' }) line!: number;
  @Column(decimal('quantity')) quantity!: string;
  @Column(decimal('amount')) amount!: string;
  @Column(decimal('cost')) cost!: string;
}
