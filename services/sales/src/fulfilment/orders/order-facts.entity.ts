import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';
import { DecimalColumn } from '@quen/chassis';

/** Goods handed over on one day; never changed. */
@Entity('delivery')
export class Delivery {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'uuid' }) orderId!: string;
  @Column({ type: 'date' }) deliveredOn!: string;
  @Column({ type: 'text', nullable: true }) note!: string | null;
  @Column({ type: 'text' }) byId!: string;
  @CreateDateColumn({ type: 'timestamptz' }) at!: Date;
}

/** How much of an order's line a delivery held. */
@Entity('delivery_line')
export class DeliveryLine {
  @PrimaryColumn({ type: 'uuid' }) deliveryId!: string;
  @PrimaryColumn({ type: 'integer' }) line!: number;
  @DecimalColumn() quantity!: string;
  @DecimalColumn() amount!: string;
  @DecimalColumn() cost!: string;
}

/** A demand for payment of the whole order or a part; never changed. */
@Entity('invoice')
export class Invoice {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'text' }) code!: string;
  @Column({ type: 'uuid' }) orderId!: string;
  @DecimalColumn() amount!: string;
  @Column({ type: 'date' }) issuedOn!: string;
  @Column({ type: 'date' }) dueOn!: string;
  @Column({ type: 'text' }) byId!: string;
  @CreateDateColumn({ type: 'timestamptz' }) at!: Date;
}

/** Money received for an order; never changed. */
@Entity('payment')
export class Payment {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'uuid' }) orderId!: string;
  @DecimalColumn() amount!: string;
  @Column({ type: 'date' }) receivedOn!: string;
  @Column({ type: 'text' }) method!: string;
  /** The bank's or till's own number, by which the same money is recognised. */
  @Column({ type: 'text', nullable: true }) reference!: string | null;
  /** Method and reference as they are compared; unique. */
  @Column({ type: 'text', nullable: true }) referenceKey!: string | null;
  @Column({ type: 'text' }) byId!: string;
  @CreateDateColumn({ type: 'timestamptz' }) at!: Date;
}

/** Goods that came back and what was credited for them; never changed. */
@Entity('goods_return')
export class GoodsReturn {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'uuid' }) orderId!: string;
  @Column({ type: 'date' }) returnedOn!: string;
  @DecimalColumn() credited!: string;
  @Column({ type: 'text', nullable: true }) reason!: string | null;
  @Column({ type: 'text' }) byId!: string;
  @CreateDateColumn({ type: 'timestamptz' }) at!: Date;
}

/** How much of an order's line came back. */
@Entity('goods_return_line')
export class GoodsReturnLine {
  @PrimaryColumn({ type: 'uuid' }) returnId!: string;
  @PrimaryColumn({ type: 'integer' }) line!: number;
  @DecimalColumn() quantity!: string;
  @DecimalColumn() amount!: string;
  @DecimalColumn() cost!: string;
}
