import type { WireRecord } from '../kafka/port.js';

/** What the table of parked records keeps of a record as it was read. */
export interface ParkedRow {
  msg_key: string;
  topic: string;
  part: number;
  msg_offset: string;
  headers: Record<string, string>;
  value: Buffer | null;
}

/** Columns of {@link ParkedRow}. */
export const parkedColumns = 'msg_key, topic, part, msg_offset, headers, value';

/** The record again, as the consumer would read it; with another value where it was repaired. */
export function recordOf(row: ParkedRow, value = row.value): WireRecord {
  return {
    topic: row.topic,
    partition: row.part,
    offset: BigInt(row.msg_offset),
    key: row.msg_key,
    headers: row.headers,
    value,
  };
}
