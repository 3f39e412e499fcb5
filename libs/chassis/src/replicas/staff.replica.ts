import { Column, Entity, PrimaryColumn } from 'typeorm';
import { StaffState } from '@quen/events';
import { normalEmail } from '../text/mailbox.js';
import { replica, type Replica } from './replica.js';

/** A member of staff, as every service knows one that sets `staffReplica`; identity owns the record. */
@Entity('staff')
export class StaffMember {
  @PrimaryColumn('uuid') id!: string;
  @Column('bigint') version!: string;
  @Column({ name: 'display_name', type: 'text' }) displayName!: string;
  @Column({ name: 'branch_id', type: 'uuid' }) branchId!: string;
  /** In the form in which mailboxes are compared. */
  @Column({ type: 'text', nullable: true }) email!: string | null;
  /** False: has left. */
  @Column('boolean') active!: boolean;
  @Column({ name: 'received_at', type: 'timestamptz' }) receivedAt!: Date;
}

/** The staff in one service: a consumer group of its own. */
export function staffReplica(service: string): Replica {
  return replica(
    StaffState,
    StaffMember,
    ({ displayName, branchId, email, active }) => ({
      displayName,
      branchId,
      email: email === undefined ? null : normalEmail(email),
      active,
    }),
    { group: `crm.${service}.staff-replica` },
  );
}
