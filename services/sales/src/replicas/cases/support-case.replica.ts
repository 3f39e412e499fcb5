import { Column, Entity, PrimaryColumn } from 'typeorm';
import { replica } from '@quen/chassis';
import { CaseState, type CaseStatus } from '@quen/events';

/** A case of support, so that a seller sees what troubles a customer. */
@Entity('support_case')
export class SupportCase {
  @PrimaryColumn('uuid') id!: string;
  @Column('bigint') version!: string;
  @Column({ name: 'customer_id', type: 'uuid' }) customerId!: string;
  @Column('text') status!: CaseStatus;
  @Column('jsonb') state!: CaseState;
  @Column({ name: 'received_at', type: 'timestamptz' }) receivedAt!: Date;
}

export const supportCaseReplica = replica(
  CaseState,
  SupportCase,
  (state) => ({ customerId: state.customerId, status: state.status, state }),
  { group: 'crm.sales.case-replica' },
);
