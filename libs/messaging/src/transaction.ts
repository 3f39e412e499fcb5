import { AsyncLocalStorage } from 'node:async_hooks';
import type { PoolClient, QueryResult } from 'pg';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';

/**
 * A running database transaction: a TypeORM entity manager bound to one connection.
 * Everything done through it, effects and outgoing events alike, commits or disappears together.
 */
export type Transaction = EntityManager;

/**
 * Runs once the transaction has committed; what it throws is reported and never reaches the caller, whose work is
 * already durable.
 */
export type AfterCommit = () => void | Promise<void>;

export interface TransactionOptions {
  /** SQL without parameters that a new transaction begins with, in the same round trip as its start. */
  beginWith?: string;
  /**
   * First thing done inside a new transaction, given what the last statement of `beginWith` answered. Not called when
   * an ambient one is joined.
   */
  begin?: (tx: Transaction, answer: readonly unknown[]) => Promise<void> | void;
  /**
   * SQL without parameters that ends a new transaction, in the same round trip as its commit; asked for after the work.
   */
  endWith?: (tx: Transaction) => string | undefined;
  /** Receives what an after-commit hook threw. */
  onHookError?: (error: unknown) => void;
}

interface Ambient {
  readonly tx: Transaction;
  readonly dataSource: DataSource;
  open: boolean;
  /** What a joined part of the work threw; the whole cannot commit after that, even if a caller swallowed it. */
  failure?: { error: unknown };
}

const ambient = new AsyncLocalStorage<Ambient>();
const hooks = new WeakMap<Transaction, AfterCommit[]>();
const beginnings = new WeakMap<Transaction, Date>();

/** The transaction that the current asynchronous call runs in, if there is one that is still open. */
export function currentTransaction(dataSource?: DataSource): Transaction | undefined {
  const current = ambient.getStore();
  return current?.open && (!dataSource || current.dataSource === dataSource) ? current.tx : undefined;
}

/** True while `tx` is a transaction started by {@link inTransaction} that has neither committed nor rolled back. */
export function isOpen(tx: Transaction): boolean {
  return hooks.has(tx);
}

/**
 * When `tx` began, by the database's clock, as SQL `now()` says it: the time for what a use case stores or decides, since
 * processes' own clocks may be off.
 * It came with the statement that opened the transaction, so that asking for it costs nothing.
 * @throws Error when `tx` is no transaction of {@link inTransaction}.
 */
export function begunAt(tx: Transaction): Date {
  const at = beginnings.get(tx);
  if (!at) throw new Error('begunAt needs a transaction of inTransaction');
  return at;
}

/**
 * Has `hook` run after `tx` commits; it never runs when the transaction rolls back.
 * @throws Error when `tx` is not an open transaction of {@link inTransaction}.
 */
export function afterCommit(tx: Transaction, hook: AfterCommit): void {
  const registered = hooks.get(tx);
  if (!registered) throw new Error('afterCommit needs an open transaction: call it inside inTransaction');
  registered.push(hook);
}

/**
 * Runs `work` in one transaction and commits when it resolves; rolls back and rethrows when it rejects. A call inside
 * another one on the same data source joins it. So a use case may be built of smaller ones, and an idempotent request
 * or a consumer's handler stays one transaction. When a joined part rejects, the whole transaction can only roll back,
 * with that error. A part that may fail alone belongs in {@link inSavepoint}.
 */
export async function inTransaction<T>(
  dataSource: DataSource,
  work: (tx: Transaction) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  const outer = ambient.getStore();
  if (outer?.open && outer.dataSource === dataSource) return join(outer, work);

  const runner = dataSource.createQueryRunner();
  const registered: AfterCommit[] = [];
  let result: T;
  let endWith: string | undefined;
  try {
    const tx = runner.manager;
    const answer = await startTransaction(runner, options.beginWith);
    const scope: Ambient = { tx, dataSource, open: true };
    hooks.set(tx, registered);
    try {
      result = await ambient.run(scope, async () => {
        await options.begin?.(tx, answer);
        return work(tx);
      });
      if (scope.failure) throw scope.failure.error;
      endWith = options.endWith?.(tx);
    } finally {
      scope.open = false;
      hooks.delete(tx);
    }
    await commit(runner, endWith);
  } catch (error) {
    // A broken connection cannot roll back; the server has then done so itself, and the first error is the one that
    // matters.
    if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
    throw error;
  } finally {
    await runner.release();
  }
  await ambient.exit(() => runHooks(registered, options.onHookError));
  return result;
}

/** Opens a transaction; the same round trip answers its time and does `beginWith`. */
async function startTransaction(runner: QueryRunner, beginWith: string | undefined): Promise<readonly unknown[]> {
  const connection = (await runner.connect()) as PoolClient;
  // As the runner's own start leaves it; set first, so that a failure below is rolled back before the connection
  // returns to the pool.
  Object.assign(runner, { isTransactionActive: true, transactionDepth: 1 });
  const opening = 'start transaction; select now() as at';
  const answers = (await connection.query(
    beginWith ? `${opening}; ${beginWith}` : opening,
  )) as unknown as QueryResult[];
  beginnings.set(runner.manager, (answers[1]!.rows as [{ at: Date }])[0].at);
  return beginWith ? answers.at(-1)!.rows : [];
}

/**
 * Postgres answers the commit of an aborted transaction with a silent rollback; the caller would think its work is
 * durable.
 */
async function commit(runner: QueryRunner, endWith: string | undefined): Promise<void> {
  const connection = (await runner.connect()) as PoolClient;
  const answer = (await connection.query(endWith ? `${endWith}; commit` : 'commit').catch((error: unknown) => {
    throw (error as { code?: string }).code === abortedTransaction ? swallowed() : error;
  })) as QueryResult | QueryResult[];
  Object.assign(runner, { isTransactionActive: false, transactionDepth: 0 });
  if ((Array.isArray(answer) ? answer.at(-1) : answer)?.command !== 'COMMIT') throw swallowed();
}

const abortedTransaction = '25P02';

function swallowed(): Error {
  return new Error(
    'A statement failed and its error was swallowed, so nothing of the transaction can commit; use inSavepoint for a part that may fail alone',
  );
}

async function join<T>(outer: Ambient, work: (tx: Transaction) => Promise<T>): Promise<T> {
  try {
    return await work(outer.tx);
  } catch (error) {
    outer.failure ??= { error };
    throw error;
  }
}

/**
 * Runs a part of a transaction that may fail alone: when `work` rejects, its writes and its after-commit hooks are
 * undone and the error is rethrown, while the transaction around it stays usable.
 */
export async function inSavepoint<T>(tx: Transaction, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const outer = ambient.getStore();
  const registered = hooks.get(tx);
  if (!outer?.open || outer.tx !== tx || !registered) throw new Error('inSavepoint needs the open ambient transaction');
  const before = { failure: outer.failure, hooks: registered.length };
  const name = `part_${(savepoints += 1)}`;
  await tx.query(`savepoint ${name}`);
  try {
    const result = await work(tx);
    if (outer.failure !== before.failure) throw outer.failure?.error;
    await tx.query(`release savepoint ${name}`);
    return result;
  } catch (error) {
    await tx.query(`rollback to savepoint ${name}`);
    outer.failure = before.failure;
    registered.length = before.hooks;
    throw error;
  }
}

let savepoints = 0;

async function runHooks(
  registered: AfterCommit[],
  onError: (error: unknown) => void = (error) => process.emitWarning(`after-commit hook failed: ${String(error)}`),
): Promise<void> {
  for (const hook of registered) {
    try {
      await hook();
    } catch (error) {
      onError(error);
    }
  }
}
