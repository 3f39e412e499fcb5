import { eventOf, problemOfProduced, type EventDeclaration } from '@quen/events';
import { context } from '../context.js';
import { headersOf, maxValueBytes } from '../envelope.js';
import { newId } from '../ids.js';
import { afterCommit, isOpen, type Transaction } from '../transaction.js';
import { insertOutbox, type OutboxRow } from './outbox.js';

/** An aggregate whose row has been saved, so that its version is already that of the change. */
export interface Versioned {
  version: number;
}

/** The messages of one aggregate's change. */
export interface Change {
  aggregate: Versioned;
  messages: readonly object[];
}

/** Stands in for the database's clock while a value is checked against its schema. */
const anyTime = '2000-01-01T00:00:00.000Z';

/** Publishes facts and states through the outbox: they reach Kafka if, and only if, the transaction commits. */
export class Events {
  /**
   * @param service owner of the topics that may be published to, and source of the events
   * @param committed called after a commit that published, with the types of what was, to have the rows sent at once
   * @param silent true to publish nothing
   */
  constructor(
    private readonly service: string,
    private readonly committed: (types: readonly string[]) => void,
    private readonly silent = false,
  ) {}

  /**
   * Publishes what one change of one aggregate caused. Call it after the aggregate's row was saved.
   * @throws Error outside an open transaction, on a payload that breaks its schema, on a topic of another service, or
   * above 256 KiB: programming errors all.
   */
  async publish(tx: Transaction, aggregate: Versioned, ...messages: object[]): Promise<void> {
    await this.publishAll(tx, [{ aggregate, messages }]);
  }

  /** The same for many aggregates in few statements; order is that of the list. */
  async publishAll(tx: Transaction, changes: readonly Change[]): Promise<void> {
    if (this.silent) return;
    await this.insert(
      tx,
      changes.flatMap(({ aggregate, messages }) => messages.map((message) => this.row(message, aggregate.version))),
    );
  }

  /**
   * Publishes a tombstone: the state of this aggregate is to be forgotten everywhere. `version` is above every version
   * published before.
   */
  async erase(tx: Transaction, state: new () => object, id: string, version: number): Promise<void> {
    const declaration = eventOf(state);
    if (!declaration.state) throw new Error(`${declaration.type} is a fact; only a state can be erased`);
    if (this.silent) return;
    await this.insert(tx, [this.rowOf(declaration, id, version, newId(), null, 0)]);
  }

  private async insert(tx: Transaction, rows: readonly OutboxRow[]): Promise<void> {
    if (!isOpen(tx))
      throw new Error('Events are published inside the transaction that causes them: pass the tx of inTransaction');
    if (!rows.length) return;
    await insertOutbox(tx, rows);
    // Each insert has a hook of its own. One that a savepoint undoes is then not counted, and the others are.
    const types = rows.map(({ type }) => type);
    afterCommit(tx, () => this.committed(types));
  }

  private row(message: object, version: number): OutboxRow {
    const declaration = eventOf(message);
    const id: unknown = (message as Record<string, unknown>)[declaration.key];
    if (typeof id !== 'string' || !id)
      throw new Error(`${declaration.type} has no ${declaration.key}, which is its key`);
    checkVersion(declaration, version);
    if (declaration.state && (message as { version?: unknown }).version !== version) {
      throw new Error(
        `${declaration.type} says version ${String((message as { version?: unknown }).version)} but its aggregate has ${version}; build the state after saving the row`,
      );
    }
    const eventId = newId();
    const text = JSON.stringify({
      ...message,
      eventId,
      aggregateId: id,
      aggregateVersion: version,
      occurredAt: anyTime,
    });
    const bytes = Buffer.byteLength(text);
    if (bytes > maxValueBytes)
      throw new Error(`${declaration.type} of ${id} has ${bytes} bytes; at most ${maxValueBytes} fit`);
    // Checked as the wire has it, after serialisation.
    const payload = JSON.parse(text) as Record<string, unknown>;
    const wrong = problemOfProduced(declaration, payload);
    if (wrong) throw new Error(`${declaration.type} breaks its schema: ${wrong}`);
    delete payload['occurredAt'];
    return this.rowOf(declaration, id, version, eventId, payload, bytes);
  }

  private rowOf(
    declaration: EventDeclaration,
    aggregateId: string,
    version: number,
    eventId: string,
    payload: Record<string, unknown> | null,
    bytes: number,
  ): OutboxRow {
    const { topic, type, state } = declaration;
    if (topic.service !== this.service)
      throw new Error(`${this.service} may not publish ${type}: its topic belongs to ${topic.service}`);
    checkVersion(declaration, version);
    const headers = headersOf(declaration, { id: eventId, service: this.service, aggregateId, version }, context.get());
    return {
      eventId,
      topic: topic.name,
      aggregateType: topic.aggregate,
      aggregateId,
      version,
      type,
      state,
      headers,
      payload,
      bytes: bytes + JSON.stringify(headers).length,
    };
  }
}

function checkVersion({ type }: EventDeclaration, version: number): void {
  if (!Number.isSafeInteger(version) || version < 0)
    throw new Error(`${type}: version ${String(version)} is no row version; save the row first`);
}
