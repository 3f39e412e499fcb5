import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { context, currentTransaction, inTransaction, type Transaction, type TransactionOptions } from '@quen/messaging';
import { sqlState } from '../problems/sql-state.js';
import { callersReach, enterReach, everything, noteReach, reachOf, reachSql, type Reach } from './scope.js';

/**
 * What goes along with the start and the commit of a transaction, without round trips of its own. A part that joins an
 * open transaction has none.
 */
export interface Around {
  /** A statement without parameters, which runs in the caller's reach. */
  readonly beginWith?: string;
  /** Gets the rows that the statement answered, each time that the work begins. */
  readonly begin?: (rows: readonly unknown[]) => void;
  /** Gives a statement without parameters, after the work. */
  readonly endWith?: () => string | undefined;
}

const retried = new Set(['40001', '40P01']);

/** The only way to the database for use cases. */
@Injectable()
export class Database {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Runs a use case in one transaction bound to the caller's scope; joins the ambient transaction (idempotent request,
   * reaction) if there is one.
   * A transaction of its own that lost a serialisation or deadlock is run again, twice at most, so `work` keeps its
   * effects in the database.
   */
  async transaction<T>(work: (tx: Transaction) => Promise<T>, around: Around = {}): Promise<T> {
    const reach = callersReach();
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await inTransaction(this.dataSource, work, withReach(reach, around));
      } catch (error) {
        if (attempt > 2 || currentTransaction(this.dataSource) || !retried.has(sqlState(error) ?? '')) throw error;
      }
    }
  }

  /** Reads in one transaction bound to the caller's scope; joins the ambient one if there is one. */
  async read<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.transaction(work);
  }

  /**
   * Runs work with the service's own reach, which is every row. The use case has decided before that the caller may: a
   * hand-over to another branch, a public link that carries its own proof, a schedule. Inside an open transaction the
   * former reach returns afterwards.
   */
  async elevated<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const tx = currentTransaction(this.dataSource);
    if (!tx) return context.with({ scope: 'all' }, () => inTransaction(this.dataSource, work, withReach(everything)));
    const before = reachOf(tx);
    await enterReach(tx, everything);
    try {
      const result = await work(tx);
      await enterReach(tx, before);
      return result;
    } catch (error) {
      // A rollback follows, of the whole or to a savepoint. It undoes the setting, so only our note of it has to be
      // undone here.
      noteReach(tx, before);
      throw error;
    }
  }

  /** Runs work on behalf of the given caller. The ambient context does not matter. */
  async onBehalfOf<T>(reach: Reach, work: (tx: Transaction) => Promise<T>): Promise<T> {
    return inTransaction(this.dataSource, work, withReach(reach));
  }
}

function withReach(reach: Reach, { beginWith, begin, endWith }: Around = {}): TransactionOptions {
  return {
    beginWith: beginWith ? `${reachSql(reach)}; ${beginWith}` : reachSql(reach),
    begin: (tx, rows) => {
      noteReach(tx, reach);
      begin?.(rows);
    },
    ...(endWith ? { endWith } : {}),
  };
}
