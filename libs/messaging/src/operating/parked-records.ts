import { createHash } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { contradictionIn, decode, repeatedIn } from '../consuming/decode.js';
import type { ReactionGroup } from '../consuming/reaction-group.js';
import { maxValueBytes } from '../envelope.js';
import { inTransaction, type Transaction, type TransactionOptions } from '../transaction.js';
import { knownGroup } from './known-group.js';
import { recordOperation, type Queryable } from './operation-log.js';
import { matching, valuesOf, type ParkedFilter } from './parked-filter.js';
import { parkedColumns, recordOf, type ParkedRow } from './parked-row.js';
import {
  recordOfAnother,
  recordSettled,
  repairContradicts,
  repairRefused,
  unknownConsumer,
  unknownRecord,
} from './problems.js';

/** The value of a parked record, as JSON where it is, else as base64. */
export type RecordValue =
  | { readonly encoding: 'json'; readonly value: unknown }
  | { readonly encoding: 'base64'; readonly value: string }
  | { readonly encoding: 'none'; readonly value: null };

/** What was parked for one reason. */
export interface ErrorSummary {
  readonly consumer: string;
  readonly errorClass: string;
  readonly records: number;
  readonly keys: number;
  readonly oldestAt: Date;
  /** One of them, to begin with: the oldest. */
  readonly firstId: string;
  readonly firstError: string;
}

/** What waits under one key. */
export interface KeySummary {
  readonly consumer: string;
  readonly key: string;
  readonly records: number;
  readonly oldestAt: Date;
  /** The record that all others of the key wait for. */
  readonly firstId: string;
  readonly errorClass: string;
}

/** What waits, by error and, the keys with most records first, by key. */
export interface ParkedSummary {
  readonly records: number;
  readonly byError: readonly ErrorSummary[];
  readonly byKey: readonly KeySummary[];
}

/** What a repair changed: hashes (SHA-256) of the value before and after, since values may hold personal data. */
export interface RepairReport {
  readonly id: string;
  readonly before: string | null;
  readonly after: string;
}

interface ValueRow extends ParkedRow {
  consumer: string;
  status: string;
}

const keysTold = 50;

/** Looks at parked records, mends them and gives them up. */
export class ParkedRecords {
  constructor(
    private readonly db: DataSource,
    private readonly groups: () => readonly ReactionGroup[],
    private readonly options: TransactionOptions = {},
  ) {}

  /**
   * What waits, of one consumer or of all. @throws Problem unknown_consumer when nothing is known of a consumer of this
   * name, today's or an earlier one
   */
  async summary(consumer?: string): Promise<ParkedSummary> {
    if (consumer !== undefined && !this.groups().some(({ name }) => name === consumer)) {
      const known = await this.db.query<unknown[]>(
        `select from inbox_position where consumer = $1 union all select from inbox_parked where consumer = $1 limit 1`,
        [consumer],
      );
      if (!known.length) throw unknownConsumer({ consumer });
    }
    const values = [consumer ?? null];
    const waiting = `from inbox_parked where status = 'parked' and ($1::text is null or consumer = $1)`;
    const [byError, byKey] = await Promise.all([
      this.db.query<ErrorSummary[]>(
        `select consumer, error_class as "errorClass", count(*)::integer as records, count(distinct msg_key)::integer as keys, min(parked_at) as "oldestAt",
                min(n)::text as "firstId", (array_agg(error order by n))[1] as "firstError"
         ${waiting} group by consumer, error_class order by records desc, consumer, error_class`,
        values,
      ),
      this.db.query<KeySummary[]>(
        `select consumer, msg_key as key, count(*)::integer as records, min(parked_at) as "oldestAt", min(n)::text as "firstId", (array_agg(error_class order by n))[1] as "errorClass"
         ${waiting} group by consumer, msg_key order by records desc, min(n) limit ${keysTold}`,
        values,
      ),
    ]);
    return { records: byError.reduce((sum, { records }) => sum + records, 0), byError, byKey };
  }

  /**
   * A record's value; that it was read is accounted for. @throws Problem unknown_record, record_settled (nobody needs
   * to see it any more)
   */
  async value(id: string): Promise<RecordValue> {
    return this.transaction(async (tx) => {
      const { consumer, value } = await this.row(tx, id);
      const shown = shownValue(value);
      await recordOperation(
        tx,
        { action: 'read-value', consumer, filter: { id } },
        { encoding: shown.encoding, bytes: value?.length ?? 0 },
      );
      return shown;
    });
  }

  /**
   * Gives a waiting record another value. The envelope's fields may be left out of it; with the value the consumer must
   * be able to take the record.
   * @throws Problem unknown_record, record_settled, unknown_consumer, repair_contradicts_headers, repair_refused
   */
  async repair(id: string, value: Readonly<Record<string, unknown>>, reason: string): Promise<RepairReport> {
    return this.transaction(async (tx) => {
      const row = await this.row(tx, id);
      const group = knownGroup(this.groups(), row.consumer);
      const missing = ['ce_type', 'ce_id'].find((name) => !row.headers[name]);
      if (missing)
        throw repairRefused({
          errorClass: 'undecodable',
          error: `The record has no ${missing} header, which no value mends`,
        });
      const mended = Buffer.from(JSON.stringify({ ...value, ...agreed(row, value, group) }), 'utf8');
      if (mended.length > maxValueBytes)
        throw repairRefused({ errorClass: 'too_large', error: `${mended.length} bytes; at most ${maxValueBytes} fit` });
      const step = decode(recordOf(row, mended), group);
      if (step.kind === 'poison') throw repairRefused({ errorClass: step.errorClass, error: step.error });
      await tx.query(`update inbox_parked set value = $2, repaired_at = clock_timestamp() where n = $1`, [id, mended]);
      const report = { id, before: hashOf(row.value), after: hashOf(mended) ?? '' };
      await recordOperation(tx, { action: 'repair', consumer: row.consumer, reason, filter: { id } }, report);
      return report;
    });
  }

  /**
   * Checks that a record named by its number waits for this consumer. Without a number it checks nothing.
   * @throws Problem unknown_record, record_of_another_consumer, record_settled
   */
  async mustWait(db: Queryable, { consumer, id }: Pick<ParkedFilter, 'consumer' | 'id'>): Promise<void> {
    if (id === undefined) return;
    const [row] = await db.query<{ consumer: string; status: string }[]>(
      `select consumer, status from inbox_parked where n = $1`,
      [id],
    );
    if (!row) throw unknownRecord({ id });
    if (row.consumer !== consumer) throw recordOfAnother({ id, consumer: row.consumer });
    if (row.status !== 'parked') throw recordSettled({ id, status: row.status });
  }

  /**
   * Gives matching records up for good; what waits behind them can then be replayed.
   * @returns how many it are
   * @throws Problem unknown_record, record_of_another_consumer, record_settled
   */
  async skip(
    filter: ParkedFilter,
    reason: string | undefined,
    dryRun: boolean,
  ): Promise<{ dryRun: boolean; records: number; keys: number }> {
    return this.transaction(async (tx) => {
      await this.mustWait(tx, filter);
      // As the consumer does before it looks which keys are parked.
      await tx.query(
        `select 1 from inbox_position where (consumer, topic, part) in (select consumer, topic, part from inbox_parked where ${matching}) order by topic, part for update`,
        valuesOf(filter),
      );
      const [found] = await tx.query<{ records: number; keys: number }[]>(
        `select count(*)::integer as records, count(distinct msg_key)::integer as keys from inbox_parked where ${matching}`,
        valuesOf(filter),
      );
      const report = { dryRun, records: found?.records ?? 0, keys: found?.keys ?? 0 };
      if (!dryRun)
        await tx.query(
          `update inbox_parked set status = 'discarded', value = null, settled_at = clock_timestamp() where ${matching}`,
          valuesOf(filter),
        );
      await recordOperation(tx, { action: 'skip', consumer: filter.consumer, reason, dryRun, filter }, report);
      return report;
    });
  }

  private async row(tx: Transaction, id: string): Promise<ValueRow> {
    const [row] = await tx.query<ValueRow[]>(
      `select consumer, status, ${parkedColumns} from inbox_parked where n = $1 for update`,
      [id],
    );
    if (!row) throw unknownRecord({ id });
    if (row.status !== 'parked') throw recordSettled({ id, status: row.status });
    return row;
  }

  private transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return inTransaction(this.db, work, this.options);
  }
}

function shownValue(value: Buffer | null): RecordValue {
  if (!value) return { encoding: 'none', value: null };
  try {
    return { encoding: 'json', value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(value)) as unknown };
  } catch {
    return { encoding: 'base64', value: value.toString('base64') };
  }
}

/** What a repaired value must repeat. @throws Problem repair_contradicts_headers */
function agreed(
  { headers, msg_key }: ValueRow,
  given: Readonly<Record<string, unknown>>,
  group: ReactionGroup,
): Record<string, unknown> {
  const repeated = repeatedIn({ headers, key: msg_key }, group.handlers.get(headers['ce_type'] ?? '')?.declaration);
  const contradiction = contradictionIn(given, repeated);
  if (contradiction) throw repairContradicts(contradiction);
  return repeated;
}

function hashOf(value: Buffer | null): string | null {
  return value ? createHash('sha256').update(value).digest('hex') : null;
}
