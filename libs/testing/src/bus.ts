import { randomUUID } from 'node:crypto';
import { eventOf, events, type Topic } from '@quen/events';
import { topicSpec } from '@quen/messaging';
import { Kafka, logLevel, Partitioners, type Consumer, type IHeaders, type Producer } from 'kafkajs';
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

type Message<T extends object> = new () => T;

/** One namespace of the run's broker: what other services would have published goes in, what the service publishes comes out. */
export class TestBus {
  private readonly kafka: Kafka;
  private readonly versions = new Map<string, number>();
  private readonly records: Published<object | null>[] = [];
  private producer: Promise<Producer> | undefined;
  private consumer: Promise<Consumer> | undefined;

  constructor(readonly brokers: string, readonly namespace: string) {
    this.kafka = new Kafka({ clientId: 'test', brokers: brokers.split(','), logLevel: logLevel.NOTHING });
  }

  /** Creates the topics of all services, as they exist in an installation, with two partitions each. */
  async createTopics(): Promise<void> {
    const admin = this.kafka.admin();
    await admin.connect();
    try {
      const topics = new Map(events().map(event => [event.topic.name, event.topic]));
      await admin.createTopics({
        waitForLeaders: false,
        topics: [...topics.values()].map(topic => {
          const { partitions, replication, config } = topicSpec(topic, { partitions: 2 });
          const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
          return { topic: this.nameOf(topic), numPartitions: partitions, replicationFactor: replication, configEntries };
        }),
      });
      // right after its creation a broker may not know a topic yet
      await eventually(() => admin.fetchTopicMetadata({ topics: [...topics.values()].map(topic => this.nameOf(topic)) }));
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

  private async write(event: ReturnType<typeof eventOf>, id: string, fields: Record<string, unknown> | null, options: EnvelopeOptions): Promise<void> {
    const eventId = options.id ?? randomUUID();
    const version = options.version ?? (this.versions.get(id) ?? 0) + 1;
    this.versions.set(id, Math.max(version, this.versions.get(id) ?? 0));
    const occurredAt = (options.occurredAt ?? new Date()).toISOString();
    const headers = {
      ce_specversion: '1.0', ce_id: eventId, ce_source: `/crm/${event.topic.service}`, ce_type: event.type, ce_subject: id, ce_time: occurredAt,
      ce_dataschema: `${event.type}.json`, 'content-type': 'application/json', ce_sequence: String(version), ce_dataclass: event.dataClass,
      ce_correlationid: options.correlationId ?? eventId,
      ...(options.actor ? { ce_actor: options.actor } : {}),
      ...(options.branch ? { ce_branch: options.branch } : {}),
    };
    const value = fields && JSON.stringify({ ...fields, eventId, aggregateId: id, aggregateVersion: version, occurredAt });
    await this.sendRaw(event.topic, id, value, headers);
  }

  /** What was published of this type so far, oldest first per key; a state's data is null when it was erased. */
  async published<T extends object>(message: Message<T>): Promise<Published<T>[]> {
    await (this.consumer ??= this.consume());
    const { type } = eventOf(message);
    return this.records.filter((record): record is Published<T> => record.type === type);
  }

  async stop(): Promise<void> {
    await Promise.all([this.producer?.then(producer => producer.disconnect()), this.consumer?.then(consumer => consumer.disconnect())]);
  }

  private nameOf(topic: Topic): string {
    return this.namespace + topic.name;
  }

  private async connectProducer(): Promise<Producer> {
    const producer = this.kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner, allowAutoTopicCreation: false });
    await producer.connect();
    return producer;
  }

  private async consume(): Promise<Consumer> {
    const consumer = this.kafka.consumer({ groupId: `${this.namespace}test.${randomUUID()}`, maxWaitTimeInMs: 50, allowAutoTopicCreation: false });
    await consumer.connect();
    await consumer.subscribe({ topics: [...new Set(events().map(event => this.nameOf(event.topic)))], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ topic, message }) => {
        const headers = Object.fromEntries(Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]));
        const data = message.value && (JSON.parse(message.value.toString('utf8')) as object);
        this.records.push({ data, type: headers.ce_type ?? '', key: String(message.key), topic: topic.slice(this.namespace.length), headers });
      },
    });
    return consumer;
  }
}
