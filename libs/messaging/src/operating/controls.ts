import type { DataSource } from 'typeorm';
import type { ConsumerControl } from '../consuming/group-consumer.js';
import { placeKey } from '../consuming/positions.js';
import type { ReactionGroup } from '../consuming/reaction-group.js';
import { forgetHeard } from '../consuming/types-heard.js';
import { context } from '../context.js';
import type { KafkaClient } from '../kafka/port.js';
import { inTransaction, type Transaction, type TransactionOptions } from '../transaction.js';
import { knownGroup } from './known-group.js';
import { recordOperation } from './operation-log.js';
import { topicNotShortened, unknownTopic } from './problems.js';

/** Who paused a consumer, when and why. */
export interface Pause {
  readonly reason: string;
  readonly actor: string | null;
  readonly at: Date;
}

/** What a resumption did. */
export interface Resumed {
  readonly wasPaused: boolean;
  /** Minutes for which everything that cannot be taken is parked. */
  readonly parksAllFor: number | null;
}

/** Where a reset moves a consumer in one partition; offsets as text. */
export interface PositionMove {
  readonly partition: number;
  readonly from: string;
  readonly to: string;
  /** The position lies beyond the topic's end. */
  readonly shortened: boolean;
}

/** What a reset does, or would do. */
export interface ResetReport {
  readonly dryRun: boolean;
  readonly partitions: readonly PositionMove[];
  /** Records between the old and the new positions, which are never handled. */
  readonly skipped: number;
  /** What to think of before doing it. */
  readonly warning: string;
}

/** Which reset is meant. */
export interface ResetRequest {
  readonly consumer: string;
  /** Without the installation's namespace. */
  readonly topic: string;
  readonly to: 'start' | 'end';
  /** Needed unless it is a dry run. */
  readonly reason?: string;
  readonly dryRun: boolean;
}

/** What operators want of each consumer, in one statement. */
export async function readControls(db: DataSource): Promise<(consumer: string) => ConsumerControl> {
  const [row] = await db.query<
    {
      paused: Record<string, string> | null;
      moved: { consumer: string; topic: string; part: number; epoch: number }[] | null;
    }[]
  >(
    `select (select json_object_agg(consumer, reason) from inbox_pause) as paused,
            (select json_agg(json_build_object('consumer', consumer, 'topic', topic, 'part', part, 'epoch', epoch)) from inbox_position where epoch > 0) as moved`,
  );
  return (consumer) => ({
    paused: row?.paused?.[consumer],
    epochs: new Map(
      (row?.moved ?? [])
        .filter((entry) => entry.consumer === consumer)
        .map(({ topic, part, epoch }) => [placeKey(topic, part), BigInt(epoch)]),
    ),
  });
}

/** Pauses, resumes and resets consumers, in whichever process they run. */
export class ConsumerControls {
  constructor(
    private readonly db: DataSource,
    private readonly kafka: KafkaClient,
    private readonly groups: () => readonly ReactionGroup[],
    private readonly options: TransactionOptions = {},
  ) {}

  /**
   * Pauses a consumer until it is resumed, also across restarts. Slices in work are waited for; none begins after this
   * returns.
   * A consumer that is paused already stays so for the reason first given.
   * @throws Problem unknown_consumer
   */
  async pause(consumer: string, reason: string): Promise<Pause> {
    knownGroup(this.groups(), consumer);
    return this.transaction(async (tx) => {
      await tx.query(
        `insert into inbox_pause (consumer, reason, actor) values ($1, $2, $3) on conflict (consumer) do nothing`,
        [consumer, reason, context.get().actor ?? null],
      );
      await lockPositions(tx, consumer);
      // Changed rows, not only locked ones: a slice that waits for the lock then reads the change.
      await tx.query(`update inbox_position set paused = true where consumer = $1`, [consumer]);
      const [pause] = await tx.query<Pause[]>(`select reason, actor, at from inbox_pause where consumer = $1`, [
        consumer,
      ]);
      if (!pause) throw new Error(`The pause of ${consumer} was not written`);
      await recordOperation(tx, { action: 'pause', consumer, reason }, pause);
      return pause;
    });
  }

  /**
   * Lets a consumer go on. Every process does within about a second.
   * @param parkForMinutes minutes for which the breaker is off: everything that cannot be taken is parked. It is for
   * wrong data, which no other version of the consumer would take either
   * @throws Problem unknown_consumer
   */
  async resume(consumer: string, reason: string | undefined, parkForMinutes?: number): Promise<Resumed> {
    knownGroup(this.groups(), consumer);
    return this.transaction(async (tx) => {
      const [, deleted] = await tx.query<[unknown, number]>(`delete from inbox_pause where consumer = $1`, [consumer]);
      await lockPositions(tx, consumer);
      // With a new epoch places are taken anew at once, also for partitions that the breaker holds.
      await tx.query(
        `update inbox_position set paused = false${parkForMinutes ? `, park_all_until = clock_timestamp() + $2 * interval '1 minute', epoch = epoch + 1` : ''} where consumer = $1`,
        parkForMinutes ? [consumer, parkForMinutes] : [consumer],
      );
      const result = { wasPaused: deleted > 0, parksAllFor: parkForMinutes ?? null };
      await recordOperation(tx, { action: 'resume', consumer, reason }, result);
      return result;
    });
  }

  /**
   * Moves a consumer in every partition of a topic: to the end after records were lost, to the start when the topic was
   * made anew.
   * Processes that read it take their places anew within about a second, and the fence refuses them until they have.
   * @throws Problem unknown_consumer, unknown_topic, topic_not_shortened (to the start, where that would repeat
   * effects)
   */
  async reset({ consumer, topic, to, reason, dryRun }: ResetRequest): Promise<ResetReport> {
    const group = knownGroup(this.groups(), consumer);
    if (!group.topics.includes(topic)) throw unknownTopic({ consumer, topic, topics: group.topics.join(', ') });
    const offsets = new Map((await this.kafka.offsets(topic)).map((each) => [each.partition, each]));
    return this.transaction(async (tx) => {
      const rows = await tx.query<{ part: number; next_offset: string }[]>(
        `select part, next_offset from inbox_position where consumer = $1 and topic = $2 order by part for update`,
        [consumer, topic],
      );
      const partitions = rows.flatMap(({ part, next_offset }): PositionMove[] => {
        const known = offsets.get(part);
        return known
          ? [
              {
                partition: part,
                from: next_offset,
                to: String(to === 'end' ? known.high : known.low),
                shortened: BigInt(next_offset) > known.high,
              },
            ]
          : [];
      });
      if (to === 'start' && !partitions.some(({ shortened }) => shortened))
        throw topicNotShortened({ consumer, topic });
      const skipped = partitions.reduce(
        (sum, move) => sum + Math.max(Number(BigInt(move.to) - BigInt(move.from)), 0),
        0,
      );
      if (!dryRun) {
        if (to === 'start') await forgetHeard(tx, consumer, topic);
        await tx.query(
          `update inbox_position p set next_offset = m.target, epoch = epoch + 1, bootstrap_until = null, moved_at = clock_timestamp()
           from jsonb_to_recordset($3::jsonb) as m (partition integer, target bigint)
           where p.consumer = $1 and p.topic = $2 and p.part = m.partition`,
          [consumer, topic, JSON.stringify(partitions.map((move) => ({ partition: move.partition, target: move.to })))],
        );
      }
      const warning =
        to === 'start'
          ? 'Right for a topic that was made anew. Where it holds the same records as before, those that were handled more than a week ago are handled again.'
          : 'Right after a loss of records. Everything between the old and the new positions is never handled; the owner can republish a state.';
      const report: ResetReport = { dryRun, partitions, skipped, warning };
      await recordOperation(tx, { action: 'reset', consumer, reason, dryRun, filter: { topic, to } }, report);
      return report;
    });
  }

  private transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return inTransaction(this.db, work, this.options);
  }
}

/** Waits for the slices in work; in one order, so that two operations do not block each other. */
async function lockPositions(tx: Transaction, consumer: string): Promise<void> {
  await tx.query(`select 1 from inbox_position where consumer = $1 order by topic, part for update`, [consumer]);
}
