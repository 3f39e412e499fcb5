import type { DataSource } from 'typeorm';
import { context } from '../context.js';
import { newId } from '../ids.js';
import { defineProblem } from '../problem.js';
import { inTransaction, type Transaction } from '../transaction.js';
import { contextOf, decode } from './decode.js';
import { lockPosition } from './positions.js';
import type { ReactionGroup } from './reaction-group.js';
import { errorClassOf } from './transient.js';

/** Which parked records are meant; everything given must hold. */
export interface ParkedFilter {
  consumer: string;
  key?: string;
  parkedSince?: Date;
  parkedUntil?: Date;
  errorClass?: string;
}

export interface ReplayOptions {
  /** True: only say what would be done. */
  dryRun: boolean;
}

/** What a replay did, or would do. */
export interface ReplayReport {
  id: string;
  dryRun: boolean;
  keys: number;
  /** Parked records of those keys, those that wait behind others included. */
  records: number;
  replayed: number;
  /** One for each key that stopped. */
  failures: { key: string; topic: string; partition: number; offset: string; errorClass: string; error: string }[];
}

/** No group of this name has reactions in this service. */
export const unknownConsumer = defineProblem('not_found', 'unknown_consumer', {
  en: 'No consumer {consumer} exists in this service.',
  vi: 'Dịch vụ này không có bộ tiếp nhận {consumer}.',
});

interface ParkedRow {
  n: string;
  msg_key: string;
  topic: string;
  part: number;
  msg_offset: string;
  headers: Record<string, string>;
  value: Buffer | null;
}

const matching = `consumer = $1 and status = 'parked' and ($2::text is null or msg_key = $2)
  and ($3::timestamptz is null or parked_at >= $3) and ($4::timestamptz is null or parked_at <= $4) and ($5::text is null or error_class = $5)`;

/** Takes parked records up again after the consumer or the data was mended, and keeps an account of who did so. */
export class Replay {
  constructor(
    private readonly db: DataSource,
    private readonly groups: () => readonly ReactionGroup[],
    private readonly begin?: (tx: Transaction) => Promise<void>,
  ) {}

  /**
   * Replays every key that has a matching record: all its parked records in order, one transaction each, up to its first failure.
   * New records of such a key wait behind until the last one is through.
   */
  async replay(filter: ParkedFilter, options: ReplayOptions): Promise<ReplayReport> {
    const group = this.groups().find(({ name }) => name === filter.consumer);
    if (!group) throw unknownConsumer({ consumer: filter.consumer });
    const keys = await this.db.query<{ msg_key: string; records: number }[]>(
      `select msg_key, count(*)::integer as records from inbox_parked
       where consumer = $1 and status = 'parked' and msg_key in (select msg_key from inbox_parked where ${matching})
       group by msg_key order by min(n)`, valuesOf(filter));
    const report: ReplayReport = { id: newId(), dryRun: options.dryRun, keys: keys.length, records: keys.reduce((sum, { records }) => sum + records, 0), replayed: 0, failures: [] };
    if (!options.dryRun) for (const { msg_key } of keys) await this.replayKey(group, msg_key, report);
    await this.account('replay', filter, report);
    return report;
  }

  /** Gives matching records up for good; what waits behind them can then be replayed. */
  async discard(filter: ParkedFilter, options: ReplayOptions): Promise<{ id: string; dryRun: boolean; records: number }> {
    return inTransaction(this.db, async (tx) => {
      const [found] = await tx.query<{ count: number }[]>(`select count(*)::integer as count from inbox_parked where ${matching}`, valuesOf(filter));
      const report = { id: newId(), dryRun: options.dryRun, records: found?.count ?? 0 };
      if (!options.dryRun) await tx.query(`update inbox_parked set status = 'discarded', value = null, settled_at = clock_timestamp() where ${matching}`, valuesOf(filter));
      await this.account('discard', filter, report, tx);
      return report;
    }, { begin: this.begin });
  }

  private async replayKey(group: ReactionGroup, key: string, report: ReplayReport): Promise<void> {
    for (let row = await this.first(group.name, key); row; row = await this.first(group.name, key)) {
      const current = row;
      try {
        await inTransaction(this.db, (tx) => this.replayRow(tx, group, current), { begin: this.begin });
        report.replayed += 1;
      } catch (error) {
        const failure = { errorClass: errorClassOf(error), error: error instanceof Error ? error.message : String(error) };
        await this.db.query(`update inbox_parked set attempts = attempts + 1, error_class = $3, error = $4 where consumer = $1 and msg_key = $2 and n = $5`,
          [group.name, key, failure.errorClass, failure.error.replaceAll('\0', '').slice(0, 2000), current.n]);
        report.failures.push({ key, topic: current.topic, partition: current.part, offset: current.msg_offset, ...failure });
        return;
      }
    }
  }

  private async first(consumer: string, key: string): Promise<ParkedRow | undefined> {
    const [row] = await this.db.query<ParkedRow[]>(
      `select n, msg_key, topic, part, msg_offset, headers, value from inbox_parked where consumer = $1 and msg_key = $2 and status = 'parked' order by n limit 1`, [consumer, key]);
    return row;
  }

  private async replayRow(tx: Transaction, group: ReactionGroup, row: ParkedRow): Promise<void> {
    // The consumer takes the same lock before it looks which keys are parked, so no record slips in behind the last one unseen.
    await lockPosition(tx, { consumer: group.name, topic: row.topic, partition: row.part });
    const [, settled] = await tx.query<[unknown, number]>(
      `update inbox_parked set status = 'replayed', value = null, settled_at = clock_timestamp() where consumer = $1 and msg_key = $2 and n = $3 and status = 'parked'`,
      [group.name, row.msg_key, row.n]);
    if (!settled) return;
    const step = decode({ topic: row.topic, partition: row.part, offset: BigInt(row.msg_offset), key: row.msg_key, headers: row.headers, value: row.value }, group);
    if (step.kind === 'poison') throw Object.assign(new Error(step.error), { name: step.errorClass });
    if (step.kind === 'event') await context.run(contextOf(step.event), () => step.handler.call([step.event], tx));
  }

  private async account(action: 'replay' | 'discard', filter: ParkedFilter, report: { id: string; dryRun: boolean }, tx: Pick<Transaction, 'query'> = this.db): Promise<void> {
    await tx.query(`insert into inbox_replay (id, actor, action, dry_run, filter, result) values ($1, $2, $3, $4, $5, $6)`,
      [report.id, context.get().actor ?? null, action, report.dryRun, JSON.stringify(filter), JSON.stringify(report)]);
  }
}

function valuesOf({ consumer, key, parkedSince, parkedUntil, errorClass }: ParkedFilter): unknown[] {
  return [consumer, key ?? null, parkedSince ?? null, parkedUntil ?? null, errorClass ?? null];
}
