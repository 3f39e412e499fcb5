import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * What marketing knows of a customer: the record from the customer database, the insight from analysis, each with its
 * source's version, and how many severe complaints are open. One row holds it all, so that its lock makes whoever is
 * last see all when membership is evaluated. Filled by `customer.replicas.ts`; what is not selected is for rules in SQL.
 */
@Entity('customer')
export class Customer {
  @PrimaryColumn('uuid') id!: string;
  /** -1: the record is unknown, or the customer was erased. */
  @Column({ type: 'bigint', select: false }) version!: string;
  @Column({ type: 'text', nullable: true }) code!: string | null;
  @Column({ type: 'text', nullable: true }) kind!: string | null;
  @Column({ type: 'text', nullable: true }) category!: string | null;
  @Column({ type: 'text', nullable: true }) lifecycle!: string | null;
  @Column({ type: 'text', nullable: true }) displayName!: string | null;
  @Column({ type: 'text', nullable: true }) familyName!: string | null;
  @Column({ type: 'text', nullable: true, select: false }) middleName!: string | null;
  @Column({ type: 'text', nullable: true }) givenName!: string | null;
  @Column({ type: 'text', nullable: true }) title!: string | null;
  @Column({ type: 'text', nullable: true }) representative!: string | null;
  @Column({ type: 'text', array: true }) emails!: string[];
  @Column({ type: 'text', array: true }) phones!: string[];
  @Column({ type: 'text', nullable: true }) province!: string | null;
  @Column({ type: 'text', nullable: true }) industry!: string | null;
  @Column({ type: 'text', nullable: true }) field!: string | null;
  @Column({ type: 'text', nullable: true, select: false }) size!: string | null;
  @Column({ name: 'birth_date', type: 'date', nullable: true, select: false }) birthDate!: string | null;
  @Column({ type: 'text', nullable: true, select: false }) sex!: string | null;
  @Column({ type: 'text', nullable: true, select: false }) source!: string | null;
  @Column({ type: 'text', nullable: true }) language!: string | null;
  @Column({ type: 'text', nullable: true, select: false }) preferredChannel!: string | null;
  @Column({ type: 'uuid', nullable: true }) branchId!: string | null;
  @Column({ type: 'uuid', nullable: true }) ownerId!: string | null;
  @Column({ type: 'text', nullable: true, select: false }) department!: string | null;
  @Column({ type: 'date', nullable: true, select: false }) registeredOn!: string | null;
  @Column({ type: 'uuid', nullable: true, select: false }) mergedInto!: string | null;
  @Column({ type: 'text', array: true }) marketingChannels!: string[];
  @Column({ type: 'timestamptz', nullable: true, select: false }) receivedAt!: Date | null;
  @Column({ type: 'bigint', select: false }) insightVersion!: string;
  @Column({ type: 'text', nullable: true }) rank!: string | null;
  @Column({ type: 'int' }) orders!: number;
  @Column({ type: 'numeric' }) revenue!: string;
  @Column({ type: 'numeric', select: false }) profit!: string;
  @Column({ type: 'numeric' }) lifetimeValue!: string;
  @Column({ type: 'date', nullable: true, select: false }) firstOrderOn!: string | null;
  @Column({ type: 'date', nullable: true }) lastOrderOn!: string | null;
  @Column({ type: 'int', select: false }) recencyScore!: number;
  @Column({ type: 'int', select: false }) frequencyScore!: number;
  @Column({ type: 'int', select: false }) valueScore!: number;
  @Column({ type: 'int', select: false }) openComplaints!: number;
  @Column({ name: 'insight_received_at', type: 'timestamptz', nullable: true, select: false })
  insightReceivedAt!: Date | null;
  @Column({ type: 'int' }) openSevereComplaints!: number;

  /** What is known of an erased customer: that there was one. */
  static erased(id: string): Customer {
    return Object.assign(new Customer(), {
      id,
      ...{ code: null, kind: null, category: null, lifecycle: null, displayName: null, familyName: null },
      ...{ givenName: null, title: null, representative: null, emails: [], phones: [], province: null },
      ...{ industry: null, field: null, language: null, branchId: null, ownerId: null, marketingChannels: [] },
      ...{ rank: null, orders: 0, revenue: '0', lifetimeValue: '0', lastOrderOn: null, openSevereComplaints: 0 },
    });
  }
}
