import { Column, Entity, PrimaryColumn } from 'typeorm';
import { replica } from '@quen/chassis';
import { CustomerInsightState, type CustomerRank } from '@quen/events';

/** What analytics calculated of a customer. */
@Entity('customer_insight')
export class CustomerInsight {
  @PrimaryColumn({ type: 'uuid' }) customerId!: string;
  @Column({ type: 'bigint' }) version!: string;
  @Column({ type: 'text' }) rank!: CustomerRank;
  @Column({ type: 'jsonb' }) state!: CustomerInsightState;
  @Column({ type: 'timestamptz' }) receivedAt!: Date;
}

export const customerInsightReplica = replica(
  CustomerInsightState,
  CustomerInsight,
  (state) => ({ rank: state.rank, state }),
  { group: 'crm.customers.insights' },
);
