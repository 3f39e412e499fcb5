import type { DataSource } from 'typeorm';
import { bucketOf } from '../murmur2.js';
import type { Transaction } from '../transaction.js';

/**
 * How many shards an outbox has: the most relays that can share one service's work. Fixed, as rows carry their shard.
 */
export const shardCount = 16;

/** A row to be inserted; its time comes from the database. */
export interface OutboxRow {
  eventId: string;
  topic: string;
  aggregateType: string;
  aggregateId: string;
  version: number;
  type: string;
  state: boolean;
  headers: Record<string, string>;
  /** Null is a tombstone. Without `occurredAt`, which the insert adds. */
  payload: Record<string, unknown> | null;
  bytes: number;
}

/** A row that waits to be sent. */
export interface WaitingRow {
  seq: string;
  shard: number;
  topic: string;
  key: string;
  state: boolean;
  headers: Record<string, string>;
  value: string | null;
  /** Age when it was read, by the database's clock. */
  waitedMs: number;
}

const insertSql = `
  insert into outbox (event_id, shard, topic, aggregatetype, aggregateid, version, type, state, headers, payload, bytes, created_at)
  select m.event_id, m.shard, m.topic, m.aggregatetype, m.aggregateid, m.version, m.type, m.state,
         m.headers || jsonb_build_object('ce_time', at.iso),
         m.payload || jsonb_build_object('occurredAt', at.iso),
         m.bytes, at.clock
  from jsonb_to_recordset($1::jsonb) as m (n integer, event_id uuid, shard smallint, topic text, aggregatetype text, aggregateid text,
         version bigint, type text, state boolean, headers jsonb, payload jsonb, bytes integer),
       (select clock, to_char(clock at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as iso from (select clock_timestamp() as clock) now) at
  order by m.n`;

const rowsPerStatement = 1000;

/** Inserts rows in order, a thousand to a statement. */
export async function insertOutbox(tx: Transaction, rows: readonly OutboxRow[]): Promise<void> {
  for (let start = 0; start < rows.length; start += rowsPerStatement) {
    const records = rows.slice(start, start + rowsPerStatement).map((row, n) => ({
      n,
      event_id: row.eventId,
      shard: bucketOf(row.aggregateId, shardCount),
      topic: row.topic,
      aggregatetype: row.aggregateType,
      aggregateid: row.aggregateId,
      version: row.version,
      type: row.type,
      state: row.state,
      headers: row.headers,
      payload: row.payload,
      bytes: row.bytes,
    }));
    await tx.query(insertSql, [JSON.stringify(records)]);
  }
}

/** The oldest waiting rows of these shards without those in flight, as many as fit in one send. */
export async function readOutbox(
  db: DataSource,
  shards: readonly number[],
  inFlight: readonly string[],
  rows: number,
  bytes: number,
): Promise<WaitingRow[]> {
  return db.query<WaitingRow[]>(
    `select seq, shard, topic, aggregateid as key, state, headers, payload::text as value,
            extract(epoch from clock_timestamp() - created_at)::float8 * 1000 as "waitedMs"
     from (select *, sum(bytes) over (order by seq) - bytes as before
           from outbox_head($1::smallint[], $4::bigint[], $2) head) fitting
     where before < $3
     order by seq`,
    [shards, rows, bytes, arrayOf(inFlight)],
  );
}

/**
 * Deletes rows that were acknowledged and remembers the last state of each aggregate among them.
 * Rows of a shard that `owner` no longer leases stay: their new owner sends them again.
 * The commit does not wait for the disk: if the database loses it, the rows are sent once more, as after any crash.
 * @returns the rows that were deleted
 */
export async function settleOutbox(
  db: DataSource,
  sent: readonly WaitingRow[],
  owner: string,
  states: boolean,
  leased: boolean,
): Promise<number> {
  const gone = `
    delete from outbox o using outbox_lease l
    where o.seq = any($1::bigint[]) and l.shard = o.shard and (l.owner = $2 or not $3::boolean)
    returning o.seq, o.topic, o.aggregateid, o.shard, o.version, o.state, o.headers, o.payload`;
  const remember = `, kept as (
    insert into outbox_sent_state (topic, aggregateid, shard, version, seq, headers, payload)
    select distinct on (topic, aggregateid) topic, aggregateid, shard, version, seq, headers, payload from gone where state order by topic, aggregateid, seq desc
    on conflict (topic, aggregateid) do update
      set version = excluded.version, seq = excluded.seq, headers = excluded.headers, payload = excluded.payload, sent_at = excluded.sent_at
      where outbox_sent_state.seq <= excluded.seq)`;
  const [answer] = await db.query<{ count: number }[]>(
    `with gone as (${gone})${states ? remember : ''} select count(*)::integer as count, set_config('synchronous_commit', 'off', true) from gone`,
    [arrayOf(sent.map(({ seq }) => seq)), owner, leased],
  );
  return answer?.count ?? 0;
}

/** Numbers in the form of a Postgres array. The client's own way searches each of them for what has to be quoted. */
function arrayOf(numbers: readonly string[]): string {
  return `{${numbers.join()}}`;
}

/** The states of these shards that were sent a short while ago, oldest first. */
export async function recentStates(db: DataSource, shards: readonly number[], memoryMs: number): Promise<WaitingRow[]> {
  return db.query<WaitingRow[]>(
    `select seq, shard, topic, aggregateid as key, true as state, headers, payload::text as value, 0 as "waitedMs"
     from outbox_sent_state
     where shard = any($1::smallint[]) and sent_at > now() - $2 * interval '1 millisecond'
     order by seq`,
    [shards, memoryMs],
  );
}

/** Forgets states that were sent longer ago than a late send can still arrive. */
export async function forgetStates(db: DataSource, shards: readonly number[], memoryMs: number): Promise<void> {
  await db.query(
    `delete from outbox_sent_state where shard = any($1::smallint[]) and sent_at < now() - $2 * interval '1 millisecond'`,
    [shards, memoryMs],
  );
}

/**
 * At most so many waiting rows are counted. Beyond it the span of their numbers is told, since a count would cost the
 * more the longer Kafka is away.
 */
const countedAtMost = 10_000;

/**
 * How much waits, and since when. Above ten thousand `waiting` is an estimate that is never too low: numbers of rows
 * that were sent in between, or rolled back, count.
 */
export async function outboxBacklog(db: DataSource): Promise<{ waiting: number; oldestSeconds: number }> {
  const [row] = await db.query<{ waiting: number; oldestSeconds: number }[]>(
    `select case when counted < $1 then counted else newest.seq - oldest.seq + 1 end::float8 as waiting, coalesce(extract(epoch from clock_timestamp() - oldest.created_at), 0)::float8 as "oldestSeconds"
       from (select count(*) as counted from (select from outbox order by seq limit $1) head) head
       left join (select seq, created_at from outbox order by seq limit 1) oldest on true
       left join (select seq from outbox order by seq desc limit 1) newest on true`,
    [countedAtMost],
  );
  return row ?? { waiting: 0, oldestSeconds: 0 };
}
