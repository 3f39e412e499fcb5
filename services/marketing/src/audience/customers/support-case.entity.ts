import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CaseKind, CaseSeverity, CaseStatus } from '@quen/events';

/** A case of support: severe complaints stop promotions. */
@Entity('support_case')
export class SupportCase {
  @PrimaryColumn('uuid') id!: string;
  @Column('bigint') version!: string;
  @Column({ name: 'customer_id', type: 'uuid', nullable: true }) customerId!: string | null;
  @Column({ type: 'text', nullable: true }) kind!: CaseKind | null;
  @Column({ type: 'text', nullable: true }) severity!: CaseSeverity | null;
  @Column({ type: 'text', nullable: true }) status!: CaseStatus | null;
  @Column({ name: 'solved_at', type: 'timestamptz', nullable: true }) solvedAt!: Date | null;
  @Column({ type: 'int', nullable: true }) rating!: number | null;
  @Column({ name: 'received_at', type: 'timestamptz' }) receivedAt!: Date;
}
