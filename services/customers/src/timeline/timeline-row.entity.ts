import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A stored entry, as it is read. */
@Entity('timeline_entry')
export class TimelineRow {
  @PrimaryColumn({ type: 'uuid' }) eventId!: string;
  @Column({ type: 'uuid' }) customerId!: string;
  @Column({ type: 'timestamptz' }) at!: Date;
  @Column({ type: 'text' }) service!: string;
  @Column({ type: 'text' }) kind!: string;
  @Column({ type: 'text' }) subjectId!: string;
  @Column({ type: 'text', nullable: true }) actor!: string | null;
  @Column({ type: 'timestamptz' }) occurredAt!: Date;
  @Column({ type: 'jsonb' }) data!: Record<string, unknown>;
}
