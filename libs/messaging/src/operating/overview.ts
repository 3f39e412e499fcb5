import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import type { ConsumerStrategy } from '../consuming/consumer-strategy.js';
import type { HeldReason } from '../consuming/holds.js';
import { placeKey } from '../consuming/positions.js';
import type { ReactionGroup } from '../consuming/reaction-group.js';
import type { KafkaClient, PartitionOffsets } from '../kafka/port.js';
import { outboxBacklog } from '../producing/outbox.js';
import type { Pause } from './controls.js';

/** How long the brokers may take to tell the ends of the topics before the answer does without them. */
const offsetsWithinMs = 5_000;

/** A consumer in one partition; offsets as text, since they may exceed what a number holds. */
export interface PartitionStatus {
  readonly topic: string;
  readonly partition: number;
  /** Everything below is done. */
  readonly position: string;
  /** Offset of the next record that will be written; null when the brokers do not answer. */
  readonly end: string | null;
  /** Records to be taken yet; null when the brokers do not answer. */
  readonly lag: number | null;
  /** When the position last moved; null when it has not since that is noted. */
  readonly movedAt: Date | null;
  /** Why it is not read: known of the process that answers and, for `operator` and `shortened`, of every process. */
  readonly held: HeldReason | null;
}

/** A consumer group of this service. */
export interface ConsumerStatus {
  readonly consumer: string;
  /** False for a name that no reactions bear any more. */
  readonly declared: boolean;
  readonly paused: Pause | null;
  readonly lag: number | null;
  /** Records set aside, and how many keys they block. */
  readonly parked: { readonly records: number; readonly keys: number };
  readonly partitions: readonly PartitionStatus[];
}

/** What of this service's events is not with Kafka yet, and who sends it. */
export interface OutboxStatus {
  readonly waiting: number;
  readonly oldestSeconds: number;
  /** Relays by the shards that they hold; null holds what nobody does. */
  readonly leases: readonly {
    readonly owner: string | null;
    readonly shards: readonly number[];
    readonly expiresAt: Date | null;
  }[];
}

interface PositionRow {
  consumer: string;
  topic: string;
  part: number;
  next_offset: string;
  paused: boolean;
  moved_at: Date | null;
}

/** Where everything stands. */
export class BusOverview {
  constructor(
    private readonly db: DataSource,
    private readonly kafka: KafkaClient,
    private readonly groups: () => readonly ReactionGroup[],
    private readonly strategy: ConsumerStrategy,
  ) {}

  /** Every consumer group that is declared or has left traces, by name. */
  async consumers(): Promise<ConsumerStatus[]> {
    const [positions, parked, pauses] = await Promise.all([
      this.db.query<PositionRow[]>(
        `select consumer, topic, part, next_offset, paused, moved_at from inbox_position order by topic, part`,
      ),
      this.db.query<{ consumer: string; records: number; keys: number }[]>(
        `select consumer, count(*)::integer as records, count(distinct msg_key)::integer as keys from inbox_parked where status = 'parked' group by consumer`,
      ),
      this.db.query<(Pause & { consumer: string })[]>(`select consumer, reason, actor, at from inbox_pause`),
    ]);
    const groups = new Map(this.groups().map((group) => [group.name, group]));
    const ends = await this.ends([...new Set([...groups.values()].flatMap((group) => group.topics))]);
    const names = [
      ...new Set([...groups.keys(), ...positions.map((row) => row.consumer), ...parked.map((row) => row.consumer)]),
    ].sort();
    return names.map((consumer): ConsumerStatus => {
      const partitions = positions.filter((row) => row.consumer === consumer).map((row) => this.partition(row, ends));
      const counts = parked.find((row) => row.consumer === consumer);
      const pause = pauses.find((row) => row.consumer === consumer);
      return {
        consumer,
        declared: groups.has(consumer),
        partitions,
        paused: pause ? { reason: pause.reason, actor: pause.actor, at: pause.at } : null,
        lag: partitions.some(({ lag }) => lag === null)
          ? null
          : partitions.reduce((sum, { lag }) => sum + (lag ?? 0), 0),
        parked: { records: counts?.records ?? 0, keys: counts?.keys ?? 0 },
      };
    });
  }

  async outbox(): Promise<OutboxStatus> {
    const [backlog, leases] = await Promise.all([
      outboxBacklog(this.db),
      this.db.query<{ owner: string | null; shards: number[]; expiresAt: Date | null }[]>(
        `select owner, array_agg(shard order by shard) as shards, nullif(min(expires_at), '-infinity') as "expiresAt" from outbox_lease group by owner order by owner`,
      ),
    ]);
    return { ...backlog, leases };
  }

  /** How many events wait to be sent; counted up to `most`. */
  async waitingUpTo(most: number): Promise<number> {
    const [row] = await this.db.query<{ waiting: number }[]>(
      `select count(*)::integer as waiting from (select from outbox limit $1) head`,
      [most],
    );
    return row?.waiting ?? 0;
  }

  private partition(
    { consumer, topic, part, next_offset, paused, moved_at }: PositionRow,
    ends: ReadonlyMap<string, PartitionOffsets>,
  ): PartitionStatus {
    const end = ends.get(placeKey(topic, part))?.high;
    const position = BigInt(next_offset);
    const shortened = end !== undefined && position > end;
    const held = this.strategy.running.find(({ group }) => group.name === consumer)?.heldReason(topic, part);
    return {
      topic,
      partition: part,
      position: next_offset,
      movedAt: moved_at,
      end: end?.toString() ?? null,
      lag: end === undefined ? null : Number(shortened ? 0n : end - position),
      held: paused ? 'operator' : shortened ? 'shortened' : (held ?? null),
    };
  }

  /** Ends of all partitions; none when the brokers do not answer in time. */
  private async ends(topics: readonly string[]): Promise<Map<string, PartitionOffsets>> {
    const ends = new Map<string, PartitionOffsets>();
    const tooLate = new AbortController();
    const read = Promise.all(
      topics.map(async (topic) =>
        (await this.kafka.offsets(topic)).forEach((each) => ends.set(placeKey(topic, each.partition), each)),
      ),
    );
    await Promise.race([
      read.catch(() => undefined),
      sleep(offsetsWithinMs, undefined, { signal: tooLate.signal }).catch(() => undefined),
    ]);
    tooLate.abort();
    return new Map(ends);
  }
}
