import { Kafka, type Admin } from 'kafkajs';
import { eventually } from '@quen/testing';
import { newId } from '../ids.js';
import { CounterState, counterStateTopic, CounterStepped, counterTopic } from '../testing/declarations.js';
import { Lab, stateRecord, steppedRecord } from '../testing/lab.js';
import { ReplicaReactions } from '../testing/reactions.js';
import type { Transaction } from '../transaction.js';
import { On, OnBatch, Reactions } from './reactions.js';
import type { Received } from './received.js';

const range = (count: number): number[] => Array.from({ length: count }, (_, n) => n + 1);

/** Notes, for each fact, how many counters its replica knew at that moment. */
@Reactions('crm.lab.both')
class BothReactions {
  readonly known: number[] = [];

  @On(CounterStepped)
  async step(_event: Received<CounterStepped>, tx: Transaction): Promise<void> {
    const [{ count }] = await tx.query<[{ count: number }]>(`select count(*)::integer as count from replica`);
    this.known.push(count);
  }

  @OnBatch(CounterState)
  async copy(events: Received<CounterState | null>[], tx: Transaction): Promise<void> {
    await new ReplicaReactions().copy(events, tx);
  }
}

@Reactions('crm.lab.news', { facts: 'now' })
class NewsReactions extends BothReactions {}

describe('A new consumer', () => {
  let lab: Lab;
  let admin: Admin;

  beforeEach(async () => {
    lab = await Lab.open();
    admin = new Kafka({ clientId: 'lab-admin', brokers: lab.brokers.split(','), logLevel: 0 }).admin();
    await admin.connect();
  });
  afterEach(async () => {
    await admin.disconnect();
    await lab.close();
  });

  it('reads all state before any fact, and every fact from the first', async () => {
    const counters = range(300).map(newId);
    await lab.write([
      ...range(5).flatMap((step) => counters.slice(0, 20).map((id) => steppedRecord(id, step))),
      ...counters.map((id) => stateRecord(id, 1, 1)),
    ]);
    const reactions = new BothReactions();
    lab.consumer(reactions);
    await eventually(() => expect(reactions.known).toHaveLength(100));
    expect(new Set(reactions.known)).toEqual(new Set([300]));
  });

  it('that wants news only gets all state, and only the facts that come after it began', async () => {
    const counters = range(30).map(newId);
    await lab.write([...counters.map((id) => steppedRecord(id, 1)), ...counters.map((id) => stateRecord(id, 1, 1))]);
    const reactions = new NewsReactions();
    lab.consumer(reactions);
    await eventually(async () => expect(await lab.db.query(`select 1 from replica`)).toHaveLength(30));
    await lab.write([steppedRecord(counters[0]!, 2)]);
    await eventually(() => expect(reactions.known).toEqual([30]));
  });

  it('reads a compacted topic to its end and has what its owner has', async () => {
    const topic = lab.namespace + counterStateTopic.name;
    await admin.alterConfigs({
      validateOnly: false,
      resources: [
        {
          type: 2,
          name: topic,
          configEntries: [
            { name: 'cleanup.policy', value: 'compact' },
            { name: 'segment.ms', value: '100' },
            { name: 'min.cleanable.dirty.ratio', value: '0.0001' },
            { name: 'max.compaction.lag.ms', value: '200' },
            { name: 'delete.retention.ms', value: '100' },
            { name: 'segment.bytes', value: '1048576' },
          ],
        },
      ],
    });
    const counters = range(40).map(newId);
    const owner = new Map<string, number>();
    for (const round of range(12)) {
      await lab.write(
        counters.map((id, n) => {
          const erased = round === 12 && n % 4 === 0;
          if (erased) owner.delete(id);
          else owner.set(id, round * 100 + n);
          return stateRecord(id, round, erased ? null : round * 100 + n);
        }),
      );
    }
    // Records of closed segments go; what remains has gaps between its offsets.
    let written = counters.length * 12;
    await eventually(
      async () => {
        // A segment is closed by the next record of its partition after its time, and only a closed one is compacted.
        const states = counters.map((id) =>
          owner.has(id) ? stateRecord(id, 13, owner.get(id)!) : stateRecord(id, 12, null),
        );
        await lab.write(states);
        written += states.length;
        expect(await countRecords(lab, counterStateTopic.name)).toBeLessThan(written / 2);
      },
      { timeoutMs: 60_000 },
    );
    lab.consumer(new ReplicaReactions());
    const rows = (): Promise<{ counter_id: string; value: number }[]> =>
      lab.db.query(`select counter_id, value from replica`);
    await eventually(
      async () => expect(new Map((await rows()).map(({ counter_id, value }) => [counter_id, value]))).toEqual(owner),
      { timeoutMs: 30_000 },
    );
  });

  it('stands where the database says, whatever Kafka has committed', async () => {
    const id = newId();
    await lab.write(range(5).map((step) => steppedRecord(id, step)));
    const { EffectReactions } = await import('../testing/reactions.js');
    const first = lab.consumer(new EffectReactions());
    await eventually(async () => expect((await lab.effects()).get(id)).toEqual(range(5)));
    await first.stop();
    // As after a restore of the database from before those effects.
    await lab.db.query(`truncate effect, inbox, inbox_position`);
    lab.consumer(new EffectReactions());
    await eventually(async () => expect((await lab.effects()).get(id)).toEqual(range(5)));
  });

  it('waits for a human when its topic is shorter than what it has read', async () => {
    const id = newId();
    const { EffectReactions } = await import('../testing/reactions.js');
    const clusterId = await lab.kafka.clusterId();
    await lab.db.query(
      `insert into inbox_position (consumer, topic, part, topic_id, next_offset) select 'crm.lab.effects', $1, generate_series(0, 3), $2, 1000`,
      [counterTopic.name, clusterId],
    );
    await lab.write([steppedRecord(id, 1)]);
    const consumer = lab.consumer(new EffectReactions());
    await eventually(() =>
      expect(consumer.problems().ready).toEqual(['crm.lab.effects: a topic is shorter than what was read of it']),
    );
    expect(await lab.effects()).toEqual(new Map());
  });
});

/** How many records a reader from the start would meet. */
async function countRecords(lab: Lab, topic: string): Promise<number> {
  let records = 0;
  const ends = new Map((await lab.kafka.offsets(topic)).map(({ partition, high }) => [partition, high]));
  const done = new Set([...ends].filter(([, high]) => high === 0n).map(([partition]) => partition));
  const reader = lab.kafka.reader({
    group: `crm.lab.count-${newId()}`,
    topics: [topic],
    partitionsConcurrently: 1,
    sessionTimeoutMs: 10_000,
    heartbeatMs: 1_000,
  });
  await reader.start({
    joined: () => undefined,
    crashed: () => undefined,
    batch: async (batch) => {
      records += batch.records.length;
      batch.resolve(batch.endOffset);
      if (batch.endOffset >= ends.get(batch.partition)!) done.add(batch.partition);
    },
  });
  await eventually(() => expect(done.size).toBe(ends.size));
  await reader.stop();
  return records;
}
