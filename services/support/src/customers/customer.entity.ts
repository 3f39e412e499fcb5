import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CustomerRank } from '@quen/events';

/** What support knows of a customer: who it is and what it is worth, each with its source's version. */
@Entity('customer')
export class Customer {
  @PrimaryColumn('uuid') id!: string;
  /** -1: nothing is known, or the customer was erased. */
  @Column('bigint') version!: string;
  @Column({ type: 'text', nullable: true }) code!: string | null;
  @Column({ type: 'text', nullable: true }) displayName!: string | null;
  @Column({ type: 'uuid', nullable: true }) branchId!: string | null;
  @Column('text') language!: 'vi' | 'en';
  @Column({ type: 'uuid', nullable: true }) mergedInto!: string | null;
  @Column({ type: 'timestamptz', nullable: true }) customerReceivedAt!: Date | null;
  @Column({ type: 'bigint' }) insightVersion!: string;
  @Column('text') rank!: CustomerRank;
  @Column({ type: 'numeric' }) lifetimeValue!: string;
  /** When analytics calculated the rank. */
  @Column({ type: 'timestamptz', nullable: true }) rankedAt!: Date | null;
  /** When the rank arrived here. */
  @Column({ type: 'timestamptz', nullable: true }) receivedAt!: Date | null;
}
