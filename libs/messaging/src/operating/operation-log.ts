import type { DataSource } from 'typeorm';
import { storable } from '../consuming/storable.js';
import { context } from '../context.js';
import { newId } from '../ids.js';
import type { Transaction } from '../transaction.js';

/** What an operator can do to the bus. */
export type OperationAction =
  'replay' | 'reread' | 'skip' | 'repair' | 'read-value' | 'pause' | 'resume' | 'reset' | 'republish' | 'rebuild';

/** What an account says of an operation before it is done. */
export interface OperationEntry {
  readonly action: OperationAction;
  readonly consumer?: string;
  /** Why, in the operator's words. */
  readonly reason?: string;
  /** What it was to reach. */
  readonly filter?: object;
  /** True when nothing was to be changed. */
  readonly dryRun?: boolean;
}

/** Anything that takes SQL: a transaction, so that operation and account commit together, or the data source. */
export type Queryable = Pick<Transaction | DataSource, 'query'>;

/**
 * Enters an operation that takes a while, on behalf of the ambient actor; an entry without a result was interrupted, or
 * is still running. @returns its id
 */
export async function beginOperation(
  db: Queryable,
  { action, consumer, reason, filter = {}, dryRun = false }: OperationEntry,
): Promise<string> {
  const id = newId();
  const { actor, actorName } = context.get();
  await db.query(
    `insert into inbox_replay (id, actor, actor_name, action, consumer, reason, dry_run, filter) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      id,
      actor ?? null,
      actorName === undefined ? null : storable(actorName),
      action,
      consumer ?? null,
      reason ?? null,
      dryRun,
      JSON.stringify(storable(filter)),
    ],
  );
  return id;
}

/** Enters what came of an operation, once; the database refuses any other change of an entry. */
export async function finishOperation(db: Queryable, id: string, result: object): Promise<void> {
  await db.query(
    `update inbox_replay set result = $2, finished_at = clock_timestamp() where id = $1 and result is null`,
    [id, JSON.stringify(storable(result))],
  );
}

/** Enters an operation that is done in the same transaction. @returns its id */
export async function recordOperation(db: Queryable, entry: OperationEntry, result: object): Promise<string> {
  const id = await beginOperation(db, entry);
  await finishOperation(db, id, result);
  return id;
}
