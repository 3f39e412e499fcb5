import { deadLetterTopic } from '@quen/events';
import { context } from '../context.js';
import { headersOf } from '../envelope.js';
import { newId } from '../ids.js';
import type { WireRecord } from '../kafka/port.js';
import { insertOutbox, type OutboxRow } from '../producing/outbox.js';
import type { Transaction } from '../transaction.js';
import type { Place } from './positions.js';
import { storable } from './storable.js';

/** A record to be set aside. */
export interface Parked {
  readonly record: WireRecord;
  readonly id: string | undefined;
  readonly errorClass: string;
  readonly error: string;
  readonly attempts: number;
}

/** Class of records that are fine but wait behind a parked one of their key. */
export const behind = 'behind';

/** A record that is fine, as it is parked behind another of its key. */
export function behindOthers({ record, id }: Pick<Parked, 'record' | 'id'>): Parked {
  return { record, id, errorClass: behind, error: 'Waits behind a parked record of its key', attempts: 0 };
}

/** Which of the keys have something parked. */
export async function parkedAmong(tx: Transaction, consumer: string, keys: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ msg_key: string }[]>(
    `select distinct msg_key from inbox_parked where consumer = $1 and status = 'parked' and msg_key = any($2)`,
    [consumer, keys],
  );
  return new Set(rows.map(({ msg_key }) => msg_key));
}

/** SQL over `inbox_parked`: the record was replayed with the value of a repair, and that value is still kept. */
export const replayedAsMended = `status = 'replayed' and value is not null`;

/**
 * Sets records aside, in order, and publishes a dead letter for each: where it is, its headers and the error, never its
 * value.
 */
export async function park(
  tx: Transaction,
  service: string,
  consumer: string,
  parked: readonly Parked[],
): Promise<void> {
  if (!parked.length) return;
  await tx.query(
    `insert into inbox_parked (consumer, msg_key, topic, part, msg_offset, headers, value, error_class, error, attempts)
     select $1, p.msg_key, p.topic, p.part, p.msg_offset, p.headers, decode(p.value, 'base64'), p.error_class, p.error, p.attempts
     from jsonb_to_recordset($2::jsonb) as p (n integer, msg_key text, topic text, part integer, msg_offset bigint, headers jsonb, value text, error_class text, error text, attempts integer)
     order by p.n`,
    [
      consumer,
      JSON.stringify(
        storable(
          parked.map(({ record, errorClass, error, attempts }, n) => ({
            n,
            msg_key: record.key,
            topic: record.topic,
            part: record.partition,
            msg_offset: record.offset.toString(),
            headers: record.headers,
            value: record.value?.toString('base64') ?? null,
            error_class: errorClass,
            error: error.slice(0, 2000),
            attempts,
          })),
        ),
      ),
    ],
  );
  await insertOutbox(
    tx,
    parked.map((item) => deadLetter(service, consumer, item)),
  );
}

function deadLetter(service: string, consumer: string, { record, id, errorClass, error, attempts }: Parked): OutboxRow {
  const eventId = newId();
  const aggregateId = storable(record.key) || eventId;
  const type = `crm.${service}.record-parked.v1`;
  const payload = storable({
    consumer,
    topic: record.topic,
    partition: record.partition,
    offset: record.offset.toString(),
    key: record.key,
    parkedEventId: id ?? null,
    headers: record.headers,
    errorClass,
    error: error.slice(0, 500),
    attempts,
    eventId,
    aggregateId,
    aggregateVersion: 0,
  }) as Record<string, unknown>;
  const headers = headersOf(
    { type, dataClass: 'none' },
    { id: eventId, service, aggregateId, version: 0 },
    context.get(),
  );
  return {
    eventId,
    topic: deadLetterTopic(service).name,
    aggregateType: 'dlq',
    aggregateId,
    version: 0,
    type,
    state: false,
    headers,
    payload,
    bytes: JSON.stringify(payload).length + JSON.stringify(headers).length,
  };
}

/**
 * Forgets the values with which states of these keys were repaired. A later version was taken, so a rebuild does not
 * need them any more, and they may be personal.
 * @param taken the highest version taken of each key
 */
export async function forgetMended(
  tx: Transaction,
  { consumer, topic }: Pick<Place, 'consumer' | 'topic'>,
  taken: ReadonlyMap<string, number>,
): Promise<void> {
  if (!taken.size) return;
  await tx.query(
    `update inbox_parked p set value = null from unnest($3::text[], $4::bigint[]) as taken (key, version)
      where p.consumer = $1 and p.topic = $2 and p.msg_key = taken.key and (p.headers ->> 'ce_sequence')::numeric < taken.version and ${replayedAsMended}`,
    [consumer, topic, [...taken.keys()], [...taken.values()]],
  );
}

/** How many records of each consumer wait for a repair. */
export async function countParked(tx: Pick<Transaction, 'query'>, consumer: string): Promise<number> {
  const [row] = await tx.query<{ count: number }[]>(
    `select count(*)::integer as count from inbox_parked where consumer = $1 and status = 'parked'`,
    [consumer],
  );
  return row?.count ?? 0;
}
