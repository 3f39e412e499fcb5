import { setTimeout as sleep } from 'node:timers/promises';
import { GroupConsumer, type GroupDependencies } from '../consuming/group-consumer.js';
import type { ReactionGroup } from '../consuming/reaction-group.js';
import { LimitedClient, recordKey } from './limited-client.js';
import { positionsOf, type GroupPositions, type SettledRecord } from './positions-of.js';

const measureMs = 1_000;

/** A topic whose first records are gone, so that no store can be made from it. */
export interface LostHistory {
  topic: string;
  partition: number;
  firstOffset: string;
}

/**
 * Reads groups' topics from the first offset with the groups' own handlers into the database of this process, never
 * further than it is told to.
 */
export class ShadowReading {
  private readers: { consumer: GroupConsumer; client: LimitedClient }[] = [];
  private ending: AbortController | undefined;
  private measuring: Promise<void> = Promise.resolve();

  constructor(
    private readonly groups: () => readonly ReactionGroup[],
    private readonly with_: GroupDependencies,
  ) {}

  /** Names of the groups that have reactions here. */
  names(): string[] {
    return this.groups().map(({ name }) => name);
  }

  clusterId(): Promise<string> {
    return this.with_.kafka.clusterId();
  }

  /**
   * Partitions of these groups' facts whose first offset is no longer 0. State topics are compacted and still hold
   * everything there is.
   */
  async lostHistory(names: readonly string[]): Promise<LostHistory[]> {
    const facts = this.wanted(names).flatMap((group) => group.topics.filter((topic) => !group.stateTopics.has(topic)));
    const lost: LostHistory[] = [];
    for (const topic of new Set(facts)) {
      for (const { partition, low } of await this.with_.kafka.offsets(topic))
        if (low > 0n) lost.push({ topic, partition, firstOffset: low.toString() });
    }
    return lost;
  }

  /**
   * Begins to read, with nothing allowed yet beyond `limits`. `id` makes the group ids at Kafka its own; `settled` are
   * taken as they were settled.
   */
  begin(id: string, names: readonly string[], limits: GroupPositions, settled: readonly SettledRecord[]): void {
    const ending = (this.ending = new AbortController());
    this.readers = this.wanted(names).map((group) => {
      const own = settled.filter(({ consumer }) => consumer === group.name);
      const client = new LimitedClient(
        this.with_.kafka,
        `.rebuild-${id}`,
        new Map(
          own.map(({ topic, part, msg_offset, id, value }) => [
            recordKey(topic, part, BigInt(msg_offset), id ?? ''),
            value,
          ]),
        ),
      );
      return { client, consumer: new GroupConsumer(group, { ...this.with_, kafka: client }) };
    });
    this.allow(limits);
    this.readers.forEach(({ consumer }) => consumer.start());
    this.measuring = this.measure(ending.signal);
  }

  /** Lets reading go on up to these positions. */
  allow(limits: GroupPositions): void {
    for (const { client, consumer } of this.readers) client.limit(limits.get(consumer.group.name) ?? new Map());
  }

  /** How many offsets are done, and how many there are up to these positions. */
  async progress(upTo: GroupPositions): Promise<{ done: bigint; total: bigint }> {
    const positions = await positionsOf(this.with_.db, [...upTo.keys()], await this.clusterId());
    let [done, total] = [0n, 0n];
    for (const { client, consumer } of this.readers) {
      for (const [place, end] of upTo.get(consumer.group.name) ?? []) {
        const [read, passed] = [positions.get(consumer.group.name)?.get(place) ?? 0n, client.passed(place)];
        const reached = read > passed ? read : passed;
        total += end;
        done += reached < end ? reached : end;
      }
    }
    return { done, total };
  }

  /** What keeps it from going on, in words; empty when all is well. */
  problems(): string[] {
    return this.readers.flatMap(({ consumer }) => {
      const { ready, live } = consumer.problems();
      const breaker = consumer.held('breaker');
      return [
        ...ready,
        ...live,
        ...(breaker ? [`${consumer.group.name} refuses too many records in ${breaker} partitions`] : []),
      ];
    });
  }

  /** Finishes what is in work and leaves the groups. */
  async stop(): Promise<void> {
    this.ending?.abort();
    await Promise.all(this.readers.map(({ consumer }) => consumer.stop()));
    await this.measuring;
    this.readers = [];
  }

  /** Finds partitions whose last offsets were compacted away, as a consumer does. */
  private async measure(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await sleep(measureMs, undefined, { signal }).catch(() => undefined);
      for (const { consumer } of signal.aborted ? [] : this.readers) {
        await consumer
          .measure()
          .catch((error: unknown) =>
            this.with_.logger?.warn(
              { group: consumer.group.name, error: String(error) },
              'the lag of a rebuild cannot be measured',
            ),
          );
      }
    }
  }

  private wanted(names: readonly string[]): ReactionGroup[] {
    return this.groups().filter(({ name }) => names.includes(name));
  }
}
