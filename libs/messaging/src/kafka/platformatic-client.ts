import {
  Admin,
  ConfigResourceTypes,
  FetchIsolationLevels,
  findErrorBy,
  IncrementalAlterConfigOperationTypes,
} from '@platformatic/kafka';
import type { Logger } from 'pino';
import type { TopicSpec } from '@quen/events';
import type { KafkaSettings } from '../settings.js';
import { untilTopicAnswers } from './deadlines.js';
import { calm, closeAll, connectionOptions } from './platformatic-connection.js';
import { PlatformaticGroupReader } from './platformatic-reader.js';
import { PlatformaticSender } from './platformatic-sender.js';
import type { GroupReader, GroupReaderOptions, KafkaClient, PartitionOffsets, Sender } from './port.js';

const earliest = -2n;
const latest = -1n;

/**
 * The port implemented with @platformatic/kafka 2. Only the files beside this one that are named after it import it.
 */
export class PlatformaticClient implements KafkaClient {
  private readonly prefix: string;
  private admin: Admin | undefined;

  constructor(
    private readonly settings: KafkaSettings,
    private readonly clientId: string,
    private readonly logger?: Logger,
  ) {
    this.prefix = settings.namespace ?? '';
  }

  sender(mode: 'idempotent' | 'plain'): Promise<Sender> {
    return PlatformaticSender.open(this.settings, this.clientId, mode);
  }

  reader(options: GroupReaderOptions): GroupReader {
    return new PlatformaticGroupReader(
      connectionOptions(this.settings, this.clientId),
      this.prefix,
      options,
      this.logger,
    );
  }

  async offsets(topic: string): Promise<PartitionOffsets[]> {
    return this.withAdmin((admin) => offsetsOf(admin, this.prefix + topic));
  }

  async clusterId(): Promise<string> {
    return this.withAdmin(async (admin) => (await admin.metadata({ topics: [], forceUpdate: true })).id);
  }

  async createTopics(specs: readonly TopicSpec[]): Promise<string[]> {
    return this.withAdmin(async (admin) => {
      const existing = new Set(await admin.listTopics());
      const missing = specs.filter(({ name }) => !existing.has(this.prefix + name));
      await Promise.all(missing.map((spec) => this.createTopic(admin, spec)));
      for (const { name } of missing) await untilTopicAnswers(() => offsetsOf(admin, this.prefix + name));
      await this.alignConfigs(
        admin,
        specs.filter(({ name }) => existing.has(this.prefix + name)),
      );
      return missing.map(({ name }) => name);
    });
  }

  private async createTopic(admin: Admin, { name, partitions, replication, config }: TopicSpec): Promise<void> {
    try {
      await admin.createTopics({
        topics: [{ topic: this.prefix + name, partitions, replicas: replication }],
        configs: Object.entries(config).map(([key, value]) => ({ name: key, value })),
      });
    } catch (error) {
      // Another service may create the same one at the same moment.
      if (!findErrorBy(error as Error, 'apiId', 'TOPIC_ALREADY_EXISTS')) throw error;
    }
  }

  private async alignConfigs(admin: Admin, specs: readonly TopicSpec[]): Promise<void> {
    if (!specs.length) return;
    const found = await admin.describeConfigs({
      resources: specs.map(({ name, config }) => ({
        resourceType: ConfigResourceTypes.TOPIC,
        resourceName: this.prefix + name,
        configurationKeys: Object.keys(config),
      })),
    });
    const actual = new Map(
      found.map(({ resourceName, configs }) => [
        resourceName,
        new Map(configs.map(({ name, value }) => [name, value])),
      ]),
    );
    const drifted = specs.flatMap(({ name, config }) => {
      const entries = Object.entries(config).filter(
        ([key, value]) => actual.get(this.prefix + name)?.get(key) !== value,
      );
      return entries.length ? [{ name, entries }] : [];
    });
    if (!drifted.length) return;
    await admin.incrementalAlterConfigs({
      resources: drifted.map(({ name, entries }) => ({
        resourceType: ConfigResourceTypes.TOPIC,
        resourceName: this.prefix + name,
        configs: entries.map(([key, value]) => ({
          name: key,
          value,
          configOperation: IncrementalAlterConfigOperationTypes.SET,
        })),
      })),
    });
  }

  async close(): Promise<void> {
    const { admin } = this;
    this.admin = undefined;
    if (admin) await closeAll(admin);
  }

  /** After an error the next call begins with new connections. */
  private async withAdmin<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = (this.admin ??= calm(new Admin(connectionOptions(this.settings, this.clientId))));
    try {
      return await work(admin);
    } catch (error) {
      if (this.admin === admin) this.admin = undefined;
      void closeAll(admin);
      throw error;
    }
  }
}

async function offsetsOf(admin: Admin, topic: string): Promise<PartitionOffsets[]> {
  const { topics } = await admin.metadata({ topics: [topic] });
  const partitions = Array.from({ length: topics.get(topic)?.partitionsCount ?? 0 }, (_, partition) => partition);
  const at = async (timestamp: bigint): Promise<Map<number, bigint>> => {
    const [listed] = await admin.listOffsets({
      isolationLevel: FetchIsolationLevels.READ_COMMITTED,
      topics: [{ name: topic, partitions: partitions.map((partitionIndex) => ({ partitionIndex, timestamp })) }],
    });
    return new Map(listed?.partitions.map(({ partitionIndex, offset }) => [partitionIndex, offset]));
  };
  const [low, high] = await Promise.all([at(earliest), at(latest)]);
  return partitions.map((partition) => ({
    partition,
    low: offsetIn(low, topic, partition),
    high: offsetIn(high, topic, partition),
  }));
}

function offsetIn(offsets: ReadonlyMap<number, bigint>, topic: string, partition: number): bigint {
  const offset = offsets.get(partition);
  if (offset === undefined) throw new Error(`The broker told no offset of ${topic}/${partition}`);
  return offset;
}
