import type { GroupListener, GroupReader, KafkaClient, PartitionBatch, WireRecord } from '../kafka/port.js';
import { LimitedClient, recordKey } from './limited-client.js';

const topic = 'crm.lab.counter.v1';

/** A client with one reader, to which the test hands batches. */
class Lab {
  listener!: GroupListener;
  readonly paused = new Set<number>();
  readonly seen: { offsets: bigint[]; end: bigint; values: (string | undefined)[] }[] = [];
  resolved: bigint[] = [];

  client(settled: ReadonlyMap<string, Buffer | null> = new Map()): LimitedClient {
    const reader: GroupReader = {
      start: (listener) => {
        this.listener = listener;
        return Promise.resolve();
      },
      fetches: () => 0,
      seek: () => undefined,
      stop: () => Promise.resolve(),
      pause: (_topic, partition) => void this.paused.add(partition),
      resume: (_topic, partition) => void this.paused.delete(partition),
    };
    return new LimitedClient(
      {
        reader: () => reader,
        offsets: () => Promise.resolve([{ partition: 0, low: 0n, high: 90n }]),
      } as unknown as KafkaClient,
      '.again',
      settled,
    );
  }

  async read(client: LimitedClient): Promise<GroupReader> {
    const reader = client.reader({
      group: 'crm.lab.counters',
      topics: [topic],
      partitionsConcurrently: 1,
      sessionTimeoutMs: 1,
      heartbeatMs: 1,
    });
    await reader.start({
      joined: () => undefined,
      crashed: () => undefined,
      batch: (batch) => {
        this.seen.push({
          offsets: batch.records.map(({ offset }) => offset),
          end: batch.endOffset,
          values: batch.records.map(({ value }) => value?.toString()),
        });
        return Promise.resolve();
      },
    });
    return reader;
  }

  hand(offsets: bigint[], endOffset: bigint): Promise<void> {
    const records = offsets.map((offset): WireRecord => ({
      topic,
      partition: 0,
      offset,
      key: 'k',
      headers: { ce_id: `event ${offset}` },
      value: Buffer.from('as sent'),
    }));
    return this.listener.batch({
      topic,
      partition: 0,
      records,
      endOffset,
      highWatermark: 90n,
      resolve: (offset) => void this.resolved.push(offset),
      commit: () => Promise.reject(new Error('offsets are left at the broker')),
      heartbeat: () => Promise.resolve(),
      current: () => true,
    } satisfies PartitionBatch);
  }
}

const to = (offset: bigint) => new Map([[`${topic}/0`, offset]]);

it('hands over what lies below the limit, then waits until the limit rises', async () => {
  const lab = new Lab(),
    client = lab.client();
  client.limit(to(3n));
  await lab.read(client);
  await lab.hand([0n, 1n, 2n, 3n, 4n], 5n);
  expect(lab.seen).toMatchObject([{ offsets: [0n, 1n, 2n], end: 3n }]);
  expect([...lab.paused]).toEqual([0]);
  client.limit(to(2n));
  expect([...lab.paused]).toEqual([0]);
  client.limit(to(5n));
  expect([...lab.paused]).toEqual([]);
  expect(await client.offsets(topic)).toEqual([{ partition: 0, low: 0n, high: 5n }]);
});

it('does not go on while the consumer itself holds the partition', async () => {
  const lab = new Lab(),
    client = lab.client();
  const reader = await lab.read(client);
  await lab.hand([0n], 1n);
  reader.pause(topic, 0);
  client.limit(to(9n));
  expect([...lab.paused]).toEqual([0]);
  reader.resume(topic, 0);
  expect([...lab.paused]).toEqual([]);
});

it('knows that it passed offsets of which compaction left nothing below the limit', async () => {
  const lab = new Lab(),
    client = lab.client();
  client.limit(to(10n));
  await lab.read(client);
  await lab.hand([12n, 13n], 14n);
  expect([lab.seen.length, client.passed(`${topic}/0`)]).toEqual([0, 10n]);
});

it('takes settled records as they were settled, and only those', async () => {
  const lab = new Lab(),
    client = lab.client(
      new Map([
        [recordKey(topic, 0, 1n, 'event 1'), null],
        [recordKey(topic, 0, 2n, 'event 2'), Buffer.from('as repaired')],
        [recordKey(topic, 0, 3n, "another cluster's"), null],
      ]),
    );
  client.limit(to(9n));
  await lab.read(client);
  await lab.hand([0n, 1n, 2n, 3n], 4n);
  expect(lab.seen).toEqual([{ offsets: [0n, 2n, 3n], end: 4n, values: ['as sent', 'as repaired', 'as sent'] }]);
});
