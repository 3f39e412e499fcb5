import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CustomerInsightState, CustomerRank } from '@quen/events';

/** Replica of what analytics calculated of a customer. */
@Entity('customer_insight')
export class CustomerInsight {
  @PrimaryColumn({ type: 'uuid' }) customerId!: string;
  @Column({ type: 'bigint' }) version!: string;
  @Column({ type: 'text' }) rank!: CustomerRank;
  @Column({ type: 'jsonb' }) state!: CustomerInsightState;
  @Column({ type: 'timestamptz' }) receivedAt!: Date;
}
