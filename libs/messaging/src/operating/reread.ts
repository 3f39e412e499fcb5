import type { DataSource } from 'typeorm';
import { contextOf, decode, type Poison, type Step } from '../consuming/decode.js';
import { behindOthers, park, parkedAmong, type Parked } from '../consuming/parking.js';
import { lockPosition } from '../consuming/positions.js';
import type { ReactionGroup } from '../consuming/reaction-group.js';
import { storable } from '../consuming/storable.js';
import { errorClassOf, isTransient } from '../consuming/transient.js';
import { heardFrom } from '../consuming/types-heard.js';
import { context } from '../context.js';
import type { KafkaClient, WireRecord } from '../kafka/port.js';
import { afterCommit, inTransaction, type Transaction, type TransactionOptions } from '../transaction.js';
import { knownGroup } from './known-group.js';
import { notReread, unknownType } from './problems.js';
import { readRange, type Range } from './range-reading.js';

/** Which events a consumer wants that it passed over before it knew what to do with them. */
export interface RereadRequest {
  readonly consumer: string;
  /** Without the installation's namespace. */
  readonly topic: string;
  readonly type: string;
  /** Only what happened from then on. */
  readonly since: Date;
}

/** What a re-read did, or would do. */
export interface RereadReport {
  readonly dryRun: boolean;
  /** Events of the type before the place from which on the consumer takes it. */
  matching: number;
  /** Of these, those that it had never taken; in a dry run those that it would be given. */
  taken: number;
  /** Of the taken, those that it refused; they wait among the parked records. */
  parked: number;
}

export interface RereadOptions {
  /** True: only counts. */
  readonly dryRun: boolean;
  /** Told after each slice; returning false ends the re-read there. */
  readonly progress?: (report: RereadReport) => Promise<boolean>;
}

interface RereadDependencies {
  readonly service: string;
  readonly db: DataSource;
  readonly kafka: KafkaClient;
  readonly groups: () => readonly ReactionGroup[];
  readonly transaction: TransactionOptions;
  /** Called after a commit that wrote events. */
  readonly wake: () => void;
}

/**
 * Gives a consumer the past of one type: what lies before the offset from which on it takes the type. Partitions are
 * read in order. Each event is taken at most once ever, since its id stays in the inbox for good.
 */
export class Reread {
  constructor(private readonly with_: RereadDependencies) {}

  /** @throws Problem unknown_consumer, unknown_type, or not_reread for a state */
  mustKnow({ consumer, topic, type }: Omit<RereadRequest, 'since'>): ReactionGroup {
    const group = knownGroup(this.with_.groups(), consumer);
    const handler = group.handlers.get(type);
    if (handler?.declaration.topic.name !== topic)
      throw unknownType({ consumer, type, topic, types: [...group.handlers.keys()].join(', ') });
    if (handler.declaration.state) throw notReread({ consumer });
    return group;
  }

  /**
   * Interrupted, it is simply called again.
   * @throws Problem as {@link mustKnow}, or what is transient
   */
  async reread(request: RereadRequest, { dryRun, progress }: RereadOptions): Promise<RereadReport> {
    const { db, kafka } = this.with_;
    const { consumer, topic, type, since } = request;
    const group = this.mustKnow(request);
    const report: RereadReport = { dryRun, matching: 0, taken: 0, parked: 0 };
    const until = await heardFrom(db, consumer, topic, type);
    const ranges = (await kafka.offsets(topic)).flatMap(({ partition, low, high }): Range[] => {
      const end = until.get(partition) ?? 0n;
      return low < end ? [{ partition, from: low, until: end < high ? end : high }] : [];
    });
    await readRange(kafka, `${consumer}.reread`, topic, ranges, async (records) => {
      const wanted = records.filter(
        ({ headers }) => headers['ce_type'] === type && new Date(headers['ce_time'] ?? '').getTime() >= since.getTime(),
      );
      if (!wanted.length) return true;
      report.matching += wanted.length;
      if (dryRun) report.taken += await this.missing(consumer, wanted);
      else await this.take(group, wanted, report);
      return !progress || (await progress(report));
    });
    return report;
  }

  /** How many of them the consumer has never taken. */
  private async missing(consumer: string, records: readonly WireRecord[]): Promise<number> {
    const ids = new Set(records.flatMap(({ headers }) => headers['ce_id'] ?? []));
    const [{ known }] = await this.with_.db.query<[{ known: number }]>(
      `select count(*)::integer as known from inbox where consumer = $1 and event_id::text = any($2)`,
      [consumer, [...ids].map((id) => id.toLowerCase())],
    );
    return ids.size - known;
  }

  /** One transaction for all of them, or one for each where one of them fails. */
  private async take(group: ReactionGroup, records: readonly WireRecord[], report: RereadReport): Promise<void> {
    const steps = records.map((record) => decode(record, group));
    try {
      await this.transaction(group, steps, report);
    } catch (error) {
      if (isTransient(error)) throw error;
      for (const step of steps) await this.single(group, step, report);
    }
  }

  private async single(group: ReactionGroup, step: Step, report: RereadReport): Promise<void> {
    try {
      await this.transaction(group, [step], report);
    } catch (error) {
      if (isTransient(error) || step.kind !== 'event') throw error;
      const { record, id } = step;
      const said = error instanceof Error ? error.message : String(error);
      const refused: Poison = { kind: 'poison', record, id, errorClass: errorClassOf(error), error: said, attempts: 1 };
      await this.transaction(group, [refused], report);
    }
  }

  private async transaction(group: ReactionGroup, steps: readonly Step[], report: RereadReport): Promise<void> {
    const { db, transaction, wake } = this.with_;
    const [first] = steps;
    if (!first) return;
    const { taken, parked } = await inTransaction(
      db,
      async (tx) => {
        const { topic, partition } = first.record;
        // The consumer waits meanwhile with all that it does in this partition. A second re-read waits, too.
        await lockPosition(tx, { consumer: group.name, topic, partition });
        const fresh = await admit(tx, group.name, steps);
        const refused = await this.dispatch(tx, group, fresh);
        if (fresh.length) afterCommit(tx, wake);
        return { taken: fresh.length, parked: refused };
      },
      transaction,
    );
    report.taken += taken;
    report.parked += parked;
  }

  /** Handles events in order; what cannot be taken, and what follows on its key, is parked. @returns how many */
  private async dispatch(tx: Transaction, group: ReactionGroup, steps: readonly Told[]): Promise<number> {
    const keys = await parkedAmong(
      tx,
      group.name,
      steps.map(({ record }) => storable(record.key)),
    );
    const parked: Parked[] = [];
    for (const step of steps) {
      const key = storable(step.record.key);
      if (step.kind === 'poison') {
        parked.push(step);
        keys.add(key);
      } else if (keys.has(key)) parked.push(behindOthers(step));
      else await context.run(contextOf(step.event), () => step.handler.call([step.event], tx));
    }
    await park(tx, this.with_.service, group.name, parked);
    return parked.length;
  }
}

type Told = Extract<Step, { id: unknown }>;

/** Enters ids into the inbox for good. @returns the steps whose ids were not there; those without an id cannot be told apart and are left out */
async function admit(tx: Transaction, consumer: string, steps: readonly Step[]): Promise<Told[]> {
  const byId = new Map(steps.flatMap((step) => ('id' in step && step.id ? [[step.id, step] as const] : [])));
  const rows = await tx.query<{ event_id: string }[]>(
    `insert into inbox (consumer, event_id, processed_at) select $1, id, 'infinity' from unnest($2::uuid[]) as i (id)
     on conflict do nothing returning event_id`,
    [consumer, [...byId.keys()]],
  );
  const fresh = new Set(rows.map(({ event_id }) => event_id));
  return [...byId].flatMap(([id, step]) => (fresh.has(id) ? [step] : []));
}
