import { randomUUID } from 'node:crypto';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { eventOf } from '../../libs/events/dist/index.js';

/**
 * A record as it lies on a topic; the topic without the run's namespace.
 * @typedef {{ topic: string, key: string, value: string | Buffer | null, headers: Record<string, string> }} WireRecord
 */

/** Writes records straight to the topics, as no well-behaved service would. */
export class Wire {
  /** @param {import('../../libs/testing/dist/index.js').TestBus} bus */
  constructor(bus) {
    this.namespace = bus.namespace;
    const kafka = new Kafka({ clientId: 'wire', brokers: bus.brokers.split(','), logLevel: logLevel.NOTHING });
    this.producer = kafka.producer({
      createPartitioner: Partitioners.DefaultPartitioner,
      allowAutoTopicCreation: false,
      maxInFlightRequests: 1,
    });
    this.admin = kafka.admin();
  }

  /**
   * @template T @param {import('../../libs/testing/dist/index.js').TestBus} bus @param {(wire: Wire) => Promise<T>}
   * work @returns {Promise<T>}
   */
  static async open(bus, work) {
    const wire = new Wire(bus);
    await Promise.all([wire.producer.connect(), wire.admin.connect()]);
    try {
      return await work(wire);
    } finally {
      await Promise.all([wire.producer.disconnect(), wire.admin.disconnect()]);
    }
  }

  /** In the order given, per key. @param {readonly WireRecord[]} records */
  async send(records) {
    /** @type {Map<string, import('kafkajs').Message[]>} */
    const byTopic = new Map();
    for (const { topic, ...message } of records) {
      const name = this.namespace + topic;
      const messages = byTopic.get(name) ?? [];
      byTopic.set(name, messages);
      messages.push(message);
    }
    await this.producer.sendBatch({
      acks: -1,
      topicMessages: [...byTopic].map(([topic, messages]) => ({ topic, messages })),
    });
  }
}

/**
 * A message as its owner would send it.
 * @param {object} message of a declared class
 * @param {{ version: number, id?: string, at?: Date }} envelope
 * @returns {WireRecord}
 */
export function recordOf(message, { version, id = randomUUID(), at = new Date() }) {
  const event = eventOf(message);
  const key = String(/** @type {Record<string, unknown>} */ (message)[event.key]);
  const value = JSON.stringify({
    ...message,
    eventId: id,
    aggregateId: key,
    aggregateVersion: version,
    occurredAt: at.toISOString(),
  });
  return { topic: event.topic.name, key, value, headers: headersOf(event, key, version, id, at) };
}

/**
 * The erasure of a state, as its owner would send it. @param {new () => object} state @param {string} key @param
 * {number} version @returns {WireRecord}
 */
export function tombstoneOf(state, key, version) {
  const event = eventOf(state);
  return {
    topic: event.topic.name,
    key,
    value: null,
    headers: headersOf(event, key, version, randomUUID(), new Date()),
  };
}

/** Source of what the test itself has written, by which the judge of order leaves it out. */
export const wireSource = '/test/wire';

/**
 * @param {ReturnType<typeof eventOf>} event @param {string} key @param {number} version @param {string} id @param
 * {Date} at
 */
function headersOf(event, key, version, id, at) {
  return {
    ce_specversion: '1.0',
    ce_id: id,
    ce_source: wireSource,
    ce_type: event.type,
    ce_subject: key,
    ce_time: at.toISOString(),
    ce_dataschema: `${event.type}.json`,
    'content-type': 'application/json',
    ce_sequence: String(version),
    ce_dataclass: event.dataClass,
    ce_correlationid: id,
  };
}
