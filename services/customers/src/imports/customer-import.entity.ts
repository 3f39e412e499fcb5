import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CustomerSource } from '@quen/events';

export const importModes = ['create', 'create-update', 'update'] as const;
/** What an import does with a row whose customer is there, and with one whose customer is not. */
export type ImportMode = (typeof importModes)[number];

/** `failed`: it could not go on, or no row could be taken. */
export const importStates = ['waiting', 'running', 'done', 'failed', 'cancelled'] as const;

export const importKeys = ['code', 'taxCode', 'citizenId', 'phone', 'email', 'zalo'] as const;
/** By what a row's customer is recognised. */
export type ImportKey = (typeof importKeys)[number];

/** What becomes of one row; shown for the first rows. */
export interface RowOutcome {
  line: number;
  outcome: 'created' | 'updated' | 'matched' | 'rejected';
  name: string | null;
  customerId: string | null;
  code: string | null;
  warnings: string[];
  faults: { field: string; code: string }[];
}

/** One import of a customer list: what was asked, and what came of it. */
@Entity('customer_import')
export class CustomerImport {
  /** The job's id too. */
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'text' }) fileName!: string;
  @Column({ type: 'int' }) bytes!: number;
  @Column({ type: 'text' }) mode!: ImportMode;
  /** Empty: recognised by trusted ids, then by phone or e-mail where the names agree. */
  @Column({ type: 'text', array: true }) keys!: ImportKey[];
  /** Nothing is written; what would be is counted. */
  @Column({ type: 'boolean' }) dryRun!: boolean;
  @Column({ type: 'text' }) source!: CustomerSource;
  /** Where the list comes from, e.g. the name of the seminar; the source of consents. */
  @Column({ type: 'text' }) sourceNote!: string;
  @Column({ type: 'uuid', nullable: true }) branchId!: string | null;
  /** Who imports. */
  @Column({ type: 'uuid' }) ownerId!: string;
  /** When the list was taken down: the time of its answers about consent, where a row tells no day. */
  @Column({ type: 'timestamptz', nullable: true }) collectedAt!: Date | null;
  @Column({ type: 'text', array: true }) header!: string[];
  @Column({ type: 'text' }) delimiter!: string;
  /** Header → what it fills; a header without an entry is ignored. */
  @Column({ type: 'jsonb' }) columns!: Record<string, string>;
  @Column({ type: 'int' }) rows!: number;
  @Column({ type: 'int' }) done!: number;
  @Column({ type: 'int' }) created!: number;
  @Column({ type: 'int' }) updated!: number;
  @Column({ type: 'int' }) matched!: number;
  @Column({ type: 'int' }) rejected!: number;
  @Column({ type: 'int' }) warned!: number;
  /** Rejected rows by the code of their first fault. */
  @Column({ type: 'jsonb' }) reasons!: Record<string, number>;
  /** What is odd about rows that were taken, by code. */
  @Column({ type: 'jsonb' }) warnings!: Record<string, number>;
  /** The first cells that were not read, or not wholly; what stands in them is in the job's result. */
  @Column({ type: 'jsonb', name: 'unread_cells' }) unreadCells!: { line: number; field: string; code: string }[];
  @Column({ type: 'jsonb' }) sample!: RowOutcome[];
  @Column({ type: 'text' }) state!: (typeof importStates)[number];
  /** Why it failed. */
  @Column({ type: 'jsonb', nullable: true }) problem!: { code: string; detail: string; detailVi?: string } | null;
  @Column({ type: 'timestamptz' }) createdAt!: Date;
  @Column({ type: 'timestamptz', nullable: true }) finishedAt!: Date | null;
}
