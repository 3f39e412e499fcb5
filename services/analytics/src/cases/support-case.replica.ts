import { Column, Entity, PrimaryColumn } from 'typeorm';
import { replica } from '@quen/chassis';
import { CaseState, type CaseKind, type CaseStatus } from '@quen/events';
import { OpenComplaintsService } from './open-complaints.service.js';

/** Of a case of support what insights count. */
@Entity('support_case')
export class SupportCase {
  @PrimaryColumn({ name: 'case_id', type: 'uuid' }) caseId!: string;
  @Column('bigint') version!: string;
  @Column({ name: 'customer_id', type: 'uuid' }) customerId!: string;
  @Column({ name: 'branch_id', type: 'uuid' }) branchId!: string;
  @Column('text') kind!: CaseKind;
  @Column('text') status!: CaseStatus;
  @Column({ name: 'open_complaint', type: 'boolean', insert: false, update: false }) openComplaint!: boolean;
  @Column({ name: 'received_at', type: 'timestamptz' }) receivedAt!: Date;
}

export const supportCaseReplica = replica(
  CaseState,
  SupportCase,
  ({ customerId, branchId, kind, status }) => ({ customerId, branchId, kind, status }),
  {
    group: 'crm.analytics.cases',
    watch: ['customerId', 'openComplaint'],
    derive: (taken, tx, get) => get(OpenComplaintsService).follow(tx, taken),
  },
);
