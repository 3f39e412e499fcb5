import type { DataSource } from 'typeorm';
import type { Queryable } from '../operating/operation-log.js';
import type { Origin } from './positions.js';
import type { ReactionGroup } from './reaction-group.js';

/**
 * Notes from which offset on the group takes each type, where that is not noted yet. A type that is new in a topic
 * counts from where the group stands. In a topic that is new it counts from where the group begins. What was taken
 * before anything was noted counts from the first record.
 * @param origins places that were entered just now
 */
export async function noteHeard(db: DataSource, group: ReactionGroup, origins: readonly Origin[]): Promise<void> {
  const types = [...group.handlers].map(([type, { declaration }]) => ({ type, topic: declaration.topic.name }));
  const entered = JSON.stringify(
    origins.map(({ topic, partition, offset }) => ({ topic, part: partition, start: offset.toString() })),
  );
  // offsets of another cluster mean nothing
  if (origins.length)
    await db.query(
      `delete from inbox_heard h using jsonb_to_recordset($2::jsonb) as o (topic text, part integer)
       where h.consumer = $1 and h.topic = o.topic and h.part = o.part`,
      [group.name, entered],
    );
  await db.query(
    `insert into inbox_heard (consumer, topic, part, type, from_offset)
     select p.consumer, p.topic, p.part, t.type, case
       when exists (select from inbox_heard h where h.consumer = p.consumer and h.topic = p.topic and h.part = p.part) then p.next_offset
       else coalesce(o.start, 0) end
     from inbox_position p
       join jsonb_to_recordset($2::jsonb) as t (type text, topic text) on t.topic = p.topic
       left join jsonb_to_recordset($3::jsonb) as o (topic text, part integer, start bigint) on o.topic = p.topic and o.part = p.part
     where p.consumer = $1 on conflict do nothing`,
    [group.name, JSON.stringify(types), entered],
  );
}

/** Forgets it for a topic whose offsets begin anew. */
export async function forgetHeard(db: Queryable, consumer: string, topic: string): Promise<void> {
  await db.query(`delete from inbox_heard where consumer = $1 and topic = $2`, [consumer, topic]);
}

/** By partition, the offset from which on the consumer has taken the type. */
export async function heardFrom(
  db: Queryable,
  consumer: string,
  topic: string,
  type: string,
): Promise<Map<number, bigint>> {
  const rows = await db.query<{ part: number; from_offset: string }[]>(
    `select part, from_offset from inbox_heard where consumer = $1 and topic = $2 and type = $3`,
    [consumer, topic, type],
  );
  return new Map(rows.map(({ part, from_offset }) => [part, BigInt(from_offset)]));
}
