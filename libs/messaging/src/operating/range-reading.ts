import { newId } from '../ids.js';
import type { KafkaClient, WireRecord } from '../kafka/port.js';

/** A stretch of a partition; `until` is not part of it. */
export interface Range {
  readonly partition: number;
  readonly from: bigint;
  readonly until: bigint;
}

const sliceRecords = 200;

/**
 * Reads stretches of a topic once, in a group of its own that nobody else belongs to.
 * @param take given records of one partition, in order; false ends the reading
 * @throws what `take` throws, or why the client cannot read
 */
export async function readRange(
  kafka: KafkaClient,
  name: string,
  topic: string,
  ranges: readonly Range[],
  take: (records: readonly WireRecord[]) => Promise<boolean>,
): Promise<void> {
  if (!ranges.length) return;
  const open = new Map(ranges.map((range) => [range.partition, range]));
  const ended = Promise.withResolvers<void>();
  let over = false;
  const end = (error?: unknown): void => {
    over = true;
    if (error === undefined) ended.resolve();
    else ended.reject(error instanceof Error ? error : new Error(String(error)));
  };
  const reader = kafka.reader({
    group: `${name}-${newId()}`,
    topics: [topic],
    partitionsConcurrently: 1,
    sessionTimeoutMs: 30_000,
    heartbeatMs: 3_000,
  });
  try {
    await reader.start({
      // A reader that leaves no offsets begins where the group does: at the first record kept.
      joined: (assignment) => {
        for (const partition of assignment.get(topic) ?? []) {
          const range = open.get(partition);
          if (range) reader.seek(topic, partition, range.from);
          else reader.pause(topic, partition);
        }
      },
      batch: async ({ partition, records, endOffset, resolve, heartbeat }) => {
        const range = open.get(partition);
        if (over || !range) return;
        const within = records.filter(({ offset }) => offset >= range.from && offset < range.until);
        try {
          for (let n = 0; n < within.length && !over; n += sliceRecords) {
            if (!(await take(within.slice(n, n + sliceRecords)))) end();
            await heartbeat();
          }
        } catch (error) {
          end(error);
          return;
        }
        resolve(endOffset);
        if (endOffset < range.until) open.set(partition, { ...range, from: endOffset });
        else {
          open.delete(partition);
          reader.pause(topic, partition);
        }
        if (!open.size) end();
      },
      crashed: (error, restarting) => (restarting ? undefined : end(error)),
    });
    await ended.promise;
  } finally {
    await reader.stop();
  }
}
