import type { TopicSpec } from '@quen/events';
import { eventually } from '@quen/testing';
import { newId } from '../ids.js';
import { kafkaClient } from '../kafka/kafka-client.js';
import type { GroupReader, KafkaClient, OutgoingRecord, PartitionBatch, WireRecord } from '../kafka/port.js';
import type { KafkaSettings } from '../settings.js';

/** What a reader of a test did so far. */
export interface Reading {
  readonly reader: GroupReader;
  /** Partitions that it had last. */
  readonly assigned: Set<number>;
  readonly crashes: Error[];
}

/** A client behind the port, with all that a test opened through it. */
export class Wire {
  readonly kafka: KafkaClient;
  private readonly readers: GroupReader[] = [];

  constructor(settings: KafkaSettings) {
    this.kafka = kafkaClient(settings, 'wire');
  }

  /** Creates a topic for one test. */
  async topic(partitions: number, config: TopicSpec['config'] = {}): Promise<string> {
    const name = `crm.lab.${newId()}.v1`;
    await this.kafka.createTopics([{ name, partitions, replication: 1, config }]);
    return name;
  }

  async write(records: readonly OutgoingRecord[], mode: 'idempotent' | 'plain' = 'plain'): Promise<void> {
    const sender = await this.kafka.sender(mode);
    try {
      for (let start = 0; start < records.length; start += 500) await sender.send(records.slice(start, start + 500));
    } finally {
      await sender.close();
    }
  }

  /** Reads a topic as a member of a group, by itself unless one is named, and waits until it was given partitions. */
  async read(
    topic: string,
    each: (batch: PartitionBatch) => Promise<void>,
    group = `crm.lab.${newId()}`,
  ): Promise<Reading> {
    const assigned = new Set<number>();
    const crashes: Error[] = [];
    const reader = this.kafka.reader({
      group,
      topics: [topic],
      partitionsConcurrently: 2,
      sessionTimeoutMs: 6_000,
      heartbeatMs: 300,
    });
    this.readers.push(reader);
    let joined = false;
    await reader.start({
      joined: (assignment) => {
        joined = true;
        assigned.clear();
        assignment.get(topic)?.forEach((partition) => assigned.add(partition));
      },
      crashed: (error) => void crashes.push(error),
      batch: each,
    });
    await eventually(() => expect(joined).toBe(true));
    return { reader, assigned, crashes };
  }

  async close(): Promise<void> {
    await Promise.all(this.readers.map((reader) => reader.stop()));
    await this.kafka.close();
  }
}

/** Takes all that comes. */
export function taking(into: WireRecord[]): (batch: PartitionBatch) => Promise<void> {
  return async (batch) => {
    into.push(...batch.records);
    await done(batch);
  };
}

/** Ends a batch as one that was worked on. */
export async function done(batch: PartitionBatch): Promise<void> {
  batch.resolve(batch.endOffset);
  await batch.heartbeat();
  await batch.commit(batch.endOffset);
}

/** A key that goes to a partition, of so many. */
export function keyOf(partition: number, bucket: (key: string) => number): string {
  for (;;) {
    const key = newId();
    if (bucket(key) === partition) return key;
  }
}
