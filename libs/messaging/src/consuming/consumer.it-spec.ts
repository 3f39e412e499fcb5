import { setTimeout as sleep } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import { deadLetterTopic } from '@quen/events';
import { newId } from '../ids.js';
import type { OutgoingRecord } from '../kafka/port.js';
import { bucketOf } from '../murmur2.js';
import { ConsumerControls, readControls } from '../operating/controls.js';
import { recordOperation } from '../operating/operation-log.js';
import { ParkedRecords } from '../operating/parked-records.js';
import { Replay } from '../operating/replay.js';
import { defineProblem } from '../problem.js';
import { counterTopic } from '../testing/declarations.js';
import { eventually } from '../testing/eventually.js';
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

  const parkedRows = (): Promise<
    { n: string; msg_key: string; error_class: string; attempts: number; status: string }[]
  > => lab.db.query(`select n, msg_key, error_class, attempts, status from inbox_parked order by n`);
  const count = async (): Promise<number> =>
    [...(await lab.effects()).values()].reduce((sum, steps) => sum + steps.length, 0);

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
    await eventually(async () => expect(await count()).toBe(800));
    await lab.write(withDuplicates(counters, 1));
    await eventually(async () => expect(await count()).toBe(808));
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
    await eventually(async () => expect(await count()).toBe(24));
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
    // Opening a connection stands for whatever kept the member: it has its records and has done nothing yet.
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

  it('parks poison and what follows it on its key, tells of it, and lets every other key pass', async () => {
    const [sick, well] = [newId(), newId()];
    const noJson = { ...steppedRecord(sick, 2), value: '{"broken' };
    await lab.write([
      steppedRecord(sick, 1),
      noJson,
      ...[3, 4].map((step) => steppedRecord(sick, step)),
      ...range(20).map((step) => steppedRecord(well, step)),
    ]);
    lab.relay();
    lab.consumer(new EffectReactions());
    await eventually(async () => expect((await lab.effects()).get(well)).toEqual(range(20)));
    await eventually(async () =>
      expect(await parkedRows()).toMatchObject([
        { msg_key: sick, error_class: 'undecodable' },
        { msg_key: sick, error_class: 'behind' },
        { msg_key: sick, error_class: 'behind' },
      ]),
    );
    expect((await lab.effects()).get(sick)).toEqual([1]);
    const letters = await eventually(async () => {
      const offsets = await lab.kafka.offsets(deadLetterTopic('lab').name);
      expect(offsets.reduce((sum, { high }) => sum + high, 0n)).toBe(3n);
      return offsets;
    });
    expect(letters).toHaveLength(4);
  });

  it('parks what its handler refuses three times; a replay after the repair leaves the state of a clean run', async () => {
    const counters = range(4).map(newId);
    const reactions = new EffectReactions();
    let broken = true;
    let tried = 0;
    reactions.before = ({ aggregateId, data }) => {
      if (broken && aggregateId === counters[1] && data.step === 3) {
        tried += 1;
        throw new RangeError('a defect');
      }
    };
    await lab.write(range(10).flatMap((step) => counters.map((id) => steppedRecord(id, step))));
    lab.consumer(reactions);
    await eventually(async () => expect(await count()).toBe(32));
    await eventually(async () => expect(await parkedRows()).toHaveLength(8));
    expect((await parkedRows())[0]).toMatchObject({ msg_key: counters[1], error_class: 'RangeError', attempts: 3 });
    expect(tried).toBe(4);

    const replay = new Replay(lab.db, () => ReactionGroup.of([reactions]));
    const filter = { consumer: 'crm.lab.effects', errorClass: 'RangeError' };
    expect(await replay.replay(filter, { dryRun: true })).toMatchObject({
      dryRun: true,
      keys: 1,
      records: 8,
      replayed: 0,
      failedKeys: 1,
      failures: [{ key: counters[1], errorClass: 'RangeError' }],
    });
    expect(await replay.replay(filter, { dryRun: false })).toMatchObject({
      replayed: 0,
      failures: [{ key: counters[1], errorClass: 'RangeError' }],
    });
    broken = false;
    expect(await replay.replay(filter, { dryRun: true })).toMatchObject({ replayed: 8, failures: [] });
    expect((await lab.effects()).get(counters[1]!)).toEqual([1, 2]);
    expect(await replay.replay(filter, { dryRun: false })).toMatchObject({ replayed: 8, failures: [] });
    await lab.write([steppedRecord(counters[1]!, 11)]);
    await eventually(async () => expect((await lab.effects()).get(counters[1]!)).toEqual(range(11)));
    const effects = await lab.effects();
    for (const id of counters) expect(effects.get(id)!.slice(0, 10)).toEqual(range(10));
    await expect(replay.replay({ consumer: 'crm.lab.nobody' }, { dryRun: true })).rejects.toMatchObject({
      code: 'unknown_consumer',
    });
  });

  it('finds the one record that a handler for many refuses by halves, and parks it alone', async () => {
    const counters = range(800)
      .map(newId)
      .filter((id) => bucketOf(id, 4) === 0)
      .slice(0, 150);
    const reactions = new BulkEffectReactions();
    reactions.before = (events) => {
      if (events.some(({ aggregateId }) => aggregateId === counters[77])) throw new RangeError('a defect');
    };
    await lab.write(counters.map((id) => steppedRecord(id, 1)));
    lab.consumer(reactions);
    await eventually(async () => expect(await count()).toBe(149));
    await eventually(async () =>
      expect(await parkedRows()).toMatchObject([{ msg_key: counters[77], error_class: 'RangeError', attempts: 3 }]),
    );
    expect(reactions.runs).toBeLessThan(30);
  });

  it('goes on behind a record that was given up', async () => {
    const id = newId();
    const nameless = steppedRecord(id, 1);
    await lab.write([
      { ...nameless, headers: { ...nameless.headers, ce_type: 'counter vanished' } },
      steppedRecord(id, 2),
    ]);
    const reactions = new EffectReactions();
    lab.consumer(reactions);
    await eventually(async () => expect(await parkedRows()).toHaveLength(2));
    const groups = (): ReactionGroup[] => ReactionGroup.of([reactions]);
    const given = { consumer: 'crm.lab.effects', errorClass: 'undecodable' };
    const parked = new ParkedRecords(lab.db, groups);
    expect(await parked.skip(given, 'nobody needs it', true)).toEqual({ dryRun: true, records: 1, keys: 1 });
    expect(await parked.skip(given, 'nobody needs it', false)).toEqual({ dryRun: false, records: 1, keys: 1 });
    expect(
      await new Replay(lab.db, groups).replay({ consumer: 'crm.lab.effects', key: id }, { dryRun: false }),
    ).toMatchObject({ replayed: 1, failures: [] });
    expect((await lab.effects()).get(id)).toEqual([2]);
  });

  it('passes over a type that it does not know, once and for all, and goes on with the key', async () => {
    const id = newId();
    const newer = steppedRecord(id, 2);
    const unknown = { ...newer, headers: { ...newer.headers, ce_type: 'crm.lab.counter-tuned.v1' } };
    await lab.write([steppedRecord(id, 1), unknown, { ...unknown, value: null }, steppedRecord(id, 3)]);
    lab.consumer(new EffectReactions());
    await eventually(async () => expect((await lab.effects()).get(id)).toEqual([1, 3]));
    expect(await parkedRows()).toEqual([]);
    const [{ next }] = await lab.db.query<[{ next: string }]>(
      `select next_offset as next from inbox_position where consumer = 'crm.lab.effects' and topic = $1 and part = $2`,
      [counterTopic.name, bucketOf(id, 4)],
    );
    expect(next).toBe('4');
    const labels = { consumergroup: 'crm.lab.effects', topic: counterTopic.name, type: 'crm.lab.counter-tuned.v1' };
    expect((await lab.metrics.unknownEvents.get()).values).toMatchObject([{ labels, value: 2 }]);
  });

  it('parks even what Postgres cannot store as it is; a replay tells what is still wrong of it, and does the rest', async () => {
    const [id, acted, broken, mended, headless] = [newId(), newId(), newId(), newId(), newId()];
    const nul = steppedRecord(id, 1);
    const by = steppedRecord(acted, 1);
    await lab.write([
      {
        ...nul,
        value: nul.value!.replace('test', 'te\\u0000st'),
        headers: { ...nul.headers, odd: 'a\0b', ce_type: 'crm.lab.\0.v1' },
      },
      steppedRecord(newId(), 1),
      ...[1, 2].map((step) => ({
        ...steppedRecord(id, step),
        key: `o'd\0d\\`,
        ...(step === 1 ? { value: 'no \0 JSON' } : {}),
      })),
      { ...by, headers: { ...by.headers, ce_actor: 'x\0y' } },
      ...[broken, mended].map((each) => ({ ...steppedRecord(each, 1), value: 'no \0 JSON' })),
      { ...steppedRecord(headless, 1), headers: {} },
    ]);
    const reactions = new EffectReactions();
    lab.consumer(reactions);
    await eventually(async () => expect(await count()).toBe(1));
    const odd = `o'd\ufffdd\\`;
    await eventually(async () =>
      expect(
        (await parkedRows()).map(({ msg_key, error_class }) => `${String(msg_key)} ${String(error_class)}`).sort(),
      ).toEqual(
        [
          `${id} undecodable`,
          `${odd} undecodable`,
          `${odd} undecodable`,
          `${acted} undecodable`,
          `${broken} undecodable`,
          `${mended} undecodable`,
          `${headless} undecodable`,
        ].sort(),
      ),
    );

    const groups = (): ReactionGroup[] => ReactionGroup.of([reactions]);
    const [{ n } = { n: '' }] = (await parkedRows()).filter(({ msg_key }) => msg_key === mended);
    await new ParkedRecords(lab.db, groups).repair(n, { counterId: mended, step: 1, note: '' }, 'the value is known');
    const [beyond = { n: '' }] = (await parkedRows()).filter(({ msg_key }) => msg_key === headless);
    await expect(
      new ParkedRecords(lab.db, groups).repair(
        beyond.n,
        { eventId: newId(), counterId: headless, step: 1, note: '' },
        'no header',
      ),
    ).rejects.toMatchObject({ code: 'repair_refused', params: { error: expect.stringContaining('no ce_type') } });
    const report = await new Replay(lab.db, groups).replay(
      { consumer: 'crm.lab.effects', errorClass: 'undecodable' },
      { dryRun: false },
    );
    expect(report).toMatchObject({ keys: 6, replayed: 1, failedKeys: 5 });
    expect(Object.fromEntries(report.failures.map(({ key, error }) => [key, error]))).toEqual({
      [id]: 'ce_type crm.lab.\ufffd.v1 is no type',
      [odd]: 'The key is no text',
      [broken]: expect.stringContaining('no \ufffd JSON'),
      [acted]: 'ce_actor is no text',
      [headless]: 'The record has no ce_type header',
    });
    expect((await lab.effects()).get(mended)).toEqual([1]);
    await recordOperation(
      lab.db,
      { action: 'replay', filter: { parkedSince: new Date(0) } },
      { failures: [{ error: 'x\0y' }] },
    );
    expect(await lab.db.query(`select filter, result from inbox_replay where action = 'replay'`)).toEqual([
      { filter: { parkedSince: new Date(0).toISOString() }, result: { failures: [{ error: 'x\ufffdy' }] } },
    ]);
  });

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
    const then = await count();
    await eventually(() => expect(consumer.held('operator')).toBeGreaterThan(0));
    expect(await count()).toBe(then);
    expect(then).toBeLessThan(60);

    await controls.resume('crm.lab.effects', undefined);
    await lab.db.query(`update inbox_position set epoch = epoch + 1`);
    const told = await readControls(lab.db);
    consumer.obey({ paused: undefined, epochs: new Map() });
    await eventually(() => expect(consumer.held('transient')).toBeGreaterThan(0));
    expect(await count()).toBe(then);
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
    await eventually(async () => expect(await count()).toBe(elsewhere * 5));
    away = false;
    await eventually(async () => expect(await count()).toBe(60));
    expect(await parkedRows()).toEqual([]);
    for (const steps of (await lab.effects()).values()) expect(steps).toEqual(range(5));
  });

  it('stops parking when it is the consumer that is wrong, and loses nothing', async () => {
    const reactions = new EffectReactions();
    let broken = true;
    reactions.before = () => {
      if (broken) throw new TypeError('a defect that hits every record');
    };
    const consumer = lab.consumer(reactions, {}, { tries: 1, breakerPauseMs: 300 });
    await lab.write(range(200).map((n) => steppedRecord(newId(), n)));
    // Each of the four partitions stops by itself, and does so again after its pause.
    await eventually(() => expect(consumer.held('breaker')).toBe(4));
    await eventually(() => expect(consumer.held('breaker')).toBeLessThan(4));
    await eventually(() => expect(consumer.held('breaker')).toBe(4));
    const settled = (await parkedRows()).length;
    expect(settled).toBeLessThan(60);
    broken = false;
    await eventually(async () => expect((await count()) + settled).toBe(200));
    expect(consumer.problems().live).toEqual([]);
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

  it('parks bad data past the breaker when an operator says so, and tells what it is', async () => {
    const reactions = new EffectReactions();
    const consumer = lab.consumer(reactions, {}, { breakerPauseMs: 60_000 });
    const controls = new ConsumerControls(lab.db, lab.kafka, () => ReactionGroup.of([reactions]));
    const obeying = setInterval(
      () =>
        void readControls(lab.db)
          .then((control) => consumer.obey(control('crm.lab.effects')))
          .catch(() => undefined),
      50,
    );
    const [well, ...sick] = range(200)
      .map(newId)
      .filter((id) => bucketOf(id, 4) === 0)
      .slice(0, 15);
    await lab.write([...sick.map((id) => ({ ...steppedRecord(id, 1), value: '{"id":' })), steppedRecord(well!, 1)]);
    await eventually(() =>
      expect(consumer.problems().notes).toEqual([
        expect.stringMatching(
          /holds 1 partition: .*14 of 15 records.*such as offset 0: undecodable: The value is no JSON/,
        ),
      ]),
    );
    expect([await count(), (await parkedRows()).length]).toEqual([0, 0]);
    expect(await controls.resume('crm.lab.effects', 'a client wrote nonsense', 5)).toEqual({
      wasPaused: false,
      parksAllFor: 5,
    });
    await eventually(async () => expect([await count(), (await parkedRows()).length]).toEqual([1, 14]));
    expect(consumer.problems().notes).toEqual([]);
    clearInterval(obeying);
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
