import { newId } from '../ids.js';
import { bucketOf } from '../murmur2.js';
import { counterStateTopic, counterTopic } from '../testing/declarations.js';
import { eventually } from '../testing/eventually.js';
import { Lab } from '../testing/lab.js';
import type { GroupReader, PartitionBatch, WireRecord } from './port.js';
import { topicSpec } from './topics.js';

/** What any Kafka client must do before it may stand behind the port. */
describe('The Kafka client', () => {
  let lab: Lab;
  const readers: GroupReader[] = [];

  beforeAll(async () => { lab = await Lab.open(); });
  afterAll(async () => {
    await Promise.all(readers.map((reader) => reader.stop()));
    await lab.close();
  });

  async function read(topic: string, each: (batch: PartitionBatch, reader: GroupReader) => Promise<void>, group = `crm.lab.${newId()}`): Promise<{ reader: GroupReader; assigned: Set<number> }> {
    const assigned = new Set<number>();
    const reader = lab.kafka.reader({ group, topics: [topic], partitionsConcurrently: 2, sessionTimeoutMs: 10_000, heartbeatMs: 500 });
    readers.push(reader);
    await reader.start({
      joined: (assignment) => assignment.get(topic)?.forEach((partition) => assigned.add(partition)),
      crashed: () => undefined,
      batch: (batch) => each(batch, reader),
    });
    return { reader, assigned };
  }

  const take = (into: WireRecord[]) => async (batch: PartitionBatch): Promise<void> => {
    into.push(...batch.records);
    batch.resolve(batch.endOffset);
    await batch.heartbeat();
    await batch.commit(batch.endOffset);
  };

  it.each(['idempotent', 'plain'] as const)('sends and reads keys, values, tombstones and headers, in order per key (%s)', async (mode) => {
    const keys = [newId(), newId(), `Nguyễn Thị Đào ${mode}`];
    const seen: WireRecord[] = [];
    await read(counterTopic.name, take(seen));
    const sender = await lab.kafka.sender(mode);
    await sender.send(Array.from({ length: 30 }, (_, n) => ({ topic: counterTopic.name, key: keys[n % 3]!, value: n === 29 ? null : `{"n":${n},"name":"Đà Nẵng"}`, headers: { n: String(n), name: 'Đà Nẵng' } })));
    await sender.close();
    const mine = (): WireRecord[] => seen.filter(({ key, headers }) => keys.includes(key) && headers['name'] === 'Đà Nẵng');
    await eventually(() => expect(mine()).toHaveLength(30));
    for (const key of keys) {
      const records = mine().filter((record) => record.key === key);
      expect(records.map(({ headers }) => Number(headers['n']))).toEqual(records.map((_record, n) => n * 3 + keys.indexOf(key)));
      expect(new Set(records.map(({ partition }) => partition))).toEqual(new Set([bucketOf(key, 4)]));
    }
    expect(mine().find(({ headers }) => headers['n'] === '29')?.value).toBeNull();
    expect(mine()[0]!.value!.toString()).toContain('Đà Nẵng');
  });

  it('reads again what was not resolved, moves on a seek, and rests while paused', async () => {
    const key = newId();
    const partition = bucketOf(key, 4);
    const sender = await lab.kafka.sender('plain');
    const write = (n: number): Promise<void> => sender.send([{ topic: counterStateTopic.name, key, value: String(n), headers: {} }]);
    await write(0);
    const values: string[] = [];
    let refuse = true;
    const { reader } = await read(counterStateTopic.name, async (batch) => {
      values.push(...batch.records.map(({ value }) => String(value)));
      if (!refuse) batch.resolve(batch.endOffset);
    });
    await eventually(() => expect(values.filter((value) => value === '0').length).toBeGreaterThan(1));
    refuse = false;
    await write(1);
    await eventually(() => expect(values).toContain('1'));

    reader.pause(counterStateTopic.name, partition);
    await write(2);
    expect(await lab.kafka.offsets(counterStateTopic.name)).toContainEqual({ partition, low: 0n, high: 3n });
    expect(values).not.toContain('2');
    reader.resume(counterStateTopic.name, partition);
    await eventually(() => expect(values).toContain('2'));
    values.length = 0;
    reader.seek(counterStateTopic.name, partition, 1n);
    await eventually(() => expect(values).toEqual(['1', '2']));
    await sender.close();
  });

  it('shares the partitions of a group among its members', async () => {
    const group = `crm.lab.${newId()}`;
    const first = await read(counterTopic.name, take([]), group);
    await eventually(() => expect(first.assigned.size).toBe(4));
    first.assigned.clear();
    const second = await read(counterTopic.name, take([]), group);
    await eventually(() => expect([first.assigned.size, second.assigned.size]).toEqual([2, 2]));
  });

  it('creates topics once, and brings their settings in line', async () => {
    const spec = { ...topicSpec(counterTopic, { partitions: 3 }), name: 'crm.lab.made.v1' };
    expect(await lab.kafka.createTopics([spec])).toEqual([spec.name]);
    expect(await lab.kafka.createTopics([{ ...spec, config: { ...spec.config, 'retention.ms': '86400000' } }])).toEqual([]);
    expect((await lab.kafka.offsets(spec.name)).map(({ partition, low, high }) => [partition, low, high]).sort()).toEqual([[0, 0n, 0n], [1, 0n, 0n], [2, 0n, 0n]]);
  });

  it('fails loudly on a topic that does not exist, and names its cluster', async () => {
    const sender = await lab.kafka.sender('plain');
    await expect(sender.send([{ topic: 'crm.lab.missing.v1', key: 'k', value: '1', headers: {} }])).rejects.toThrow();
    await sender.close();
    expect(await lab.kafka.clusterId()).toMatch(/\S{10,}/);
  });
});
