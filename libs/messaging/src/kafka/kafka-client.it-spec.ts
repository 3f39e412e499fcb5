import { randomBytes } from 'node:crypto';
import { Admin, ConfigResourceTypes, IncrementalAlterConfigOperationTypes } from '@platformatic/kafka';
import { eventually } from '@quen/testing';
import { newId } from '../ids.js';
import { bucketOf } from '../murmur2.js';
import { kafkaClients } from '../settings.js';
import { goldenPartitions } from '../testing/golden-partitions.js';
import { required } from '../testing/lab.js';
import { done, keyOf, taking, Wire, type Reading } from '../testing/wire.js';
import type { OutgoingRecord, PartitionBatch, WireRecord } from './port.js';

const namespace = `wire_${randomBytes(4).toString('hex')}.`;
const brokers = required('KAFKA_BROKERS').split(',');
const record = (topic: string, key: string, value: string | null, headers = {}): OutgoingRecord => ({
  topic,
  key,
  value,
  headers,
});
const valuesOf = (records: readonly WireRecord[]): string[] => records.map(({ value }) => String(value));
const keyIn = (partition: number, count: number): string => keyOf(partition, (key) => bucketOf(key, count));

/** A gate: who waits for it goes on when it is opened. */
function gate(): { open: () => void; opened: Promise<void> } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

/**
 * Where the clients differ, and the rest of the system knows: kafkajs fetches again from a broker only when all that
 * the last fetch brought was worked on, so that a slow partition holds up the others of that broker for as long as its
 * batch takes.
 */
const holdsUpOthers = { kafkajs: true, platformatic: false };

const admin = new Admin({ clientId: 'wire-admin', bootstrapBrokers: brokers });
afterAll(() => admin.close());

/** What the broker was told that a group is done with, by partition; −1 for nothing. */
async function committed(group: string, topic: string, partitions = 1): Promise<number[]> {
  const [found] = await admin.listConsumerGroupOffsets({
    groups: [
      {
        groupId: namespace + group,
        topics: [{ name: namespace + topic, partitionIndexes: Array.from({ length: partitions }, (_, n) => n) }],
      },
    ],
  });
  return (found?.topics[0]?.partitions ?? [])
    .sort((a, b) => a.partitionIndex - b.partitionIndex)
    .map(({ committedOffset }) => Number(committedOffset));
}

describe.each(kafkaClients)('The Kafka client %s', (client) => {
  let wire: Wire;
  beforeAll(() => {
    wire = new Wire({ client, brokers, namespace });
  });
  afterAll(() => wire.close());

  it.each(['idempotent', 'plain'] as const)(
    'sends and reads keys, values, tombstones and headers, in order per key, where Java would have put them (%s)',
    async (mode) => {
      const topic = await wire.topic(12);
      const seen: WireRecord[] = [];
      await wire.read(topic, taking(seen));
      const sent = Array.from({ length: 3 * goldenPartitions.length }, (_, n) =>
        record(
          topic,
          goldenPartitions[n % goldenPartitions.length]![0],
          n % 7 === 6 ? null : `{"n":${n},"name":"Đà Nẵng"}`,
          { n: String(n), tên: 'Nguyễn Thị Đào', empty: '' },
        ),
      );
      await wire.write(sent, mode);
      await eventually(() => expect(seen).toHaveLength(sent.length));
      for (const [key, , partition] of goldenPartitions) {
        const mine = seen.filter((one) => one.key === key);
        expect(
          mine.map((one) => ({ ...one, topic: one.topic, offset: 0n, value: one.value && String(one.value) })),
        ).toEqual(sent.filter((one) => one.key === key).map((one) => ({ ...one, partition, offset: 0n })));
      }
    },
  );

  it('carries records of 256 KiB', async () => {
    const topic = await wire.topic(1);
    const seen: WireRecord[] = [];
    await wire.read(topic, taking(seen));
    const values = Array.from({ length: 6 }, (_, n) => String(n) + randomBytes(131_071).toString('hex'));
    for (let n = 0; n < 6; n += 3) await wire.write(values.slice(n, n + 3).map((value) => record(topic, 'key', value)));
    await eventually(() => expect(seen).toHaveLength(6));
    expect(valuesOf(seen).every((value, n) => value === values[n])).toBe(true);
  });

  it('reads again what was not resolved, moves on a seek, and rests while paused', async () => {
    const topic = await wire.topic(2);
    const key = keyIn(1, 2);
    const write = (value: string): Promise<void> => wire.write([record(topic, key, value)]);
    await write('0');
    const values: string[] = [];
    let refuse = true;
    const { reader } = await wire.read(topic, async (batch) => {
      values.push(...valuesOf(batch.records));
      if (!refuse) batch.resolve(batch.endOffset);
    });
    await eventually(() => expect(values.filter((value) => value === '0').length).toBeGreaterThan(1));
    refuse = false;
    await write('1');
    await eventually(() => expect(values).toContain('1'));

    reader.pause(topic, 1);
    await write('2');
    const before = reader.fetches(topic, 0);
    await write('3');
    await eventually(() => expect(reader.fetches(topic, 0)).toBeGreaterThan(before));
    expect(await wire.kafka.offsets(topic)).toContainEqual({ partition: 1, low: 0n, high: 4n });
    expect(values).not.toContain('2');
    reader.resume(topic, 1);
    await eventually(() => expect(values).toContain('3'));
    values.length = 0;
    reader.seek(topic, 1, 1n);
    await eventually(() => expect(values).toEqual(['1', '2', '3']));
  });

  it('tells a batch that reading was moved away from it, and lets it resolve nothing any more', async () => {
    const topic = await wire.topic(1);
    await wire.write(['0', '1', '2'].map((value) => record(topic, 'key', value)));
    const values: string[] = [];
    const ended = gate();
    let first: PartitionBatch | undefined;
    const { reader } = await wire.read(topic, async (batch) => {
      if (!first) {
        first = batch;
        await ended.opened;
        expect(batch.current()).toBe(false);
      } else values.push(...valuesOf(batch.records));
      batch.resolve(batch.endOffset);
    });
    await eventually(() => expect(first?.current()).toBe(true));
    reader.seek(topic, 0, 1n);
    ended.open();
    await eventually(() => expect(values).toEqual(['1', '2']));
  });

  it(`${holdsUpOthers[client] ? 'lets a slow partition hold up others no longer than its batch takes' : 'lets no slow partition hold up another'}`, async () => {
    const topic = await wire.topic(2);
    const [slow, quick] = [keyIn(0, 2), keyIn(1, 2)];
    const values: string[] = [];
    const working = gate();
    const ended = gate();
    const { reader } = await wire.read(topic, async (batch) => {
      if (batch.partition === 0) {
        working.open();
        await ended.opened;
      }
      values.push(...valuesOf(batch.records));
      await done(batch);
    });
    await wire.write([record(topic, slow, 'slow')]);
    await working.opened;
    const before = reader.fetches(topic, 1);
    await wire.write([record(topic, quick, 'quick')]);
    if (holdsUpOthers[client]) expect(reader.fetches(topic, 1)).toBe(before);
    else await eventually(() => expect(values).toEqual(['quick']));
    ended.open();
    await eventually(() => expect(values.sort()).toEqual(['quick', 'slow']));
  });

  it('gives partitions to a member that joins while a handler works, without skipping a record or committing for the other', async () => {
    const topic = await wire.topic(4);
    const group = `crm.lab.${newId()}`;
    await wire.write(Array.from({ length: 40 }, (_, n) => record(topic, keyIn(n % 4, 4), String(n))));
    const started = gate();
    const handled: string[] = [];
    // As a consumer does: works until its batch no longer counts, and then lets it be.
    const first = await wire.read(
      topic,
      async (batch) => {
        started.open();
        while (batch.current() && first.assigned.size === 4) {
          await batch.heartbeat();
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        if (!batch.current()) return;
        handled.push(...valuesOf(batch.records));
        await done(batch);
      },
      group,
    );
    await started.opened;
    const hold = gate();
    const second = await wire.read(
      topic,
      async (batch) => {
        await hold.opened;
        handled.push(...valuesOf(batch.records));
        await done(batch);
      },
      group,
    );
    await eventually(() => expect([first.assigned.size, second.assigned.size]).toEqual([2, 2]));
    await eventually(() => expect(handled).toHaveLength(20));
    await eventually(async () =>
      expect((await committed(group, topic, 4)).filter((offset) => offset === 10)).toHaveLength(2),
    );
    for (const partition of second.assigned) expect((await committed(group, topic, 4))[partition]).toBe(-1);
    hold.open();
    await eventually(() =>
      expect(handled.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, n) => n)),
    );
    await second.reader.stop();
    await eventually(() => expect(first.assigned.size).toBe(4));
  });

  it('waits for the batch in work when it stops, and whoever comes next goes on behind it', async () => {
    const topic = await wire.topic(1);
    const group = `crm.lab.${newId()}`;
    const write = (value: string): Promise<void> => wire.write([record(topic, 'key', value)]);
    await write('0');
    const working = gate();
    const ended = gate();
    let stopped = false;
    const { reader } = await wire.read(
      topic,
      async (batch) => {
        working.open();
        await ended.opened;
        expect(stopped).toBe(false);
        expect(batch.current()).toBe(false);
        await done(batch);
      },
      group,
    );
    await working.opened;
    const stop = reader.stop().then(() => {
      stopped = true;
    });
    await write('1');
    ended.open();
    await stop;
    expect(await committed(group, topic)).toEqual([1]);
    const values: WireRecord[] = [];
    await wire.read(topic, taking(values), group);
    await eventually(() => expect(valuesOf(values)).toEqual(['1']));
  });

  it('begins with the first record kept when those before were removed', async () => {
    const topic = await wire.topic(1);
    await wire.write(['0', '1', '2'].map((value) => record(topic, 'key', value)));
    await admin.deleteRecords({ topics: [{ name: namespace + topic, partitions: [{ partition: 0, offset: 2n }] }] });
    expect(await wire.kafka.offsets(topic)).toEqual([{ partition: 0, low: 2n, high: 3n }]);
    const values: WireRecord[] = [];
    const { reader } = await wire.read(topic, taking(values));
    await eventually(() => expect(valuesOf(values)).toEqual(['2']));
    reader.seek(topic, 0, 0n);
    await eventually(() => expect(valuesOf(values)).toEqual(['2', '2']));
  });

  it('creates topics once, also when others do so at the same moment, and brings their settings in line without taking back those of others', async () => {
    const spec = { name: `crm.lab.${newId()}.v1`, partitions: 3, replication: 1, config: { 'retention.ms': '-1' } };
    const other = new Wire({ client, brokers, namespace });
    await Promise.all([wire.kafka.createTopics([spec]), other.kafka.createTopics([spec])]);
    await other.close();
    const resource = { resourceType: ConfigResourceTypes.TOPIC, resourceName: namespace + spec.name };
    const settings = async (): Promise<unknown> => {
      const [found] = await admin.describeConfigs({
        resources: [{ ...resource, configurationKeys: ['retention.ms', 'max.message.bytes'] }],
      });
      return Object.fromEntries(found?.configs.map(({ name, value }) => [name, value]) ?? []);
    };
    await admin.incrementalAlterConfigs({
      resources: [
        {
          ...resource,
          configs: [
            { name: 'max.message.bytes', value: '300000', configOperation: IncrementalAlterConfigOperationTypes.SET },
          ],
        },
      ],
    });
    await eventually(async () =>
      expect(await settings()).toEqual({ 'retention.ms': '-1', 'max.message.bytes': '300000' }),
    );
    expect(await wire.kafka.createTopics([{ ...spec, config: { 'retention.ms': '86400000' } }])).toEqual([]);
    await eventually(async () =>
      expect(await settings()).toEqual({ 'retention.ms': '86400000', 'max.message.bytes': '300000' }),
    );
    expect(await wire.kafka.offsets(spec.name)).toEqual(
      [0, 1, 2].map((partition) => ({ partition, low: 0n, high: 0n })),
    );
  });

  it('fails loudly on a topic that does not exist, and names its cluster', async () => {
    const missing = 'crm.lab.missing.v1';
    await expect(wire.write([record(missing, 'k', '1')])).rejects.toThrow();
    await expect(wire.kafka.offsets(missing)).rejects.toThrow();
    await expect(wire.read(missing, taking([]))).rejects.toThrow();
    expect(await wire.kafka.clusterId()).toBe((await admin.metadata({ topics: [] })).id);
  });
});

describe('Members on different Kafka clients', () => {
  it('share a group', async () => {
    const wires = kafkaClients.map((client) => new Wire({ client, brokers, namespace }));
    const [wire] = wires;
    const topic = await wire!.topic(4);
    const group = `crm.lab.${newId()}`;
    const seen: WireRecord[][] = wires.map(() => []);
    const members: Reading[] = [];
    for (const [n, each] of wires.entries()) members.push(await each.read(topic, taking(seen[n]!), group));
    await eventually(() => expect(members.map(({ assigned }) => assigned.size)).toEqual([2, 2]));
    await wire!.write(Array.from({ length: 40 }, (_, n) => record(topic, keyIn(n % 4, 4), String(n))));
    await eventually(() => expect(seen.map((records) => records.length)).toEqual([20, 20]));
    await members[0]!.reader.stop();
    await eventually(() => expect(members[1]!.assigned.size).toBe(4));
    await Promise.all(wires.map((each) => each.close()));
  });
});
