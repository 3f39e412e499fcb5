import { Column, Entity, PrimaryColumn } from 'typeorm';
import { BranchState } from '@quen/events';
import { replica, type Replica } from '../replicas/replica.js';

/** A branch, as every service but identity knows it: what row-level security looks branches up in. */
@Entity('branch')
export class ReplicatedBranch {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') code!: string;
  @Column('text') name!: string;
  @Column({ name: 'parent_id', type: 'uuid', nullable: true }) parentId!: string | null;
  /** Ids from the root down to this branch, joined by dots. */
  @Column('text') path!: string;
  @Column({ type: 'text', nullable: true }) province!: string | null;
  @Column('boolean') active!: boolean;
  @Column('bigint') version!: string;
  @Column({ name: 'received_at', type: 'timestamptz' }) receivedAt!: Date;
}

/** The branch tree in one service: a consumer group of its own. */
export function branchReplica(service: string): Replica {
  return replica(
    BranchState,
    ReplicatedBranch,
    ({ code, name, parentId, path, province, active }) => ({ code, name, parentId, path, province, active }),
    { group: `crm.${service}.branches` },
  );
}
