import type { INestApplicationContext } from '@nestjs/common';
import { unknownConsumer, type Transaction } from '@quen/messaging';
import { notRebuildable } from './rebuild-problems.js';

/** A table of a derived store. */
export interface DerivedTable {
  /**
   * Columns that the topics do not tell: clocks of processing, counters of publications. They do not count for
   * equality.
   */
  readonly ignore?: readonly string[];
  /**
   * True for rows that compaction leaves no trace of, such as who was erased. A rebuild starts with the rows that
   * exist.
   */
  readonly seeded?: boolean;
  /** Of a table that several stores have rows in: the rows of this one. */
  readonly only?: { readonly column: string; readonly values: readonly string[] };
}

/** Rows that a rebuild corrected in one table, by their primary keys. */
export interface CorrectedRows {
  readonly table: string;
  readonly changed: readonly Readonly<Record<string, string>>[];
  readonly added: readonly Readonly<Record<string, string>>[];
  /** Keys of rows that are gone, with the rows as they were. */
  readonly removed: readonly Readonly<Record<string, unknown>>[];
}

/**
 * Tables that consumer groups fill from topics and that nothing else writes, so that they can be made anew from the
 * first offset.
 */
export interface DerivedStore {
  /** Groups whose handlers fill these tables and do nothing else; they are rebuilt together. */
  readonly groups: readonly string[];
  /** In the order in which rows may be inserted. */
  readonly tables: Readonly<Record<string, DerivedTable>>;
  /** Tables that commands write and the handlers read: taken from the live store as they are. */
  readonly copied?: readonly string[];
  /**
   * Work that calculates rows anew for other reasons than an event. While it runs, the store is between two states and
   * is not compared.
   */
  readonly changedBy?: { readonly jobs?: readonly string[]; readonly schedules?: readonly string[] };
  /** Calculates every row of the new store, after a copied table changed under it. */
  readonly settle?: (app: INestApplicationContext) => Promise<void>;
  /**
   * Publishes what was corrected in the live store, in the transaction that corrected it; called with a few hundred
   * rows at a time.
   */
  readonly publish?: (app: INestApplicationContext, tx: Transaction, rows: CorrectedRows) => Promise<void>;
}

/**
 * The stores that these groups fill; all of them when none is named.
 * @throws Problem unknown_consumer, or consumer_not_rebuildable for a group whose handlers do more than fill tables
 */
export function storesOf(
  stores: readonly DerivedStore[],
  known: readonly string[],
  groups: readonly string[],
): DerivedStore[] {
  for (const consumer of groups) {
    if (!known.includes(consumer)) throw unknownConsumer({ consumer });
    if (!stores.some((store) => store.groups.includes(consumer))) throw notRebuildable({ consumer });
  }
  return groups.length ? stores.filter((store) => store.groups.some((group) => groups.includes(group))) : [...stores];
}

/** The tables of these stores, each once, in the order in which rows may be inserted. */
export function tablesOf(stores: readonly DerivedStore[]): string[] {
  return [...new Set(stores.flatMap((store) => Object.keys(store.tables)))];
}
