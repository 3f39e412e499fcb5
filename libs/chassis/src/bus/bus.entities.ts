import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { OperationAction } from '@quen/messaging';
import { defineList } from '../lists/define-list.js';
import { bool, choice, instant, integer, text, uuid } from '../rules/fields.js';

const statuses = ['parked', 'replayed', 'discarded'] as const;
export const operationActions = [
  'replay',
  'reread',
  'discard',
  'skip',
  'repair',
  'read-value',
  'pause',
  'resume',
  'reset',
  'republish',
  'rebuild',
] as const;

/** A record that was set aside, without its value. */
@Entity('inbox_parked_record')
export class ParkedRow {
  @PrimaryColumn({ name: 'n', type: 'bigint' }) id!: string;
  @Column('text') consumer!: string;
  @Column({ name: 'msg_key', type: 'text' }) key!: string;
  @Column('text') topic!: string;
  @Column({ name: 'part', type: 'int' }) partition!: number;
  @Column({ name: 'msg_offset', type: 'bigint' }) offset!: string;
  @Column('jsonb') headers!: Record<string, string>;
  @Column({ type: 'text', nullable: true }) type!: string | null;
  @Column({ name: 'error_class', type: 'text' }) errorClass!: string;
  @Column('text') error!: string;
  @Column('int') attempts!: number;
  @Column({ name: 'parked_at', type: 'timestamptz' }) parkedAt!: Date;
  @Column('text') status!: (typeof statuses)[number];
  @Column({ name: 'settled_at', type: 'timestamptz', nullable: true }) settledAt!: Date | null;
  @Column({ name: 'repaired_at', type: 'timestamptz', nullable: true }) repairedAt!: Date | null;
  @Column({ type: 'int', nullable: true }) bytes!: number | null;
}

export const parkedRecords = defineList({
  entity: ParkedRow,
  fields: {
    consumer: text(),
    key: text({ sql: 'msg_key' }),
    topic: text(),
    partition: integer({ sql: 'part' }),
    type: text(),
    errorClass: text(),
    status: choice(statuses),
    parkedAt: instant(),
  },
  sort: ['parkedAt'],
  defaultSort: 'parkedAt',
});

/** What an operator did to the bus. */
@Entity('inbox_replay')
export class OperationRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('timestamptz') at!: Date;
  @Column({ type: 'text', nullable: true }) actor!: string | null;
  @Column({ name: 'actor_name', type: 'text', nullable: true }) actorName!: string | null;
  @Column('text') action!: OperationAction | 'discard';
  @Column({ type: 'text', nullable: true }) consumer!: string | null;
  @Column({ type: 'text', nullable: true }) reason!: string | null;
  @Column({ name: 'dry_run', type: 'boolean' }) dryRun!: boolean;
  @Column('jsonb') filter!: Record<string, unknown>;
  @Column({ type: 'jsonb', nullable: true }) result!: Record<string, unknown> | null;
  @Column({ name: 'finished_at', type: 'timestamptz', nullable: true }) finishedAt!: Date | null;
}

export const operations = defineList({
  entity: OperationRow,
  fields: {
    action: choice(operationActions),
    consumer: text(),
    actor: text(),
    dryRun: bool(),
    at: instant(),
    id: uuid(),
  },
  sort: ['at'],
  defaultSort: '-at',
});

/** What the chassis reads of messaging's tables through lists. */
export const busEntities = [ParkedRow, OperationRow];
