import { Column, Entity, PrimaryColumn } from 'typeorm';
import { replica } from '@quen/chassis';
import { CustomerInsightState, type CustomerRank } from '@quen/events';

/** What analytics calculates of a customer. */
@Entity('insight')
export class Insight {
  @PrimaryColumn({ name: 'customer_id', type: 'uuid' }) customerId!: string;
  @Column('bigint') version!: string;
  @Column('text') rank!: CustomerRank;
  @Column('jsonb') state!: CustomerInsightState;
  @Column({ name: 'received_at', type: 'timestamptz' }) receivedAt!: Date;
}

export const insightReplica = replica(CustomerInsightState, Insight, (state) => ({ rank: state.rank, state }), {
  group: 'crm.sales.insight-replica',
});
