import { deadLetterTopic } from '@quen/events';
import { eventually } from '@quen/testing';
import { newId } from '../ids.js';
import { bucketOf } from '../murmur2.js';
import { ConsumerControls, readControls } from '../operating/controls.js';
import { recordOperation } from '../operating/operation-log.js';
import { ParkedRecords } from '../operating/parked-records.js';
import { Replay } from '../operating/replay.js';
import { counterTopic } from '../testing/declarations.js';
import { Lab, steppedRecord } from '../testing/lab.js';
import { BulkEffectReactions, EffectReactions } from '../testing/reactions.js';
import { ReactionGroup } from './reaction-group.js';

const range = (count: number): number[] => Array.from({ length: count }, (_, n) => n + 1);

describe('A consumer that cannot take a record', () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await Lab.open();
  });
  afterEach(() => lab.close());

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
      expect(await lab.parked()).toMatchObject([
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
    await eventually(async () => expect(await lab.count()).toBe(32));
    await eventually(async () => expect(await lab.parked()).toHaveLength(8));
    expect((await lab.parked())[0]).toMatchObject({ msg_key: counters[1], error_class: 'RangeError', attempts: 3 });
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
    await eventually(async () => expect(await lab.count()).toBe(149));
    await eventually(async () =>
      expect(await lab.parked()).toMatchObject([{ msg_key: counters[77], error_class: 'RangeError', attempts: 3 }]),
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
    await eventually(async () => expect(await lab.parked()).toHaveLength(2));
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
    expect(await lab.parked()).toEqual([]);
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
    await eventually(async () => expect(await lab.count()).toBe(1));
    const odd = `o'd\ufffdd\\`;
    await eventually(async () =>
      expect(
        (await lab.parked()).map(({ msg_key, error_class }) => `${String(msg_key)} ${String(error_class)}`).sort(),
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
    const [{ n } = { n: '' }] = (await lab.parked()).filter(({ msg_key }) => msg_key === mended);
    await new ParkedRecords(lab.db, groups).repair(n, { counterId: mended, step: 1, note: '' }, 'the value is known');
    const [beyond = { n: '' }] = (await lab.parked()).filter(({ msg_key }) => msg_key === headless);
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
    const settled = (await lab.parked()).length;
    expect(settled).toBeLessThan(60);
    broken = false;
    await eventually(async () => expect((await lab.count()) + settled).toBe(200));
    expect(consumer.problems().live).toEqual([]);
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
    expect([await lab.count(), (await lab.parked()).length]).toEqual([0, 0]);
    expect(await controls.resume('crm.lab.effects', 'a client wrote nonsense', 5)).toEqual({
      wasPaused: false,
      parksAllFor: 5,
    });
    await eventually(async () => expect([await lab.count(), (await lab.parked()).length]).toEqual([1, 14]));
    expect(consumer.problems().notes).toEqual([]);
    clearInterval(obeying);
  });
});
