import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A stored entry, as it is read. */
@Entity('timeline_entry')
export class TimelineRow {
  @PrimaryColumn({ type: 'uuid', name: 'event_id' }) eventId!: string;
  @Column({ type: 'uuid', name: 'customer_id' }) customerId!: string;
  @Column({ type: 'timestamptz' }) at!: Date;
  @Column({ type: 'text' }) service!: string;
  @Column({ type: 'text' }) kind!: string;
  @Column({ type: 'text', name: 'subject_id' }) subjectId!: string;
  @Column({ type: 'text', nullable: true }) actor!: string | null;
  @Column({ type: 'timestamptz', name: 'occurred_at' }) occurredAt!: Date;
  @Column({ type: 'jsonb' }) data!: Record<string, unknown>;
}
