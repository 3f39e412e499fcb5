import type { LiveReading } from './live-reading.js';
import type { TableComparison } from './table-comparison.js';

/** What a rebuild is asked to do. */
export interface RebuildRequest {
  /** Identifies it in its report and in what it publishes. */
  readonly id: string;
  /** Consumer groups whose stores are made anew; every derived store of the service when empty. */
  readonly consumers: readonly string[];
  /** True: what differs in the live store is corrected. False: it is only reported. */
  readonly take: boolean;
  /** Why, where no job has it in its account. */
  readonly reason?: string;
}

/** How far a rebuild is; `done` and `total` count offsets of the topics. */
export interface RebuildProgress {
  phase: 'preparing' | 'reading' | 'comparing' | 'correcting';
  done: number;
  total: number;
}

/** Records that wait for a repair, in the live store and in the new one. */
export interface ParkedRecords {
  consumer: string;
  live: number;
  rebuilt: number;
}

/** Rows that were corrected in one table. */
export interface CorrectedTable {
  table: string;
  changed: number;
  added: number;
  removed: number;
}

/** What a rebuild found, and did. */
export interface RebuildReport {
  id: string;
  consumers: string[];
  /** Whether the live store was equal to the new one, row for row. */
  equal: boolean;
  /** Offsets that were read of the topics. */
  offsets: number;
  tables: TableComparison[];
  parked: ParkedRecords[];
  /** The live consumers at the end. */
  reading: LiveReading[];
  seconds: number;
  /** For how long the live consumers waited, altogether, in milliseconds. */
  heldMs: number;
  /** With `take`: what was corrected, and the comparison after it. */
  taken?: { corrected: CorrectedTable[]; equal: boolean; tables: TableComparison[] };
}

/** What is kept of a rebuild in the account of operations. */
export function summaryOf({ equal, consumers, offsets, tables, taken }: RebuildReport): object {
  return {
    equal,
    consumers,
    offsets,
    tables: tables.map(({ table, live, rebuilt, different }) => ({ table, live, rebuilt, different })),
    ...(taken ? { corrected: taken.corrected, equalNow: taken.equal } : {}),
  };
}

/** What the process of a rebuild tells the one that started it. */
export type RebuildMessage =
  | { progress: RebuildProgress }
  | { report: RebuildReport }
  | { problem: { code: string; text: string; textVi: string } };
