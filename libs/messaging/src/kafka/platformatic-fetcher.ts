import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectionPool, ListOffsetTimestamps, protocolErrorsCodesById, type BaseOptions } from '@platformatic/kafka';
import type { Logger } from 'pino';
import type { Fetched, PartitionLane } from './partition-lane.js';
import { closeAll, hearErrors, requestTimeoutMs } from './platformatic-connection.js';
import type { FetchedPartition, FetchResponse, RecordConsumer } from './platformatic-requests.js';
import type { WireRecord } from './port.js';

/** How long a broker may wait for records; it answers at once when there are some. */
const maxWaitMs = 250;

/** The same while some partitions are left out, so that they soon come in again. */
const shortWaitMs = 50;

/**
 * Small enough for a process that catches up on a million events to stay below 512 MiB. A decoded record takes some ten
 * times its bytes.
 */
const maxBytes = 2_097_152;
const maxBytesPerPartition = 262_144;

/** Failures in a row after which they are worth a warning. */
const warnAfter = 5;

/** Fetches the partitions of an assignment, from each of their brokers by itself, as long as they take more. */
export class Fetcher {
  /** A request for records is answered late; it must hold up nothing else. */
  private readonly pool: ConnectionPool;
  private readonly stopping = new AbortController();
  private readonly loops = new Map<number, Promise<void>>();
  private readonly topics: string[];
  private running: Promise<void> | undefined;
  private failures = 0;
  private readonly sleepers = new Set<AbortController>();

  /**
   * @param lanes by their topics' names on the broker
   * @param arrived told when lanes may have become ready
   */
  constructor(
    private readonly consumer: RecordConsumer,
    connection: BaseOptions,
    private readonly lanes: ReadonlyMap<string, readonly PartitionLane[]>,
    private readonly arrived: () => void,
    private readonly logger?: Logger,
  ) {
    this.pool = hearErrors(
      new ConnectionPool(connection.clientId, { ...connection, requestTimeout: maxWaitMs + requestTimeoutMs }),
    );
    this.topics = [...lanes.keys()];
  }

  start(): void {
    this.running = this.run();
  }

  /** A lane takes records again. */
  wake(): void {
    this.sleepers.forEach((sleeper) => sleeper.abort());
  }

  /** Drops what is under way. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await closeAll(this.pool);
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        for (const node of (await this.lanesByLeader()).keys()) {
          if (!this.loops.has(node))
            this.loops.set(
              node,
              this.fetchFrom(node).finally(() => this.loops.delete(node)),
            );
        }
      } catch (error) {
        this.failed(error);
      }
      await this.pause(500);
    }
    await Promise.all(this.loops.values());
  }

  private async lanesByLeader(): Promise<Map<number, PartitionLane[]>> {
    const { topics } = await this.consumer.metadata({ topics: [...this.topics] });
    const led = new Map<number, PartitionLane[]>();
    for (const [topic, lanes] of this.lanes) {
      for (const lane of lanes) {
        const leader = topics.get(topic)?.partitions[lane.partition]?.leader ?? -1;
        const others = led.get(leader);
        if (others) others.push(lane);
        else led.set(leader, [lane]);
      }
    }
    return led;
  }

  private async fetchFrom(node: number): Promise<void> {
    const { signal } = this.stopping;
    for (let failures = 0; !signal.aborted;) {
      try {
        const mine = (await this.lanesByLeader()).get(node);
        if (!mine) return;
        await this.fetchOnce(
          node,
          mine.filter(({ paused }) => !paused),
        );
        failures = this.failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        this.failed(error);
        await this.pause(Math.min(50 * 2 ** failures, 2_000));
        failures += 1;
      }
    }
  }

  private async fetchOnce(node: number, lanes: readonly PartitionLane[]): Promise<void> {
    const { topics } = await this.consumer.metadata({ topics: [...this.topics] });
    const asked = new Map<string, { lane: PartitionLane; offset: bigint }>();
    const request = [...this.lanes].flatMap(([topic, ofTopic]) => {
      const id = topics.get(topic)?.id;
      if (id === undefined) return [];
      const partitions = ofTopic.flatMap((lane) => {
        const offset = lanes.includes(lane) ? lane.fetchOffset() : undefined;
        if (offset === undefined) return [];
        asked.set(`${id}/${lane.partition}`, { lane, offset });
        return [
          {
            partition: lane.partition,
            currentLeaderEpoch: -1,
            fetchOffset: offset,
            lastFetchedEpoch: -1,
            partitionMaxBytes: maxBytesPerPartition,
          },
        ];
      });
      return partitions.length ? [{ topicId: id, partitions }] : [];
    });
    if (!asked.size) {
      await this.pause(shortWaitMs);
      return;
    }
    const { response, error } = await this.fetch({
      node,
      minBytes: 1,
      maxBytes,
      maxWaitTime: asked.size === lanes.length ? maxWaitMs : shortWaitMs,
      topics: request,
      connectionPool: this.pool,
    });
    for (const { topicId, partitions } of response.responses) {
      for (const partition of partitions) {
        const found = asked.get(`${topicId}/${partition.partitionIndex}`);
        if (found && partition.errorCode === 0)
          found.lane.take(found.offset, fetchedOf(found.lane, found.offset, partition));
        else if (found && protocolErrorsCodesById[partition.errorCode] === 'OFFSET_OUT_OF_RANGE')
          await this.restart(found.lane);
      }
    }
    if (!error) for (const { lane } of asked.values()) lane.asked();
    this.arrived();
    if (error) throw error;
  }

  /** An answer may have records of some partitions and errors of others. */
  private async fetch(
    request: Parameters<RecordConsumer['fetchRecords']>[0],
  ): Promise<{ response: FetchResponse; error?: Error }> {
    try {
      return { response: await this.consumer.fetchRecords(request) };
    } catch (cause) {
      this.consumer.clearMetadata();
      const error = cause as Error & { response?: FetchResponse };
      if (!error.response) throw error;
      return { response: error.response, error };
    }
  }

  /** The offset is not there: its records were removed, or the topic was made anew. */
  private async restart(lane: PartitionLane): Promise<void> {
    const topic = this.topics.find((name) => this.lanes.get(name)?.includes(lane));
    if (!topic) return;
    const offsets = await this.consumer.listOffsets({
      topics: [topic],
      partitions: { [topic]: [lane.partition] },
      timestamp: ListOffsetTimestamps.EARLIEST,
    });
    lane.seek(offsets.get(topic)?.[lane.partition] ?? 0n);
  }

  private failed(error: unknown): void {
    this.failures += 1;
    const fields = { topics: this.topics, error: String(error), failures: this.failures };
    if (this.failures === warnAfter) this.logger?.warn(fields, 'records cannot be fetched; trying on');
    else this.logger?.debug(fields, 'a fetch failed');
  }

  private async pause(ms: number): Promise<void> {
    if (this.stopping.signal.aborted) return;
    const sleeper = new AbortController();
    this.sleepers.add(sleeper);
    await sleep(ms, undefined, { signal: sleeper.signal }).catch(() => undefined);
    this.sleepers.delete(sleeper);
  }
}

function fetchedOf(
  { topic, partition }: PartitionLane,
  from: bigint,
  { records: batches, highWatermark }: FetchedPartition,
): Fetched {
  const records: WireRecord[] = [];
  let endOffset = from;
  let bytes = 0;
  for (const { firstOffset, lastOffsetDelta, length, texts } of batches ?? []) {
    endOffset = firstOffset + BigInt(lastOffsetDelta) + 1n;
    bytes += length;
    // A batch may begin before the offset that was asked for.
    for (const text of texts) if (text.offset >= from) records.push({ topic, partition, ...text });
  }
  return { records, bytes, endOffset, highWatermark };
}
