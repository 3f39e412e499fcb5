import { randomUUID } from 'node:crypto';
import { Kafka, logLevel, Partitioners, type Consumer, type IHeaders, type Producer } from 'kafkajs';
import { eventOf, events, topics, topicSpec, type Topic, type TopicSettings } from '@quen/events';
import { eventually } from './eventually.js';

/** How a test wants an event to look on the wire, where the default does not do. */
export interface EnvelopeOptions {
  id?: string;
  /** Version of the aggregate; default: that of a state, else one more than this test last sent for it. */
  version?: number;
  occurredAt?: Date;
  actor?: string;
  branch?: string;
  correlationId?: string;
}

/** A record that a service published, decoded. */
export interface Published<T = object> {
  data: T;
  type: string;
  key: string;
  topic: string;
  headers: Record<string, string>;
}

/** A record as it lies on its topic. */
export interface ScannedRecord {
  topic: string;
  partition: number;
  offset: bigint;
  key: string;
  value: Buffer | null;
  headers: Record<string, string>;
}

type Message<T extends object> = new () => T;

/**
 * One namespace of the run's broker: what other services would have published goes in, what the service publishes comes
 * out.
 */
export class TestBus {
  private readonly kafka: Kafka;
  private readonly versions = new Map<string, number>();
  private readonly records: Published<object | null>[] = [];
  private producer: Promise<Producer> | undefined;
  private consumer: Promise<Consumer> | undefined;

  constructor(
    readonly brokers: string,
    readonly namespace: string,
    private readonly settings: TopicSettings = { partitions: 2 },
    /** Names of the topics that there are; default: those of all services. */
    private readonly names: readonly string[] = [...new Set(events().map(({ topic }) => topic.name))],
  ) {
    this.kafka = new Kafka({ clientId: 'test', brokers: brokers.split(','), logLevel: logLevel.NOTHING });
  }

  /** Creates its topics, by default with two partitions each. */
  async createTopics(): Promise<void> {
    const admin = this.kafka.admin();
    await admin.connect();
    try {
      const declared = topics().filter(({ name }) => this.names.includes(name));
      await admin.createTopics({
        waitForLeaders: false,
        topics: declared.map((topic) => {
          const { partitions, replication, config } = topicSpec(topic, this.settings);
          const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
          return {
            topic: this.nameOf(topic),
            numPartitions: partitions,
            replicationFactor: replication,
            configEntries,
          };
        }),
      });
      // right after its creation a broker may not know a topic yet
      await eventually(() => admin.fetchTopicMetadata({ topics: declared.map((topic) => this.nameOf(topic)) }));
    } finally {
      await admin.disconnect();
    }
  }

  /** Publishes as the service that owns the event would. */
  async send(message: object, options: EnvelopeOptions = {}): Promise<void> {
    const { key } = eventOf(message);
    const fields = message as Record<string, unknown>;
    const version = options.version ?? (typeof fields.version === 'number' ? fields.version : undefined);
    await this.write(eventOf(message), String(fields[key]), fields, { ...options, version });
  }

  /** Publishes that a state is erased: a record without a value. */
  async sendErased(state: Message<object>, id: string, options: EnvelopeOptions = {}): Promise<void> {
    await this.write(eventOf(state), id, null, options);
  }

  /** Sends a record as it is, for what no well-behaved service would send. */
  async sendRaw(topic: Topic, key: string, value: string | Buffer | null, headers: IHeaders = {}): Promise<void> {
    const producer = await (this.producer ??= this.connectProducer());
    await producer.send({ topic: this.nameOf(topic), acks: -1, messages: [{ key, value, headers }] });
  }

  private async write(
    event: ReturnType<typeof eventOf>,
    id: string,
    fields: Record<string, unknown> | null,
    options: EnvelopeOptions,
  ): Promise<void> {
    const eventId = options.id ?? randomUUID();
    const version = options.version ?? (this.versions.get(id) ?? 0) + 1;
    this.versions.set(id, Math.max(version, this.versions.get(id) ?? 0));
    const occurredAt = (options.occurredAt ?? new Date()).toISOString();
    const headers = {
      ce_specversion: '1.0',
      ce_id: eventId,
      ce_source: `/crm/${event.topic.service}`,
      ce_type: event.type,
      ce_subject: id,
      ce_time: occurredAt,
      ce_dataschema: `${event.type}.json`,
      'content-type': 'application/json',
      ce_sequence: String(version),
      ce_dataclass: event.dataClass,
      ce_correlationid: options.correlationId ?? eventId,
      ...(options.actor ? { ce_actor: options.actor } : {}),
      ...(options.branch ? { ce_branch: options.branch } : {}),
    };
    const value =
      fields && JSON.stringify({ ...fields, eventId, aggregateId: id, aggregateVersion: version, occurredAt });
    await this.sendRaw(event.topic, id, value, headers);
  }

  /** What was published of this type so far, oldest first per key; a state's data is null when it was erased. */
  async published<T extends object>(message: Message<T>): Promise<Published<T>[]> {
    const { type, topic } = eventOf(message);
    if (!this.names.includes(topic.name)) throw new Error(`${topic.name} is none of the topics of this bus`);
    await (this.consumer ??= this.consume());
    return this.records.filter((record): record is Published<T> => record.type === type);
  }

  /** The offset after the last record, by topic (without the namespace) and partition. */
  async ends(topics: readonly string[]): Promise<Map<string, bigint[]>> {
    const admin = this.kafka.admin();
    await admin.connect();
    try {
      // while a partition has no leader, kafkajs breaks with a TypeError instead of trying again
      const offsets = await Promise.all(
        topics.map((topic) => eventually(() => admin.fetchTopicOffsets(this.namespace + topic))),
      );
      return new Map(
        topics.map((topic, n) => [
          topic,
          (offsets[n] ?? []).sort((one, other) => one.partition - other.partition).map(({ high }) => BigInt(high)),
        ]),
      );
    } finally {
      await admin.disconnect();
    }
  }

  /** How many partitions have fewer replicas in sync than they should. */
  async underReplicated(): Promise<number> {
    const admin = this.kafka.admin();
    await admin.connect();
    try {
      const { topics } = await admin.fetchTopicMetadata();
      return topics.flatMap(({ partitions }) => partitions).filter(({ isr, replicas }) => isr.length < replicas.length)
        .length;
    } finally {
      await admin.disconnect();
    }
  }

  /** Reads these topics from the first record to the last that is there now, and keeps nothing. */
  async scan(topics: readonly string[], visit: (record: ScannedRecord) => void): Promise<void> {
    const left = new Map<string, bigint>();
    for (const [topic, highs] of await this.ends(topics))
      highs.forEach((high, partition) => {
        if (high > 0n) left.set(`${topic}/${partition}`, high);
      });
    if (!left.size) return;
    const consumer = this.kafka.consumer({
      groupId: `${this.namespace}scan.${randomUUID()}`,
      maxWaitTimeInMs: 50,
      allowAutoTopicCreation: false,
    });
    await consumer.connect();
    try {
      await consumer.subscribe({ topics: topics.map((topic) => this.namespace + topic), fromBeginning: true });
      await new Promise<void>((resolve, reject) => {
        consumer.on(consumer.events.CRASH, ({ payload }) => {
          if (!payload.restart) reject(payload.error);
        });
        consumer
          .run({
            autoCommit: false,
            eachBatch: ({ batch }) => {
              const topic = batch.topic.slice(this.namespace.length);
              const place = `${topic}/${batch.partition}`;
              for (const { key, offset, headers, value } of batch.messages) {
                visit({
                  topic,
                  partition: batch.partition,
                  offset: BigInt(offset),
                  key: String(key),
                  value,
                  headers: textOf(headers),
                });
              }
              if (BigInt(batch.lastOffset()) + 1n >= (left.get(place) ?? 0n)) left.delete(place);
              if (!left.size) resolve();
              return Promise.resolve();
            },
          })
          .catch(reject);
      });
    } finally {
      await consumer.disconnect();
    }
  }

  async stop(): Promise<void> {
    await Promise.all([
      this.producer?.then((producer) => producer.disconnect()),
      this.consumer?.then((consumer) => consumer.disconnect()),
    ]);
  }

  private nameOf(topic: Topic): string {
    return this.namespace + topic.name;
  }

  private async connectProducer(): Promise<Producer> {
    const producer = this.kafka.producer({
      createPartitioner: Partitioners.DefaultPartitioner,
      allowAutoTopicCreation: false,
    });
    await producer.connect();
    return producer;
  }

  private async consume(): Promise<Consumer> {
    const consumer = this.kafka.consumer({
      groupId: `${this.namespace}test.${randomUUID()}`,
      maxWaitTimeInMs: 50,
      allowAutoTopicCreation: false,
    });
    await consumer.connect();
    await consumer.subscribe({
      topics: this.names.map((name) => this.namespace + name),
      fromBeginning: true,
    });
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ topic, message }) => {
        const headers = textOf(message.headers);
        const data = message.value && (JSON.parse(message.value.toString('utf8')) as object);
        this.records.push({
          data,
          type: headers.ce_type ?? '',
          key: String(message.key),
          topic: topic.slice(this.namespace.length),
          headers,
        });
      },
    });
    return consumer;
  }
}

function textOf(headers: IHeaders | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)]));
}
