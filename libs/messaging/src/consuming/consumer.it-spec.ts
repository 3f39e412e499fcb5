import { setTimeout as sleep } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import { eventually } from '@quen/testing';
import { newId } from '../ids.js';
import type { OutgoingRecord } from '../kafka/port.js';
import { bucketOf } from '../murmur2.js';
import { ConsumerControls, readControls } from '../operating/controls.js';
import { defineProblem } from '../problem.js';
import { counterTopic } from '../testing/declarations.js';
import { dataSource, Lab, stateRecord, steppedRecord } from '../testing/lab.js';
import { BulkEffectReactions, EffectReactions, ReplicaReactions, RunReactions } from '../testing/reactions.js';
import { ReactionGroup } from './reaction-group.js';
import { UnknownTypes } from './unknown-types.js';

const unavailable = defineProblem('unavailable', 'spec_away', { en: 'Away.', vi: 'Vắng.' });
const range = (count: number): number[] => Array.from({ length: count }, (_, n) => n + 1);

describe('A consumer', () => {
  let lab: Lab;

  beforeEach(async () => {
    lab = await Lab.open();
  });
  afterEach(() => lab.close());

  /** Steps of some counters, with duplicates on the wire behind them. */
  function withDuplicates(counters: string[], steps: number): OutgoingRecord[] {
    return range(steps).flatMap((step) =>
      counters.flatMap((id) => {
        const record = steppedRecord(id, step);
        return step % 5 ? [record] : [record, record];
      }),
    );
  }

  it.each([
    ['one by one', (): object => new EffectReactions()],
    ['in bulk', (): object => new BulkEffectReactions()],
  ])('takes each event once and in order, duplicates on the wire included, %s', async (_how, reactions) => {
    const counters = range(8).map(newId);
    await lab.write(withDuplicates(counters, 100));
    lab.consumer(reactions());
    await eventually(async () => expect(await lab.count()).toBe(800));
    await lab.write(withDuplicates(counters, 1));
    await eventually(async () => expect(await lab.count()).toBe(808));
    const effects = await lab.effects();
    for (const id of counters) expect(effects.get(id)).toEqual([...range(100), 1]);
  });

  it('gives a method that takes several types all of a slice at once, so that it can lock what it changes in one order', async () => {
    const id = newId();
    const reset = (): OutgoingRecord => {
      const { headers, ...record } = steppedRecord(id, 1);
      return { ...record, headers: { ...headers, ce_type: 'crm.lab.counter-reset.v1' } };
    };
    await lab.write(range(20).flatMap((step) => [steppedRecord(id, step), reset()]));
    const reactions = new RunReactions();
    lab.consumer(reactions);
    await eventually(() => expect(reactions.runs.flat()).toHaveLength(40));
    expect(new Set(reactions.runs[0]).size).toBe(2);
  });

  it('would take duplicates twice without its inbox, which is what that test must be able to see', async () => {
    const counters = range(2).map(newId);
    await lab.write(withDuplicates(counters, 10));
    lab.consumer(new EffectReactions(), { inbox: false });
    await eventually(async () => expect(await lab.count()).toBe(24));
  });

  it('does nothing where another member went on, when it comes back late with old records', async () => {
    expect(await lateMember(true)).toEqual([1, 2, 3]);
  });

  it('would repeat them without the fence and with ids forgotten, which is what that test must be able to see', async () => {
    expect(await lateMember(false)).toEqual([1, 2, 3, 1, 2, 3]);
  });

  /** One member holds its batch until the other has done the work and the inbox has forgotten it. */
  async function lateMember(fence: boolean): Promise<number[]> {
    const id = newId();
    await lab.write(range(3).map((step) => steppedRecord(id, step)));
    const other = await dataSource(lab.databaseUrl);
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    let reached = false;
    // Opening a connection stands for anything that kept the member: it has its records and has done nothing yet.
    const stopped = new Proxy(other, {
      get: (target, name) => {
        if (name !== 'createQueryRunner') return Reflect.get(target, name, target) as unknown;
        return () => {
          const runner = target.createQueryRunner();
          const held =
            <A extends unknown[], R>(begin: (...args: A) => Promise<R>) =>
            async (...args: A): Promise<R> => {
              reached = true;
              await gate;
              return begin(...args);
            };
          const connect = runner.connect.bind(runner) as () => Promise<PoolClient>;
          runner.startTransaction = held(runner.startTransaction.bind(runner));
          runner.connect = async () => {
            const connection = await connect();
            const query = connection.query.bind(connection) as (text: string, ...rest: unknown[]) => Promise<unknown>;
            return Object.create(connection, {
              query: {
                value: (text: string, ...rest: unknown[]) =>
                  (text.startsWith('start transaction;') ? held(query) : query)(text, ...rest),
              },
            }) as PoolClient;
          };
          return runner;
        };
      },
    });
    const zombie = lab.consumer(new EffectReactions(), { fence }, {}, stopped);
    await eventually(() => expect(reached).toBe(true));
    // The heir reads under a group of its own for Kafka, as the broker would have handed it the partition, and the same
    // consumer in the database.
    const heir = ReactionGroup.of([new EffectReactions()])[0]!;
    const { SliceProcessor } = await import('./slice-processor.js');
    const { Breaker } = await import('./breaker.js');
    const { defaultTuning } = await import('../settings.js');
    const processor = new SliceProcessor(
      heir,
      { consumer: heir.name, topic: counterTopic.name, partition: bucketOf(id, 4) },
      new Breaker(defaultTuning),
      new UnknownTypes(lab.metrics),
      {
        service: 'lab',
        db: lab.db,
        tuning: defaultTuning,
        metrics: lab.metrics,
        wake: () => undefined,
        guards: { fence, inbox: true },
      },
    );
    const records = range(3)
      .map((step, n) => ({ ...steppedRecord(id, step), partition: bucketOf(id, 4), offset: BigInt(n) }))
      .map(({ value, ...record }) => ({ ...record, value: Buffer.from(value!) }));
    await processor.process(records, 3n);
    await lab.db.query(`delete from inbox`);
    release();
    const next = newId();
    await eventually(async () => expect((await lab.effects()).get(id)!.length).toBeGreaterThanOrEqual(fence ? 3 : 6));
    await lab.write([steppedRecord(next, 1)]);
    await eventually(async () => expect((await lab.effects()).get(next)).toEqual([1]));
    const steps = (await lab.effects()).get(id)!;
    await zombie.stop();
    await other.destroy();
    return steps;
  }

  it('begins no slice after a pause was answered, though its process has not heard of it, and none from a place that a reset made old', async () => {
    const id = newId();
    const reactions = new EffectReactions();
    let inHandler = false;
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    reactions.before = async ({ data }) => {
      if (data.step !== 1) return;
      inHandler = true;
      await finished;
    };
    const groups = (): ReactionGroup[] => ReactionGroup.of([reactions]);
    const controls = new ConsumerControls(lab.db, lab.kafka, groups);
    // Nobody tells this consumer what operators want: only the fence does.
    const consumer = lab.consumer(reactions, {}, { sliceRecords: 1, backoffMinMs: 20 });
    // Enough that slices which get the lock before the pause does leave some.
    await lab.write(range(60).map((step) => steppedRecord(id, step)));
    await eventually(() => expect(inHandler).toBe(true));
    let answered = false;
    const pausing = controls.pause('crm.lab.effects', 'to look at it').then(() => (answered = true));
    await eventually(async () =>
      expect(
        await lab.db.query(
          `select from pg_locks l join pg_stat_activity a using (pid) where not l.granted and a.datname = current_database()`,
        ),
      ).not.toHaveLength(0),
    );
    expect(answered).toBe(false);
    finish();
    await pausing;
    const then = await lab.count();
    await eventually(() => expect(consumer.held('operator')).toBeGreaterThan(0));
    expect(await lab.count()).toBe(then);
    expect(then).toBeLessThan(60);

    await controls.resume('crm.lab.effects', undefined);
    await lab.db.query(`update inbox_position set epoch = epoch + 1`);
    const told = await readControls(lab.db);
    consumer.obey({ paused: undefined, epochs: new Map() });
    await eventually(() => expect(consumer.held('transient')).toBeGreaterThan(0));
    expect(await lab.count()).toBe(then);
    consumer.obey(told('crm.lab.effects'));
    await eventually(async () => expect((await lab.effects()).get(id)).toEqual(range(60)));
  });

  it('waits out what is transient without parking, and without holding up other partitions', async () => {
    const counters = range(12).map(newId);
    const reactions = new EffectReactions();
    let away = true;
    reactions.before = ({ partition }) => {
      if (away && partition === 0) throw unavailable();
    };
    await lab.write(range(5).flatMap((step) => counters.map((id) => steppedRecord(id, step))));
    lab.consumer(reactions);
    const elsewhere = counters.filter((id) => bucketOf(id, 4) !== 0).length;
    await eventually(async () => expect(await lab.count()).toBe(elsewhere * 5));
    away = false;
    await eventually(async () => expect(await lab.count()).toBe(60));
    expect(await lab.parked()).toEqual([]);
    for (const steps of (await lab.effects()).values()) expect(steps).toEqual(range(5));
  });

  it('commits as durably as the database is set to, since what a crash takes back would be read by nobody', async () => {
    await lab.db.query(`create table committed (durability text)`);
    await lab.db.query(`
      create function note_durability() returns trigger language plpgsql as $$
      begin insert into committed select source from pg_settings where name = 'synchronous_commit'; return null; end $$`);
    // Deferred, so that it sees what is in force when the transaction commits.
    await lab.db.query(
      `create constraint trigger note_durability after insert on effect deferrable initially deferred for each row execute function note_durability()`,
    );
    await lab.write([steppedRecord(newId(), 1)]);
    lab.consumer(new EffectReactions());
    const rows = await eventually(async () => {
      const found = await lab.db.query<{ durability: string }[]>(`select durability from committed`);
      expect(found).toHaveLength(1);
      return found;
    });
    expect(rows).not.toEqual([{ durability: 'session' }]);
  });

  it('ends a slice in time, with what was done of it', async () => {
    const id = newId();
    const reactions = new EffectReactions();
    reactions.before = () => sleep(15);
    await lab.write(range(60).map((step) => steppedRecord(id, step)));
    lab.consumer(reactions, {}, { sliceMs: 100 });
    await eventually(async () => expect((await lab.effects()).get(id)).toEqual(range(60)));
    const commits = await lab.db.query<{ processed_at: Date }[]>(`select distinct xmin::text from effect`);
    expect(commits.length).toBeGreaterThan(3);
  });

  describe('with a replica', () => {
    /** Every version of some counters, in any order and some of them twice; the last of one in three is a tombstone. */
    const disordered = (counters: string[]): OutgoingRecord[] => {
      const records = counters.flatMap((id, n) => [
        ...range(10).map((version) => stateRecord(id, version, version * 10)),
        ...(n % 3 === 0 ? [stateRecord(id, 11, null)] : []),
      ]);
      const live = records.filter(({ value }) => value !== null);
      // Tombstones stay last: an older state behind one would be a new customer to any replica that keeps no graves.
      return [
        ...[...live, ...live.slice(0, 40)]
          .map((record, n) => [Math.sin(n * 7919), record] as const)
          .sort(([a], [b]) => a - b)
          .map(([, record]) => record),
        ...records.filter(({ value }) => value === null),
      ];
    };
    const model = (counters: string[]): unknown =>
      counters
        .filter((_id, n) => n % 3 !== 0)
        .map((counter_id) => ({ counter_id, version: 10, value: 100 }))
        .sort((a, b) => (a.counter_id < b.counter_id ? -1 : 1));
    const replica = (): Promise<unknown> =>
      lab.db.query(`select counter_id, version, value from replica order by counter_id`);

    it("ends at the model's state whatever the order and the duplicates on the wire", async () => {
      const counters = range(15).map(newId);
      await lab.write(disordered(counters));
      lab.consumer(new ReplicaReactions());
      await eventually(async () => expect(await replica()).toEqual(model(counters)));
    });

    it('would not without the version gate, which is what that test must be able to see', async () => {
      const counters = range(15).map(newId);
      await lab.write(disordered(counters));
      lab.consumer(new ReplicaReactions(false));
      await eventually(async () => expect(await lab.db.query(`select 1 from inbox`)).toHaveLength(155));
      expect(await replica()).not.toEqual(model(counters));
    });
  });
});
