import { setTimeout as sleep } from 'node:timers/promises';
import { ListOffsetTimestamps, type BaseOptions, type GroupAssignment } from '@platformatic/kafka';
import type { Logger } from 'pino';
import { PartitionLane } from './partition-lane.js';
import { calm, closeAll } from './platformatic-connection.js';
import { Fetcher } from './platformatic-fetcher.js';
import { GroupMember, type CommittedOffset } from './platformatic-group.js';
import { RecordConsumer } from './platformatic-requests.js';
import type { GroupListener, GroupReader, GroupReaderOptions } from './port.js';

/** How often what is done is told to the broker; for lag tools only. */
const commitEveryMs = 500;

/** Failures in a row after which a reader counts as crashed, though it tries on. */
const crashAfter = 3;

/** A connection to the brokers with a membership in the group. */
interface Link {
  readonly consumer: RecordConsumer;
  readonly member: GroupMember;
}

/**
 * A member of a consumer group on @platformatic/kafka. Beats by itself, fetches ahead, and works on each partition
 * apart from the others. When the group gives new partitions out, it waits for batches in work before it joins again.
 */
export class PlatformaticGroupReader implements GroupReader {
  private readonly topics: string[];
  private readonly ending = new AbortController();
  private readonly inWork = new Map<string, Promise<void>>();
  private readonly waiting = new Set<PartitionLane>();
  private lanes = new Map<string, PartitionLane>();
  private fetcher: Fetcher | undefined;
  private listener: GroupListener | undefined;
  private running: Promise<void> | undefined;
  private link: Link | undefined;
  private stopping = false;
  private failures = 0;

  constructor(
    private readonly connection: BaseOptions,
    private readonly prefix: string,
    private readonly options: GroupReaderOptions,
    private readonly logger?: Logger,
  ) {
    this.topics = options.topics.map((topic) => prefix + topic);
  }

  async start(listener: GroupListener): Promise<void> {
    this.listener = listener;
    const link = this.connect();
    try {
      await link.consumer.metadata({ topics: [...this.topics] });
    } catch (error) {
      await this.disconnect(link);
      throw error;
    }
    this.running = this.run(link);
  }

  fetches(topic: string, partition: number): number {
    return this.lane(topic, partition)?.fetchesInVain ?? 0;
  }

  seek(topic: string, partition: number, offset: bigint): void {
    this.lane(topic, partition)?.seek(offset);
    this.fetcher?.wake();
  }

  pause(topic: string, partition: number): void {
    const lane = this.lane(topic, partition);
    if (lane) lane.paused = true;
  }

  resume(topic: string, partition: number): void {
    const lane = this.lane(topic, partition);
    if (!lane) return;
    lane.paused = false;
    this.fetcher?.wake();
    this.deliver();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.lanes.forEach((lane) => lane.end());
    await this.idle();
    this.ending.abort();
    // A request to join may be held by the broker for as long as others take.
    const joining = this.link && this.lanes.size === 0 ? closeAll(this.link.member.joining) : undefined;
    await Promise.all([joining, this.running]);
  }

  private lane(topic: string, partition: number): PartitionLane | undefined {
    return this.lanes.get(`${topic}/${partition}`);
  }

  private connect(): Link {
    // Tried again here, with everything else, and not by the library.
    const connection = { ...this.connection, retries: 0 };
    const group = this.prefix + this.options.group;
    const consumer = calm(new RecordConsumer({ ...connection, groupId: group }));
    consumer.topics.trackAll(...this.topics);
    this.link = {
      consumer,
      member: new GroupMember(consumer, connection, group, this.topics, this.options, this.link?.member),
    };
    return this.link;
  }

  private async disconnect({ consumer, member }: Link): Promise<void> {
    await closeAll(consumer, member.joining);
  }

  /** Connects anew after each failure, until it is stopped. */
  private async run(first: Link): Promise<void> {
    const { signal } = this.ending;
    for (let link = first; ; link = this.connect()) {
      try {
        while (!this.stopping) await this.serve(link);
      } catch (error) {
        if (!signal.aborted) this.failed(error);
      }
      if (this.stopping)
        await link.member
          .leave()
          .catch((error: unknown) =>
            this.logger?.debug(
              { group: this.options.group, error: String(error) },
              'the group was not left; it notices by itself',
            ),
          );
      await this.disconnect(link);
      await sleep(Math.min(100 * 2 ** this.failures, 2_000), undefined, { signal }).catch(() => undefined);
      if (this.stopping) return;
    }
  }

  private failed(error: unknown): void {
    this.failures += 1;
    if (this.failures % crashAfter === 0)
      this.listener?.crashed(error instanceof Error ? error : new Error(String(error)), true);
    else
      this.logger?.debug(
        { group: this.options.group, error: String(error) },
        'the membership in the group was lost; joining anew',
      );
  }

  /** Joins, and reads until the group gives its partitions out anew. */
  private async serve({ consumer, member }: Link): Promise<void> {
    const assignment = await member.join(this.ending.signal);
    const lanes = await this.place(assignment, consumer, member);
    this.lanes = new Map([...lanes.values()].flat().map((lane) => [`${lane.topic}/${lane.partition}`, lane]));
    this.failures = 0;
    this.listener?.joined(
      new Map(
        [...lanes].map(([topic, ofTopic]) => [
          topic.slice(this.prefix.length),
          ofTopic.map(({ partition }) => partition),
        ]),
      ),
    );
    const fetcher = new Fetcher(consumer, this.connection, lanes, () => this.deliver(), this.logger);
    this.fetcher = fetcher;
    fetcher.start();
    try {
      await this.stay(member);
    } finally {
      this.lanes.forEach((lane) => lane.end());
      // No beats while it waits, so that it has to be back before its session ends.
      await Promise.all([fetcher.stop(), this.idle(this.options.sessionTimeoutMs * 0.6)]);
      await this.flush(member);
      this.lanes.forEach((lane) => lane.revoke());
      this.lanes = new Map();
      this.waiting.clear();
    }
  }

  /**
   * Partitions begin where the group stands, or else with their first record. A listener that knows better moves them
   * when it is told.
   */
  private async place(
    assignment: readonly GroupAssignment[],
    consumer: RecordConsumer,
    member: GroupMember,
  ): Promise<Map<string, PartitionLane[]>> {
    const known = assignment.filter(({ topic }) => this.topics.includes(topic));
    const committed = new Map(
      (await member.committed(known)).map(({ topic, partition, offset }) => [`${topic}/${partition}`, offset]),
    );
    const fresh = known.filter(({ topic, partitions }) =>
      partitions.some((partition) => !committed.has(`${topic}/${partition}`)),
    );
    const first = fresh.length
      ? await consumer.listOffsets({
          topics: fresh.map(({ topic }) => topic),
          timestamp: ListOffsetTimestamps.EARLIEST,
        })
      : new Map<string, bigint[]>();
    return new Map(
      known.map(({ topic, partitions }) => [
        topic,
        partitions.map(
          (partition) =>
            new PartitionLane(
              topic.slice(this.prefix.length),
              partition,
              committed.get(`${topic}/${partition}`) ?? first.get(topic)?.[partition] ?? 0n,
            ),
        ),
      ]),
    );
  }

  /** Beats until the group wants to be joined again, or this reader stops. */
  private async stay(member: GroupMember): Promise<void> {
    const { heartbeatMs, sessionTimeoutMs } = this.options;
    const { signal } = this.ending;
    let heard = performance.now();
    for (let due = heard + heartbeatMs; !signal.aborted;) {
      await sleep(Math.min(commitEveryMs, heartbeatMs), undefined, { signal }).catch(() => undefined);
      void this.flush(member);
      if (performance.now() < due) continue;
      due = performance.now() + heartbeatMs;
      try {
        if (!(await member.heartbeat())) return;
        heard = performance.now();
      } catch (error) {
        if (performance.now() - heard > sessionTimeoutMs) throw error;
      }
    }
  }

  private async flush(member: GroupMember): Promise<void> {
    const offsets: CommittedOffset[] = [];
    for (const lane of this.lanes.values()) {
      const offset = lane.takeCommit();
      if (offset !== undefined) offsets.push({ topic: this.prefix + lane.topic, partition: lane.partition, offset });
    }
    if (!offsets.length) return;
    await member
      .commit(offsets)
      .catch((error: unknown) =>
        this.logger?.debug({ group: this.options.group, error: String(error) }, 'offsets were not committed'),
      );
  }

  /** Gives lanes that have something to as many workers as there may be, in the order in which they became ready. */
  private deliver(): void {
    for (const lane of this.lanes.values()) if (lane.ready) this.waiting.add(lane);
    for (const lane of this.waiting) {
      if (this.stopping || this.inWork.size >= this.options.partitionsConcurrently) return;
      const key = `${lane.topic}/${lane.partition}`;
      // The same partition may have come back while a batch of before is still in work.
      if (this.inWork.has(key)) continue;
      this.waiting.delete(lane);
      if (lane.ready) this.inWork.set(key, this.work(lane, key));
    }
  }

  private async work(lane: PartitionLane, key: string): Promise<void> {
    try {
      await lane.work(this.listener!);
    } catch (error) {
      this.logger?.debug(
        { group: this.options.group, topic: lane.topic, partition: lane.partition, error: String(error) },
        'a batch ended with an error; it is read again',
      );
    }
    this.inWork.delete(key);
    this.fetcher?.wake();
    this.deliver();
  }

  /** Waits until no batch is in work. */
  private async idle(limitMs?: number): Promise<void> {
    const limit = new AbortController();
    const done = (async () => {
      while (this.inWork.size) await Promise.all(this.inWork.values());
    })();
    await Promise.race([
      done,
      ...(limitMs === undefined ? [] : [sleep(limitMs, undefined, { signal: limit.signal }).catch(() => undefined)]),
    ]);
    limit.abort();
  }
}
