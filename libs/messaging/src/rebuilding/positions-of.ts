import { placeKey } from '../consuming/positions.js';
import type { Transaction } from '../transaction.js';

/** Positions of consumers by group and partition (`topic/partition`). */
export type GroupPositions = ReadonlyMap<string, ReadonlyMap<string, bigint>>;

interface PositionRow {
  consumer: string;
  topic: string;
  part: number;
  next_offset: string;
}

/**
 * Where these groups stand on this cluster. `lock` keeps each of them where it is until the transaction ends: live
 * consumers then wait between two slices.
 */
export async function positionsOf(
  tx: Pick<Transaction, 'query'>,
  groups: readonly string[],
  clusterId: string,
  lock = false,
): Promise<GroupPositions> {
  const rows = await tx.query<PositionRow[]>(
    `select consumer, topic, part, next_offset from inbox_position where consumer = any($1) and topic_id = $2
      order by consumer, topic, part ${lock ? 'for update' : ''}`,
    [groups, clusterId],
  );
  const positions = new Map<string, Map<string, bigint>>(groups.map((group) => [group, new Map()]));
  for (const { consumer, topic, part, next_offset } of rows)
    positions.get(consumer)?.set(placeKey(topic, part), BigInt(next_offset));
  return positions;
}

/** A record that an operator settled otherwise than the topic has it. */
export interface SettledRecord {
  consumer: string;
  topic: string;
  part: number;
  msg_offset: string;
  /** Its event id: offsets are those of one cluster. Null where it has none. */
  id: string | null;
  /** The value that it was given. Null leaves it out: it was given up, or a later state has replaced it. */
  value: Buffer | null;
}

/**
 * The records of these groups that were given up, and those that were repaired and then replayed: topics do not tell of
 * either.
 */
export function settledOf(tx: Pick<Transaction, 'query'>, groups: readonly string[]): Promise<SettledRecord[]> {
  return tx.query<SettledRecord[]>(
    `select consumer, topic, part, msg_offset, headers ->> 'ce_id' as id, value from inbox_parked
      where consumer = any($1) and (status = 'discarded' or status = 'replayed' and repaired_at is not null)`,
    [groups],
  );
}
