import { Column, CreateDateColumn, Entity, PrimaryColumn, UpdateDateColumn, VersionColumn } from 'typeorm';
import type { CaseSeverity } from '@quen/events';

/** Working minutes within which a case of one severity is to be answered and solved. */
export interface SlaTarget {
  firstResponseMinutes: number;
  solutionMinutes: number;
}

/**
 * A service level agreement: targets by severity, counted by one calendar. Cases name the version that they were last
 * counted by.
 */
@Entity('sla_policy')
export class SlaPolicy {
  @PrimaryColumn('uuid') id!: string;
  @VersionColumn() version!: number;
  @Column('text') name!: string;
  @Column({ type: 'uuid' }) calendarId!: string;
  @Column('jsonb') targets!: Record<CaseSeverity, SlaTarget>;
  @Column({ type: 'boolean' }) isDefault!: boolean;
  @CreateDateColumn({ type: 'timestamptz' }) createdAt!: Date;
  @UpdateDateColumn({ type: 'timestamptz' }) updatedAt!: Date;
}
