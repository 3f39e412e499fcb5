import { randomUUID } from 'node:crypto';
import { Kafka, logLevel, Partitioners, type Admin, type Message, type Producer } from 'kafkajs';
import { eventOf } from '@quen/events';
import type { TestBus } from '@quen/testing';

/** A record as it lies on a topic; the topic without the run's namespace. */
export type WireRecord = { topic: string; key: string; value: string | Buffer | null; headers: Record<string, string> };

/** Writes records straight to the topics, as no well-behaved service would. */
export class Wire {
  readonly namespace: string;
  readonly producer: Producer;
  readonly admin: Admin;

  constructor(bus: TestBus) {
    this.namespace = bus.namespace;
    const kafka = new Kafka({ clientId: 'wire', brokers: bus.brokers.split(','), logLevel: logLevel.NOTHING });
    this.producer = kafka.producer({
      createPartitioner: Partitioners.DefaultPartitioner,
      allowAutoTopicCreation: false,
      maxInFlightRequests: 1,
    });
    this.admin = kafka.admin();
  }

  static async open<T>(bus: TestBus, work: (wire: Wire) => Promise<T>): Promise<T> {
    const wire = new Wire(bus);
    await Promise.all([wire.producer.connect(), wire.admin.connect()]);
    try {
      return await work(wire);
    } finally {
      await Promise.all([wire.producer.disconnect(), wire.admin.disconnect()]);
    }
  }

  /** In the order given, per key. */
  async send(records: readonly WireRecord[]) {
    const byTopic: Map<string, Message[]> = new Map();
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
 * @param message of a declared class
 */
export function recordOf(
  message: object,
  { version, id = randomUUID(), at = new Date() }: { version: number; id?: string; at?: Date },
): WireRecord {
  const event = eventOf(message);
  const key = String((message as Record<string, unknown>)[event.key]);
  const value = JSON.stringify({
    ...message,
    eventId: id,
    aggregateId: key,
    aggregateVersion: version,
    occurredAt: at.toISOString(),
  });
  return { topic: event.topic.name, key, value, headers: headersOf(event, key, version, id, at) };
}

/** The erasure of a state, as its owner would send it. */
export function tombstoneOf(state: new () => object, key: string, version: number): WireRecord {
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

function headersOf(event: ReturnType<typeof eventOf>, key: string, version: number, id: string, at: Date) {
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
