import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CustomerRank } from '@quen/events';

/**
 * What support knows of a customer: a replica of the customer's and the insight's state, each with the source's
 * version.
 */
@Entity('customer')
export class Customer {
  @PrimaryColumn('uuid') id!: string;
  @Column({ type: 'text', nullable: true }) code!: string | null;
  @Column({ name: 'display_name', type: 'text', nullable: true }) displayName!: string | null;
  @Column({ name: 'branch_id', type: 'uuid', nullable: true }) branchId!: string | null;
  @Column('text') language!: 'vi' | 'en';
  @Column({ name: 'merged_into', type: 'uuid', nullable: true }) mergedInto!: string | null;
  @Column('boolean') erased!: boolean;
  @Column('text') rank!: CustomerRank;
  @Column({ name: 'lifetime_value', type: 'numeric' }) lifetimeValue!: string;
  /** When analytics calculated the rank. */
  @Column({ name: 'ranked_at', type: 'timestamptz', nullable: true }) rankedAt!: Date | null;
  /** When the rank arrived here. */
  @Column({ name: 'received_at', type: 'timestamptz', nullable: true }) receivedAt!: Date | null;
}
