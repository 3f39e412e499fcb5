import type { Transaction } from '../transaction.js';

/** An aggregate whose row has been saved, so that its version is already that of the change. */
export interface Versioned {
  version: number;
}

/** The messages of one aggregate's change. */
export interface Change {
  aggregate: Versioned;
  messages: object[];
}

/** Publishes facts and states through the outbox: they reach Kafka if, and only if, the transaction commits. */
export abstract class Events {
  /**
   * Publishes what one change of one aggregate caused. Call it after the aggregate's row was saved.
   * @throws Error outside an open transaction, on a payload that breaks its schema, on a topic of another service, or above 256 KiB: programming errors all.
   */
  abstract publish(tx: Transaction, aggregate: Versioned, ...messages: object[]): Promise<void>;
  /** The same for many aggregates in one statement. */
  abstract publishAll(tx: Transaction, changes: readonly Change[]): Promise<void>;
  /** Publishes a tombstone: the state of this aggregate is to be forgotten everywhere. `version` is above every version published before. */
  abstract erase(tx: Transaction, state: new () => object, id: string, version: number): Promise<void>;
}
