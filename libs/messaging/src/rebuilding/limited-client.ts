import { placeKey } from '../consuming/positions.js';
import { storable } from '../consuming/storable.js';
import type {
  GroupListener,
  GroupReader,
  GroupReaderOptions,
  KafkaClient,
  PartitionBatch,
  PartitionOffsets,
  Sender,
  WireRecord,
} from '../kafka/port.js';

/**
 * A client for a second reader of a group's topics, which goes exactly as far as it is allowed to, under a group id of
 * its own at Kafka. Its reader sees topics that end at the limit. It sends nothing, and leaves no offsets at the
 * broker.
 */
export class LimitedClient implements KafkaClient {
  private readonly limits = new Map<string, bigint>();
  private readonly passedTo = new Map<string, bigint>();
  private readonly waiting = new Map<string, { topic: string; partition: number; reader: LimitedReader }>();

  /**
   * @param suffix of the group id at Kafka
   * @param settled by {@link recordKey}: records that get another value; null leaves a record out
   */
  constructor(
    private readonly kafka: KafkaClient,
    private readonly suffix: string,
    private readonly settled: ReadonlyMap<string, Buffer | null>,
  ) {}

  /** Lets reading go on up to these offsets; an offset never moves back. */
  limit(offsets: ReadonlyMap<string, bigint>): void {
    for (const [place, offset] of offsets) {
      if (offset <= (this.limits.get(place) ?? -1n)) continue;
      this.limits.set(place, offset);
      const waits = this.waiting.get(place);
      this.waiting.delete(place);
      waits?.reader.goOn(waits.topic, waits.partition);
    }
  }

  /**
   * Up to where nothing is left to hand over, though no position says so: what lies before was compacted away or left
   * out.
   */
  passed(place: string): bigint {
    return this.passedTo.get(place) ?? 0n;
  }

  reader(options: GroupReaderOptions): GroupReader {
    return new LimitedReader(this.kafka.reader({ ...options, group: options.group + this.suffix }), (batch, reader) =>
      this.cut(batch, reader),
    );
  }

  async offsets(topic: string): Promise<PartitionOffsets[]> {
    const offsets = await this.kafka.offsets(topic);
    return offsets.map(({ partition, low, high }) => {
      const limit = this.limits.get(placeKey(topic, partition)) ?? 0n;
      return { partition, low: low < limit ? low : limit, high: high < limit ? high : limit };
    });
  }

  clusterId(): Promise<string> {
    return this.kafka.clusterId();
  }

  sender(): Promise<Sender> {
    return Promise.reject(new Error('Nothing is sent while a store is rebuilt'));
  }

  createTopics(): Promise<string[]> {
    return Promise.reject(new Error('No topic is created while a store is rebuilt'));
  }

  close(): Promise<void> {
    return this.kafka.close();
  }

  /** What of a batch may be handed over; the partition waits when there is more. */
  private cut(batch: PartitionBatch, reader: LimitedReader): PartitionBatch | undefined {
    const { topic, partition } = batch;
    const place = placeKey(topic, partition);
    const limit = this.limits.get(place) ?? 0n;
    const endOffset = batch.endOffset < limit ? batch.endOffset : limit;
    if (batch.endOffset > limit) {
      this.waiting.set(place, { topic, partition, reader });
      reader.wait(topic, partition);
    }
    const records = batch.records.filter(({ offset }) => offset < limit).flatMap((record) => this.asSettled(record));
    if (!records.length) {
      this.passedTo.set(place, endOffset);
      if (batch.endOffset <= limit) batch.resolve(endOffset);
      return undefined;
    }
    return {
      topic,
      partition,
      records,
      endOffset,
      highWatermark: endOffset,
      resolve: (offset) => batch.resolve(offset),
      commit: () => Promise.resolve(),
      heartbeat: () => batch.heartbeat(),
      current: () => batch.current(),
    };
  }

  private asSettled(record: WireRecord): WireRecord[] {
    const value = this.settled.size
      ? this.settled.get(
          recordKey(record.topic, record.partition, record.offset, storable(record.headers['ce_id'] ?? '')),
        )
      : undefined;
    if (value === undefined) return [record];
    return value === null ? [] : [{ ...record, value }];
  }
}

/** Names a record; by its event id, too, since another cluster has other records at the same offsets. */
export function recordKey(topic: string, partition: number, offset: bigint, id: string): string {
  return `${placeKey(topic, partition)} ${offset} ${id}`;
}

/**
 * A group's reader whose partitions also wait for the limit, besides waiting for what the consumer itself holds back.
 */
class LimitedReader implements GroupReader {
  private readonly heldByConsumer = new Set<string>();
  private readonly heldByLimit = new Set<string>();

  constructor(
    private readonly inner: GroupReader,
    private readonly cut: (batch: PartitionBatch, reader: LimitedReader) => PartitionBatch | undefined,
  ) {}

  start(listener: GroupListener): Promise<void> {
    return this.inner.start({
      joined: (assignment) => listener.joined(assignment),
      crashed: (error, restarting) => listener.crashed(error, restarting),
      batch: async (batch) => {
        const allowed = this.cut(batch, this);
        if (allowed) await listener.batch(allowed);
      },
    });
  }

  fetches(topic: string, partition: number): number {
    return this.inner.fetches(topic, partition);
  }

  seek(topic: string, partition: number, offset: bigint): void {
    this.inner.seek(topic, partition, offset);
  }

  pause(topic: string, partition: number): void {
    this.heldByConsumer.add(placeKey(topic, partition));
    this.inner.pause(topic, partition);
  }

  resume(topic: string, partition: number): void {
    this.heldByConsumer.delete(placeKey(topic, partition));
    this.resumeUnlessHeld(topic, partition);
  }

  wait(topic: string, partition: number): void {
    this.heldByLimit.add(placeKey(topic, partition));
    this.inner.pause(topic, partition);
  }

  goOn(topic: string, partition: number): void {
    this.heldByLimit.delete(placeKey(topic, partition));
    this.resumeUnlessHeld(topic, partition);
  }

  stop(): Promise<void> {
    return this.inner.stop();
  }

  private resumeUnlessHeld(topic: string, partition: number): void {
    const place = placeKey(topic, partition);
    if (!this.heldByConsumer.has(place) && !this.heldByLimit.has(place)) this.inner.resume(topic, partition);
  }
}
