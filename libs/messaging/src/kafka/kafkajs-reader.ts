import type { Consumer, EachBatchPayload, IHeaders, Kafka } from 'kafkajs';
import type { Logger } from 'pino';
import {
  contradicting,
  type GroupListener,
  type GroupReader,
  type GroupReaderOptions,
  type PartitionBatch,
  type WireRecord,
} from './port.js';

/** A member of a consumer group on kafkajs: batches by hand, offsets by hand. */
export class KafkajsGroupReader implements GroupReader {
  private readonly consumer: Consumer;
  private started = false;
  private fetched = 0;

  constructor(
    kafka: Kafka,
    private readonly prefix: string,
    private readonly options: GroupReaderOptions,
    private readonly logger?: Logger,
  ) {
    this.consumer = kafka.consumer({
      groupId: prefix + options.group,
      sessionTimeout: options.sessionTimeoutMs,
      rebalanceTimeout: 30_000,
      heartbeatInterval: options.heartbeatMs,
      maxWaitTimeInMs: 250,
      minBytes: 1,
      maxBytesPerPartition: 1_048_576,
      maxBytes: 8_388_608,
      allowAutoTopicCreation: false,
      metadataMaxAge: 60_000,
      retry: { initialRetryTime: 200, maxRetryTime: 2_000, retries: 5, restartOnFailure: async () => true },
    });
  }

  async start(listener: GroupListener): Promise<void> {
    this.consumer.on(this.consumer.events.GROUP_JOIN, ({ payload }) => {
      listener.joined(
        new Map(Object.entries(payload.memberAssignment).map(([topic, partitions]) => [this.bare(topic), partitions])),
      );
    });
    this.consumer.on(this.consumer.events.FETCH, () => {
      this.fetched += 1;
    });
    this.consumer.on(this.consumer.events.CRASH, ({ payload }) => listener.crashed(payload.error, payload.restart));
    await this.consumer.connect();
    await this.consumer.subscribe({
      topics: this.options.topics.map((topic) => this.prefix + topic),
      fromBeginning: true,
    });
    await this.consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: this.options.partitionsConcurrently,
      eachBatch: (payload) => listener.batch(this.batchOf(payload)),
    });
    this.started = true;
  }

  /** Of all partitions: kafkajs fetches again from a broker only when all that it brought was worked on. */
  fetches(): number {
    return this.fetched;
  }

  seek(topic: string, partition: number, offset: bigint): void {
    this.consumer.seek({ topic: this.prefix + topic, partition, offset: offset.toString() });
  }

  pause(topic: string, partition: number): void {
    this.whileRunning(() => this.consumer.pause([{ topic: this.prefix + topic, partitions: [partition] }]));
  }

  resume(topic: string, partition: number): void {
    this.whileRunning(() => this.consumer.resume([{ topic: this.prefix + topic, partitions: [partition] }]));
  }

  async stop(): Promise<void> {
    this.started = false;
    await this.consumer.disconnect();
  }

  private whileRunning(work: () => void): void {
    if (!this.started) return;
    try {
      work();
    } catch (error) {
      // Between a crash and its restart there is no running consumer; the partition is placed anew on joining.
      this.logger?.debug({ error: String(error) }, 'no consumer to pause or resume');
    }
  }

  private bare(topic: string): string {
    return topic.slice(this.prefix.length);
  }

  private batchOf({
    batch,
    resolveOffset,
    heartbeat,
    commitOffsetsIfNecessary,
    isRunning,
    isStale,
  }: EachBatchPayload): PartitionBatch {
    const topic = this.bare(batch.topic);
    const { partition } = batch;
    return {
      topic,
      partition,
      endOffset: BigInt(batch.lastOffset()) + 1n,
      highWatermark: BigInt(batch.highWatermark),
      records: batch.messages.map((message): WireRecord => ({
        topic,
        partition,
        offset: BigInt(message.offset),
        key: message.key?.toString('utf8') ?? '',
        ...textHeaders(message.headers),
        value: message.value,
      })),
      resolve: (offset) => resolveOffset((offset - 1n).toString()),
      commit: (offset) =>
        commitOffsetsIfNecessary({
          topics: [{ topic: batch.topic, partitions: [{ partition, offset: offset.toString() }] }],
        }),
      heartbeat,
      current: () => isRunning() && !isStale(),
    };
  }
}

/** With what is wrong with them, if something is. */
function textHeaders(headers: IHeaders | undefined): Pick<WireRecord, 'headers' | 'unreadable'> {
  const text: Record<string, string> = {};
  let twice: string | undefined;
  for (const [name, value] of Object.entries(headers ?? {})) {
    const [first, ...others] = (Array.isArray(value) ? value : [value]).map((each) => each?.toString('utf8'));
    if (first !== undefined) text[name] = first;
    if (others.some((other) => other !== first)) twice ??= name;
  }
  return { headers: text, ...contradicting(twice) };
}
