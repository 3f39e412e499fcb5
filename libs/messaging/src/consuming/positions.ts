import pg from 'pg';
import type { DataSource } from 'typeorm';
import type { PartitionOffsets } from '../kafka/port.js';
import type { Transaction } from '../transaction.js';
import { replayedAsMended } from './parking.js';

/** Which partition of which topic a consumer stands in. */
export interface Place {
  readonly consumer: string;
  readonly topic: string;
  readonly partition: number;
  /**
   * The epoch of the position when the consumer took its place here. Without it pauses and resets are not heeded, as in
   * a replay.
   */
  readonly epoch?: bigint;
}

/** Where a consumer stands in a partition. */
export interface Position {
  readonly next: bigint;
  /**
   * Raised by every reset, and by all else after which a consumer has to take its places anew. A process that took its
   * place before goes no further.
   */
  readonly epoch: bigint;
}

/** An operator paused the consumer: no slice begins. */
export class ConsumerPaused extends Error {
  override readonly name = 'ConsumerPaused';
}

/** An operator moved the consumer's position; the place has to be taken anew. */
export class PositionMoved extends Error {
  override readonly name = 'PositionMoved';
}

/**
 * The database has forgotten what it had acknowledged: it was restored, or failed over to a copy that lagged behind.
 * The place has to be taken anew, or the forgotten records would never be read again.
 */
export class PositionTakenBack extends Error {
  override readonly name = 'PositionTakenBack';
}

/** Where to begin in a partition that has no position yet. */
export interface Origin {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  /** A state partition of a new consumer: facts wait until it was read up to here. */
  readonly bootstrapUntil: bigint | null;
}

/**
 * Positions of a consumer in the database, which alone decides what was done; Kafka's committed offsets are for lag
 * tools.
 */
export async function readPositions(
  db: DataSource,
  consumer: string,
  clusterId: string,
): Promise<Map<string, Position>> {
  const rows = await db.query<{ topic: string; part: number; next_offset: string; epoch: string }[]>(
    `select topic, part, next_offset, epoch from inbox_position where consumer = $1 and topic_id = $2`,
    [consumer, clusterId],
  );
  return new Map(
    rows.map(({ topic, part, next_offset, epoch }) => [
      placeKey(topic, part),
      { next: BigInt(next_offset), epoch: BigInt(epoch) },
    ]),
  );
}

/** Enters positions that are missing, or that belong to another cluster and so mean nothing. */
export async function enterPositions(
  db: DataSource,
  consumer: string,
  clusterId: string,
  origins: readonly Origin[],
): Promise<void> {
  if (!origins.length) return;
  await db.query(
    `insert into inbox_position (consumer, topic, part, topic_id, next_offset, bootstrap_until, paused)
     select $1, o.topic, o.part, $2, o.next_offset, o.bootstrap_until, exists (select from inbox_pause where consumer = $1)
     from jsonb_to_recordset($3::jsonb) as o (topic text, part integer, next_offset bigint, bootstrap_until bigint)
     on conflict (consumer, topic, part) do update
       set topic_id = excluded.topic_id, next_offset = excluded.next_offset, bootstrap_until = excluded.bootstrap_until
       where inbox_position.topic_id <> excluded.topic_id`,
    [
      consumer,
      clusterId,
      JSON.stringify(
        origins.map(({ topic, partition, offset, bootstrapUntil }) => ({
          topic,
          part: partition,
          next_offset: offset.toString(),
          bootstrap_until: bootstrapUntil?.toString() ?? null,
        })),
      ),
    ],
  );
}

/** Whether state partitions of a new consumer are still being read for the first time, in any process. */
export async function isBootstrapping(db: DataSource, consumer: string): Promise<boolean> {
  const rows = await db.query<unknown[]>(
    `select 1 from inbox_position where consumer = $1 and next_offset < bootstrap_until limit 1`,
    [consumer],
  );
  return rows.length > 0;
}

/**
 * The fence: locks the position until the transaction ends. A late owner of the partition sees that it is behind.
 * @throws ConsumerPaused, PositionMoved or PositionTakenBack, for a place with an epoch
 */
export async function lockPosition(tx: Transaction, place: Place): Promise<bigint> {
  return positionIn(await tx.query<unknown[]>(lockPositionSql(place)), place);
}

/** {@link lockPosition} as SQL without parameters, to go along with the start of a transaction. */
export function lockPositionSql({ consumer, topic, partition }: Place): string {
  return `select next_offset, epoch, paused from inbox_position where consumer = ${pg.escapeLiteral(consumer)} and topic = ${pg.escapeLiteral(topic)} and part = ${partition} for update`;
}

/**
 * The position that {@link lockPositionSql} answered.
 * @throws ConsumerPaused, PositionMoved or PositionTakenBack, for a place with an epoch
 */
export function positionIn(answer: readonly unknown[], { consumer, topic, partition, epoch }: Place): bigint {
  const [row] = answer as { next_offset: string; epoch: string; paused: boolean }[];
  if (!row) {
    const missing = `${consumer} has no position in ${topic}/${partition}`;
    // A consumer that took a place had a position there. Only a database that was set back has lost it.
    throw epoch === undefined ? new Error(missing) : new PositionTakenBack(missing);
  }
  if (epoch !== undefined && row.paused) throw new ConsumerPaused(`${consumer} is paused`);
  if (epoch !== undefined && BigInt(row.epoch) !== epoch)
    throw new PositionMoved(`${consumer} was moved in ${topic}/${partition}`);
  return BigInt(row.next_offset);
}

/** Moves the position on, never back. */
export async function advance(tx: Transaction | DataSource, place: Place, next: bigint): Promise<void> {
  await tx.query(advanceSql(place, next));
}

/** {@link advance} as SQL without parameters, to go along with a commit. */
export function advanceSql({ consumer, topic, partition }: Place, next: bigint): string {
  return `update inbox_position set next_offset = ${next}, moved_at = clock_timestamp()
    where consumer = ${pg.escapeLiteral(consumer)} and topic = ${pg.escapeLiteral(topic)} and part = ${partition} and next_offset < ${next}`;
}

/** What a transaction of a slice begins with. */
export interface Admission {
  /** Event ids of the slice, each with its last offset there. */
  readonly ids: ReadonlyMap<string, bigint>;
  /** Its keys, as Postgres can hold them. */
  readonly keys: readonly string[];
  /** Whether the topic holds state. */
  readonly state: boolean;
  /** Whether the position is locked and compared; false in tests only. */
  readonly fence: boolean;
}

/** What {@link admittedIn} says of a slice. */
export interface Admitted {
  readonly position: bigint;
  /** Ids at or after the position that were never handled; they are in the inbox now. */
  readonly fresh: Set<string>;
  /** Keys that have something parked. */
  readonly parkedKeys: Set<string>;
  /** Keys whose state was replayed with the value of a repair, which is kept until a later state is taken. */
  readonly mendedKeys: Set<string>;
  /**
   * An operator said that the data is wrong, not the consumer: everything that cannot be taken is parked, however much
   * it is.
   */
  readonly parksAll: boolean;
}

/**
 * Locks the position and enters the ids of a slice that lie at or after it into the inbox. It is SQL without
 * parameters, to go along with the start of a transaction. It takes two statements, because what is parked has to be
 * read with a snapshot from after the lock.
 */
export function admitSql(place: Place, { ids, keys, state, fence }: Admission): string {
  const consumer = pg.escapeLiteral(place.consumer);
  const among = `array[${keys.map((key) => pg.escapeLiteral(key)).join()}]::text[]`;
  const keysWhere = (condition: string): string =>
    `(select array_agg(distinct msg_key) from inbox_parked where consumer = ${consumer} and ${condition} and msg_key = any(${among}))`;
  const here = `consumer = ${consumer} and topic = ${pg.escapeLiteral(place.topic)} and part = ${place.partition}`;
  return `${fence ? `${lockPositionSql(place)}; ` : ''}with fresh as (
      insert into inbox (consumer, event_id)
      select ${consumer}, id from unnest('{${[...ids.keys()].join()}}'::uuid[], '{${[...ids.values()].join()}}'::bigint[]) as slice (id, at)
      ${fence ? `where at >= (select next_offset from inbox_position where ${here})` : ''} on conflict do nothing returning event_id)
    select next_offset, epoch, paused, coalesce(park_all_until > clock_timestamp(), false) as parks_all, (select string_agg(event_id::text, ',') from fresh) as fresh,
      ${keysWhere(`status = 'parked'`)} as keys${state ? `, ${keysWhere(replayedAsMended)} as mended` : ''}
    from inbox_position where ${here}`;
}

/**
 * What {@link admitSql} answered.
 * @throws ConsumerPaused or PositionMoved
 */
export function admittedIn(answer: readonly unknown[], place: Place, { fence }: Admission): Admitted {
  const [row] = answer as {
    fresh: string | null;
    keys: string[] | null;
    mended?: string[] | null;
    parks_all: boolean;
  }[];
  return {
    position: fence ? positionIn(answer, place) : 0n,
    fresh: new Set(row?.fresh?.split(',')),
    parkedKeys: new Set(row?.keys),
    mendedKeys: new Set(row?.mended),
    parksAll: row?.parks_all ?? false,
  };
}

/** Takes back ids of a slice that ended before their turn came. */
export async function withdraw(tx: Transaction, consumer: string, ids: readonly string[]): Promise<void> {
  if (ids.length)
    await tx.query(`delete from inbox where consumer = $1 and event_id = any($2::uuid[])`, [consumer, ids]);
}

/**
 * Deletes inbox rows, a few thousand to a statement. They are so old that no duplicate on the wire can still arrive. It
 * does not use `clock_timestamp()`, which is volatile, so that no index would be searched.
 */
export async function pruneInbox(db: DataSource, keepMs: number): Promise<number> {
  const [, deleted] = await db.query<[unknown, number]>(
    `delete from inbox where ctid = any(array(select ctid from inbox where processed_at < now() - $1 * interval '1 millisecond' limit 5000))`,
    [keepMs],
  );
  return deleted;
}

/** Key of a partition in a map. */
export function placeKey(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}

/**
 * Where a consumer begins that was never here. State is read from the first record kept, and so are facts, unless the
 * consumer wants only news.
 */
export function originsOf(
  topic: string,
  offsets: readonly PartitionOffsets[],
  isState: boolean,
  fromNow: boolean,
): Origin[] {
  return offsets.map(({ partition, low, high }) => ({
    topic,
    partition,
    offset: fromNow && !isState ? high : low,
    bootstrapUntil: isState && low < high ? high : null,
  }));
}
