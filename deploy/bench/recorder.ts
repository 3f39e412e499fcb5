import { createRequire } from 'node:module';
import pg from 'pg';
import type { Json } from '@quen/testing';
import type { Statement } from './pgbench.js';

const { prepareValue } = createRequire(import.meta.url)('pg/lib/utils.js');

/**
 * Every statement of this process while recording is on, as it goes to Postgres; so the raw cost is always that of
 * today's statements.
 */
export class Recorder {
  #statements: Statement[] | undefined;

  constructor() {
    const recorder = this;
    const query = pg.Client.prototype.query as (...args: Json[]) => Json;
    pg.Client.prototype.query = function (this: pg.Client & { processID: number }, ...args: Json[]) {
      recorder.#note(this.processID, args[0], Array.isArray(args[1]) ? args[1] : undefined);
      return query.apply(this, args);
    };
  }

  start() {
    this.#statements = [];
  }

  stop(): Statement[] {
    const statements = this.#statements ?? [];
    this.#statements = undefined;
    return statements;
  }

  #note(connection: number, config: string | { text: string; values?: unknown[]; name?: string }, values?: unknown[]) {
    if (!this.#statements) return;
    const {
      text,
      name,
      values: own,
    } = typeof config === 'string' ? { text: config, name: undefined, values: undefined } : config;
    this.#statements.push({
      connection,
      text,
      name,
      values: (values ?? own ?? []).map((value) => prepareValue(value)),
      at: performance.timeOrigin + performance.now(),
    });
  }
}

/**
 * What one connection sent, cut into transactions; a statement outside of one is a transaction by itself.
 * @param statements of any connections
 * @returns in order of their beginnings
 */
export function transactionsOf(statements: Statement[]): Statement[][] {
  const transactions: Statement[][] = [];
  const open: Map<number, Statement[]> = new Map();
  for (const statement of statements) {
    const current = open.get(statement.connection);
    if (current) {
      current.push(statement);
      if (ends(statement)) open.delete(statement.connection);
    } else {
      const begun = [statement];
      transactions.push(begun);
      if (/^\s*(start transaction|begin)\b/i.test(statement.text) && !ends(statement))
        open.set(statement.connection, begun);
    }
  }
  return transactions;
}

/** Whether a transaction is over after this message, which may hold more than the end. */
function ends({ text }: Statement) {
  return /(^|;)\s*(commit|rollback)\s*;?\s*$/i.test(text);
}
