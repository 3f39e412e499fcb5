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
  @Column({ type: 'text', nullable: true }) displayName!: string | null;
  @Column({ type: 'uuid', nullable: true }) branchId!: string | null;
  @Column('text') language!: 'vi' | 'en';
  @Column({ type: 'uuid', nullable: true }) mergedInto!: string | null;
  @Column('boolean') erased!: boolean;
  @Column('text') rank!: CustomerRank;
  @Column({ type: 'numeric' }) lifetimeValue!: string;
  /** When analytics calculated the rank. */
  @Column({ type: 'timestamptz', nullable: true }) rankedAt!: Date | null;
  /** When the rank arrived here. */
  @Column({ type: 'timestamptz', nullable: true }) receivedAt!: Date | null;
}
