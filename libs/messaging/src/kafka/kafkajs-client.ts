import kafkajs, {
  Kafka,
  logLevel,
  Partitioners,
  type Admin,
  type KafkaConfig,
  type Producer,
  type SASLOptions,
} from 'kafkajs';
import type { Logger } from 'pino';
import type { TopicSpec } from '@quen/events';
import type { KafkaSasl, KafkaSettings } from '../settings.js';
import { topicCreationMs, untilTopicAnswers, withinSendDeadline } from './deadlines.js';
import { compressionTypes, decompress } from './decompression.js';
import { KafkajsGroupReader } from './kafkajs-reader.js';
import { mendTimers } from './kafkajs-timers.js';
import type { GroupReader, GroupReaderOptions, KafkaClient, OutgoingRecord, PartitionOffsets, Sender } from './port.js';

mendTimers();

// kafkajs comes with gzip only. It would end the process at the first batch that is compressed otherwise, by another
// producer or a topic's setting.
for (const type of [compressionTypes.gzip, compressionTypes.snappy, compressionTypes.lz4, compressionTypes.zstd]) {
  kafkajs.CompressionCodecs[type] = () => ({
    compress: () => Promise.reject(new Error('Nothing is sent compressed')),
    decompress: (bytes: Buffer) => Promise.resolve(decompress(type, bytes)),
  });
}

const requestTimeoutMs = 6_000;

/** The port implemented with kafkajs 2.2, the only place that imports it besides its reader. */
export class KafkajsClient implements KafkaClient {
  private readonly kafka: Kafka;
  private readonly prefix: string;
  private admin: Promise<Admin> | undefined;

  constructor(
    settings: KafkaSettings,
    clientId: string,
    private readonly logger?: Logger,
  ) {
    this.prefix = settings.namespace ?? '';
    this.kafka = new Kafka(configOf(settings, clientId, logger));
  }

  async sender(mode: 'idempotent' | 'plain'): Promise<Sender> {
    const producer = this.kafka.producer({
      idempotent: mode === 'idempotent',
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
      // The relay reads the outbox again after an error, so the client itself hardly retries. An idempotent producer
      // must be allowed one retry.
      retry: { retries: 1, initialRetryTime: 50, maxRetryTime: 1_000 },
    });
    await producer.connect();
    return new KafkajsSender(producer, this.prefix);
  }

  reader(options: GroupReaderOptions): GroupReader {
    return new KafkajsGroupReader(this.kafka, this.prefix, options, this.logger);
  }

  async offsets(topic: string): Promise<PartitionOffsets[]> {
    const offsets = await this.withAdmin((admin) => admin.fetchTopicOffsets(this.prefix + topic));
    return offsets
      .map(({ partition, low, high }) => ({ partition, low: BigInt(low), high: BigInt(high) }))
      .sort((a, b) => a.partition - b.partition);
  }

  async clusterId(): Promise<string> {
    return (await this.withAdmin((admin) => admin.describeCluster())).clusterId;
  }

  async createTopics(specs: readonly TopicSpec[]): Promise<string[]> {
    return this.withAdmin(async (admin) => {
      const existing = new Set(await admin.listTopics());
      const missing = specs.filter(({ name }) => !existing.has(this.prefix + name));
      if (missing.length) {
        // Another service may create the same ones at the same moment; kafkajs then answers false and all exist.
        await admin.createTopics({
          // kafkajs's own wait fails at once while a broker does not know a new topic yet
          waitForLeaders: false,
          timeout: topicCreationMs,
          topics: missing.map(({ name, partitions, replication, config }) => ({
            topic: this.prefix + name,
            numPartitions: partitions,
            replicationFactor: replication,
            configEntries: entries(config),
          })),
        });
        for (const { name } of missing) await untilTopicAnswers(() => admin.fetchTopicOffsets(this.prefix + name));
      }
      await this.alignConfigs(
        admin,
        specs.filter(({ name }) => existing.has(this.prefix + name)),
      );
      return missing.map(({ name }) => name);
    });
  }

  private async alignConfigs(admin: Admin, specs: readonly TopicSpec[]): Promise<void> {
    if (!specs.length) return;
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: specs.map(({ name }) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name: this.prefix + name })),
    });
    const actual = new Map(resources.map(({ resourceName, configEntries }) => [resourceName, configEntries]));
    const drifted = specs.flatMap(({ name, config }) => {
      const found = actual.get(this.prefix + name) ?? [];
      const values = new Map(found.map(({ configName, configValue }) => [configName, configValue]));
      if (Object.entries(config).every(([key, value]) => values.get(key) === value)) return [];
      // The only request for this that kafkajs knows. It resets settings that it does not name, such as those that an
      // operator made.
      const kept = found
        .filter(({ configSource }) => configSource === kafkajs.ConfigSource.TOPIC_CONFIG)
        .map(({ configName, configValue }) => [configName, configValue]);
      return [{ name, config: { ...(Object.fromEntries(kept) as Record<string, string>), ...config } }];
    });
    if (!drifted.length) return;
    await admin.alterConfigs({
      validateOnly: false,
      resources: drifted.map(({ name, config }) => ({
        type: kafkajs.ConfigResourceTypes.TOPIC,
        name: this.prefix + name,
        configEntries: entries(config),
      })),
    });
  }

  async close(): Promise<void> {
    const admin = this.admin;
    this.admin = undefined;
    await (await admin?.catch(() => undefined))?.disconnect();
  }

  private async withAdmin<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    this.admin ??= this.connectAdmin();
    const connected = this.admin;
    try {
      return await work(await connected);
    } catch (error) {
      if (this.admin === connected) this.admin = undefined;
      void connected.then((admin) => admin.disconnect()).catch(() => undefined);
      throw error;
    }
  }

  private async connectAdmin(): Promise<Admin> {
    const admin = this.kafka.admin({ retry: { retries: 3, initialRetryTime: 100, maxRetryTime: 1_000 } });
    await admin.connect();
    return admin;
  }
}

class KafkajsSender implements Sender {
  constructor(
    private readonly producer: Producer,
    private readonly prefix: string,
  ) {}

  async send(records: readonly OutgoingRecord[]): Promise<void> {
    const byTopic = new Map<string, { key: string; value: string | null; headers: Record<string, string> }[]>();
    for (const { topic, key, value, headers } of records) {
      let messages = byTopic.get(topic);
      if (!messages) byTopic.set(topic, (messages = []));
      messages.push({ key, value, headers });
    }
    await withinSendDeadline(
      this.producer.sendBatch({
        acks: -1,
        timeout: requestTimeoutMs,
        topicMessages: [...byTopic].map(([topic, messages]) => ({ topic: this.prefix + topic, messages })),
      }),
    );
  }

  async close(): Promise<void> {
    await this.producer.disconnect();
  }
}

function entries(config: Readonly<Record<string, string>>): { name: string; value: string }[] {
  return Object.entries(config).map(([name, value]) => ({ name, value }));
}

function configOf(settings: KafkaSettings, clientId: string, logger?: Logger): KafkaConfig {
  return {
    brokers: settings.brokers,
    clientId,
    connectionTimeout: 3_000,
    authenticationTimeout: 5_000,
    requestTimeout: requestTimeoutMs,
    enforceRequestTimeout: true,
    retry: { initialRetryTime: 200, maxRetryTime: 3_000, retries: 8 },
    ...(settings.ssl ? { ssl: settings.ssl } : {}),
    ...(settings.sasl ? { sasl: saslOf(settings.sasl) } : {}),
    logLevel: logLevel.WARN,
    logCreator:
      () =>
      ({ level, log: { message, ...rest } }) => {
        const fields = {
          namespace: 'kafkajs',
          groupId: rest['groupId'] as unknown,
          topic: rest['topic'] as unknown,
          error: rest['error'] as unknown,
          broker: rest['broker'] as unknown,
        };
        // kafkajs reports as errors what it goes on to retry; what matters is reported by the relay and the consumer.
        if (level === logLevel.ERROR) logger?.warn(fields, message);
        else logger?.debug(fields, message);
      },
  };
}

function saslOf(sasl: KafkaSasl): SASLOptions {
  if (sasl.mechanism === 'oauthbearer')
    return { mechanism: 'oauthbearer', oauthBearerProvider: async () => ({ value: await sasl.token() }) };
  return { mechanism: sasl.mechanism, username: sasl.username, password: sasl.password } as SASLOptions;
}
