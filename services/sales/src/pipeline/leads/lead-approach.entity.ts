import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

export const approachOutcomes = ['reached', 'no-answer', 'call-back', 'not-interested', 'interested'] as const;
export type ApproachOutcome = (typeof approachOutcomes)[number];

/** One attempt to get in touch about a lead; never changed. */
@Entity('lead_approach')
export class LeadApproach {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'uuid' }) leadId!: string;
  @Column({ type: 'text' }) channel!: string;
  @Column({ type: 'text' }) outcome!: ApproachOutcome;
  @Column({ type: 'text', nullable: true }) note!: string | null;
  @Column({ type: 'text', name: 'by_id' }) by!: string;
  @CreateDateColumn({ type: 'timestamptz' }) at!: Date;
}
