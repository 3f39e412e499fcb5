import type { DataSource } from 'typeorm';
import { contextOf, decode } from '../consuming/decode.js';
import { forgetMended } from '../consuming/parking.js';
import { lockPosition } from '../consuming/positions.js';
import type { ReactionGroup } from '../consuming/reaction-group.js';
import { storable } from '../consuming/storable.js';
import { errorClassOf, isTransient } from '../consuming/transient.js';
import { context } from '../context.js';
import { inTransaction, type Transaction, type TransactionOptions } from '../transaction.js';
import { knownGroup } from './known-group.js';
import { matching, valuesOf, type ParkedFilter } from './parked-filter.js';
import { parkedColumns, recordOf, type ParkedRow } from './parked-row.js';

/** The first failures are told one by one, all are counted. */
const failuresTold = 100;
/** A dry run tries at most so many records of a key, all in one transaction. It says nothing of those behind them. */
const recordsTried = 200;

/** A key that stopped, and at which record. */
export interface ReplayFailure {
  readonly id: string;
  readonly key: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly errorClass: string;
  readonly error: string;
}

/** What a replay did, or would do. */
export interface ReplayReport {
  readonly dryRun: boolean;
  /** Keys with a matching record. */
  readonly keys: number;
  /** Parked records of those keys when it began, those that wait behind others included. */
  readonly records: number;
  /** Records that are through; in a dry run those whose handlers succeeded before it was all undone. */
  replayed: number;
  /** Keys that stopped at a record which still cannot be taken. */
  failedKeys: number;
  /** The first hundred of them. */
  readonly failures: ReplayFailure[];
}

export interface ReplayOptions {
  /** True: the handlers run, and everything they did is undone. */
  readonly dryRun: boolean;
  /** Told after each key; returning false ends the replay there. */
  readonly progress?: (report: ReplayReport) => Promise<boolean>;
}

interface WaitingRow extends ParkedRow {
  n: string;
}

/** Everything of a dry run is undone by this. */
class Undo extends Error {}

/** Takes parked records up again after the consumer or the data was mended. */
export class Replay {
  constructor(
    private readonly db: DataSource,
    private readonly groups: () => readonly ReactionGroup[],
    private readonly options: TransactionOptions = {},
  ) {}

  /** @throws Problem unknown_consumer when this service has no such consumer */
  mustKnow(consumer: string): ReactionGroup {
    return knownGroup(this.groups(), consumer);
  }

  /**
   * Replays every key that has a matching record: all its parked records in order, one transaction each, up to its
   * first failure.
   * New records of such a key wait behind until the last one is through. Interrupted, it is simply called again.
   * @throws Problem unknown_consumer, or what is transient
   */
  async replay(filter: ParkedFilter, { dryRun, progress }: ReplayOptions): Promise<ReplayReport> {
    const group = this.mustKnow(filter.consumer);
    const keys = await this.db.query<{ msg_key: string; records: number }[]>(
      `select msg_key, count(*)::integer as records from inbox_parked
       where consumer = $1 and status = 'parked' and msg_key in (select msg_key from inbox_parked where ${matching})
       group by msg_key order by min(n)`,
      valuesOf(filter),
    );
    const report: ReplayReport = {
      dryRun,
      keys: keys.length,
      records: keys.reduce((sum, { records }) => sum + records, 0),
      replayed: 0,
      failedKeys: 0,
      failures: [],
    };
    for (const { msg_key } of keys) {
      const failure = dryRun ? await this.tryKey(group, msg_key, report) : await this.replayKey(group, msg_key, report);
      if (failure) {
        report.failedKeys += 1;
        if (report.failures.length < failuresTold) report.failures.push(failure);
      }
      if (progress && !(await progress(report))) break;
    }
    return report;
  }

  private async replayKey(group: ReactionGroup, key: string, report: ReplayReport): Promise<ReplayFailure | undefined> {
    for (
      let [row] = await this.rows(this.db, group.name, key, 1);
      row;
      [row] = await this.rows(this.db, group.name, key, 1)
    ) {
      const current = row;
      try {
        await inTransaction(this.db, (tx) => this.replayRow(tx, group, current), this.options);
        report.replayed += 1;
      } catch (error) {
        if (isTransient(error)) throw error;
        const failure = failureOf(current, error);
        await this.db.query(
          `update inbox_parked set attempts = attempts + 1, error_class = $2, error = $3 where n = $1`,
          [current.n, failure.errorClass, failure.error.slice(0, 2000)],
        );
        return failure;
      }
    }
    return undefined;
  }

  /** The same in one transaction that never commits. */
  private async tryKey(group: ReactionGroup, key: string, report: ReplayReport): Promise<ReplayFailure | undefined> {
    let failed: ReplayFailure | undefined;
    let passed = 0;
    try {
      await inTransaction(
        this.db,
        async (tx) => {
          for (const row of await this.rows(tx, group.name, key, recordsTried)) {
            try {
              await this.replayRow(tx, group, row);
            } catch (error) {
              if (!isTransient(error)) failed = failureOf(row, error);
              throw error;
            }
            passed += 1;
          }
          throw new Undo();
        },
        this.options,
      );
    } catch (error) {
      if (!failed && !(error instanceof Undo)) throw error;
    }
    report.replayed += passed;
    return failed;
  }

  private rows(db: Pick<Transaction, 'query'>, consumer: string, key: string, limit: number): Promise<WaitingRow[]> {
    return db.query<WaitingRow[]>(
      `select n, ${parkedColumns} from inbox_parked where consumer = $1 and msg_key = $2 and status = 'parked' order by n limit $3`,
      [consumer, key, limit],
    );
  }

  private async replayRow(tx: Transaction, group: ReactionGroup, row: WaitingRow): Promise<void> {
    // The consumer takes the same lock before it looks which keys are parked. So no record is parked behind the last
    // one unseen.
    await lockPosition(tx, { consumer: group.name, topic: row.topic, partition: row.part });
    const [, settled] = await tx.query<[unknown, number]>(
      // A rebuild reads a repaired value instead of what the topic has.
      `update inbox_parked set status = 'replayed', value = case when repaired_at is null then null else value end, settled_at = clock_timestamp() where n = $1 and status = 'parked'`,
      [row.n],
    );
    if (!settled) return;
    const step = decode(recordOf(row), group);
    if (step.kind === 'poison') throw Object.assign(new Error(step.error), { name: step.errorClass });
    if (step.kind !== 'event') return;
    await context.run(contextOf(step.event), () => step.handler.call([step.event], tx));
    if (step.handler.declaration.state)
      await forgetMended(tx, { consumer: group.name, topic: row.topic }, new Map([[row.msg_key, step.event.version]]));
  }
}

function failureOf({ n, msg_key, topic, part, msg_offset }: WaitingRow, error: unknown): ReplayFailure {
  return {
    id: n,
    key: msg_key,
    topic,
    partition: part,
    offset: msg_offset,
    errorClass: errorClassOf(error),
    error: storable(error instanceof Error ? error.message : String(error)),
  };
}
