import { Column, Entity, PrimaryColumn } from 'typeorm';
import { defineList } from '../lists/define-list.js';
import { choice, instant, text } from '../rules/fields.js';

export const jobStates = ['waiting', 'running', 'succeeded', 'failed', 'cancelled'] as const;

/** A job without what it was given and how far it is inside. */
@Entity('job')
export class JobRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') kind!: string;
  @Column('text') state!: (typeof jobStates)[number];
  @Column('bigint') done!: string;
  @Column({ type: 'bigint', nullable: true }) total!: string | null;
  @Column('bigint') failed!: string;
  @Column({ type: 'jsonb', nullable: true }) result!: Record<string, unknown> | null;
  @Column({ type: 'jsonb', nullable: true }) problem!: Record<string, unknown> | null;
  @Column({ type: 'text' }) createdBy!: string;
  @Column({ type: 'timestamptz' }) createdAt!: Date;
  @Column({ type: 'timestamptz', nullable: true }) startedAt!: Date | null;
  @Column({ type: 'timestamptz', nullable: true }) finishedAt!: Date | null;
}

export const jobList = defineList({
  entity: JobRow,
  fields: { kind: text(), state: choice(jobStates), createdAt: instant(), finishedAt: instant() },
  sort: ['createdAt'],
  defaultSort: '-createdAt',
});
