import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CustomerRank } from '@quen/events';

/** What support knows of a customer: who it is and what it is worth, each with its source's version. */
@Entity('customer')
export class Customer {
  @PrimaryColumn('uuid') id!: string;
  /** -1: nothing is known, or the customer was erased. */
  @Column('bigint') version!: string;
  @Column({ type: 'text', nullable: true }) code!: string | null;
  @Column({ name: 'display_name', type: 'text', nullable: true }) displayName!: string | null;
  @Column({ name: 'branch_id', type: 'uuid', nullable: true }) branchId!: string | null;
  @Column('text') language!: 'vi' | 'en';
  @Column({ name: 'merged_into', type: 'uuid', nullable: true }) mergedInto!: string | null;
  @Column({ name: 'customer_received_at', type: 'timestamptz', nullable: true }) customerReceivedAt!: Date | null;
  @Column({ name: 'insight_version', type: 'bigint' }) insightVersion!: string;
  @Column('text') rank!: CustomerRank;
  @Column({ name: 'lifetime_value', type: 'numeric' }) lifetimeValue!: string;
  /** When analytics calculated the rank. */
  @Column({ name: 'ranked_at', type: 'timestamptz', nullable: true }) rankedAt!: Date | null;
  /** When the rank arrived here. */
  @Column({ name: 'received_at', type: 'timestamptz', nullable: true }) receivedAt!: Date | null;
}
