import { createRequire } from 'node:module';
import pg from 'pg';

/** @typedef {import('./pgbench.mjs').Statement} Statement */

const { prepareValue } = createRequire(import.meta.url)('pg/lib/utils.js');

/**
 * Every statement of this process while recording is on, as it goes to Postgres; so the raw cost is always that of
 * today's statements.
 */
export class Recorder {
  /** @type {Statement[] | undefined} */
  #statements;

  constructor() {
    const recorder = this;
    const query = /** @type {(...args: any[]) => any} */ (pg.Client.prototype.query);
    /** @this {any} @param {any[]} args */
    pg.Client.prototype.query = function (...args) {
      recorder.#note(this.processID, args[0], Array.isArray(args[1]) ? args[1] : undefined);
      return query.apply(this, args);
    };
  }

  start() {
    this.#statements = [];
  }

  /** @returns {Statement[]} */
  stop() {
    const statements = this.#statements ?? [];
    this.#statements = undefined;
    return statements;
  }

  /**
   * @param {number} connection @param {string | { text: string, values?: unknown[], name?: string }} config @param
   * {unknown[]} [values]
   */
  #note(connection, config, values) {
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
 * @param {Statement[]} statements of any connections
 * @returns {Statement[][]} in order of their beginnings
 */
export function transactionsOf(statements) {
  /** @type {Statement[][]} */
  const transactions = [];
  /** @type {Map<number, Statement[]>} */
  const open = new Map();
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

/** Whether a transaction is over after this message, which may hold more than the end. @param {Statement} statement */
function ends({ text }) {
  return /(^|;)\s*(commit|rollback)\s*;?\s*$/i.test(text);
}
