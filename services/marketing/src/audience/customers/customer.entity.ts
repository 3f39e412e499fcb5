import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * The replica of a customer: the record from the customer database, the insight from analysis, and how many severe
 * complaints are open.
 * Written in bulk by `customer-replica.queries.ts`, never through the entity.
 */
@Entity('customer')
export class Customer {
  @PrimaryColumn('uuid') id!: string;
  @Column({ type: 'text', nullable: true }) code!: string | null;
  @Column({ type: 'text', nullable: true }) kind!: string | null;
  @Column({ type: 'text', nullable: true }) category!: string | null;
  @Column({ type: 'text', nullable: true }) lifecycle!: string | null;
  @Column({ type: 'text', nullable: true }) displayName!: string | null;
  @Column({ type: 'text', nullable: true }) familyName!: string | null;
  @Column({ type: 'text', nullable: true }) givenName!: string | null;
  @Column({ type: 'text', nullable: true }) title!: string | null;
  @Column({ type: 'text', nullable: true }) representative!: string | null;
  @Column({ type: 'text', array: true }) emails!: string[];
  @Column({ type: 'text', array: true }) phones!: string[];
  @Column({ type: 'text', nullable: true }) province!: string | null;
  @Column({ type: 'text', nullable: true }) industry!: string | null;
  @Column({ type: 'text', nullable: true }) field!: string | null;
  @Column({ type: 'text', nullable: true }) language!: string | null;
  @Column({ type: 'uuid', nullable: true }) branchId!: string | null;
  @Column({ type: 'uuid', nullable: true }) ownerId!: string | null;
  @Column({ type: 'text', array: true }) marketingChannels!: string[];
  @Column({ type: 'text', nullable: true }) rank!: string | null;
  @Column({ type: 'numeric' }) lifetimeValue!: string;
  @Column({ type: 'numeric' }) revenue!: string;
  @Column({ type: 'int' }) orders!: number;
  @Column({ type: 'date', nullable: true }) lastOrderOn!: string | null;
  @Column({ type: 'int' }) openSevereComplaints!: number;
}
