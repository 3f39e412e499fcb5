import { eventually } from '@quen/testing';
import { pruneInbox } from '../consuming/positions.js';
import { ReactionGroup } from '../consuming/reaction-group.js';
import { On, Reactions } from '../consuming/reactions.js';
import type { Received } from '../consuming/received.js';
import { newId } from '../ids.js';
import type { OutgoingRecord } from '../kafka/port.js';
import { CounterReset, counterTopic } from '../testing/declarations.js';
import { Lab, steppedRecord } from '../testing/lab.js';
import { EffectReactions } from '../testing/reactions.js';
import type { Transaction } from '../transaction.js';
import { Reread, type RereadReport } from './reread.js';

/** The group as it was before it took steps. */
@Reactions('crm.lab.effects')
class ResetReactions {
  @On(CounterReset) async reset(_event: Received<CounterReset>, _tx: Transaction): Promise<void> {
    return Promise.resolve();
  }
}

const request = {
  consumer: 'crm.lab.effects',
  topic: counterTopic.name,
  type: 'crm.lab.counter-stepped.v1',
  since: new Date('2026-01-01T00:00:00Z'),
};

describe('A re-read', () => {
  const [id, other] = [newId(), newId()];
  let lab: Lab;
  let reactions: EffectReactions;
  let reread: (since?: Date, dryRun?: boolean) => Promise<RereadReport>;

  beforeAll(async () => {
    lab = await Lab.open();
    reactions = new EffectReactions();
    const groups = ReactionGroup.of([reactions]);
    const { db, kafka } = lab;
    const operation = new Reread({
      service: 'lab',
      db,
      kafka,
      groups: () => groups,
      transaction: {},
      wake: () => undefined,
    });
    reread = (since = request.since, dryRun = false) => operation.reread({ ...request, since }, { dryRun });

    const passed = [
      steppedRecord(id, 1),
      steppedRecord(other, 1),
      steppedRecord(other, 2),
      steppedRecord(id, 2),
      steppedRecord(id, 3),
    ];
    await lab.write(passed);
    const before = lab.consumer(new ResetReactions());
    await eventually(async () => expect(await positions()).toBe(passed.length));
    await before.stop();
    lab.consumer(reactions);
    await lab.write([live(4)]);
    await eventually(async () => expect((await lab.effects()).get(id)).toEqual([4]));
  });
  afterAll(() => lab.close());

  const live = (step: number): OutgoingRecord => steppedRecord(id, step);
  const positions = async (): Promise<number> => {
    const [{ sum }] = await lab.db.query<[{ sum: number }]>(
      `select coalesce(sum(next_offset), 0)::integer as sum from inbox_position where consumer = 'crm.lab.effects'`,
    );
    return sum;
  };

  it('only counts in a dry run, and takes nothing from before the time that is given', async () => {
    expect(await reread(request.since, true)).toEqual({ dryRun: true, matching: 5, taken: 5, parked: 0 });
    expect(await reread(new Date('2026-01-03T00:00:00Z'))).toMatchObject({ matching: 0, taken: 0 });
    expect((await lab.effects()).get(id)).toEqual([4]);
  });

  it('takes what was passed over once, in order, and parks what its handler refuses with what follows it', async () => {
    reactions.before = ({ aggregateId, data }) => {
      if (aggregateId === other && data.step === 1) throw new RangeError('a defect');
    };
    expect(await reread()).toEqual({ dryRun: false, matching: 5, taken: 5, parked: 2 });
    expect((await lab.effects()).get(id)).toEqual([4, 1, 2, 3]);
    expect(await lab.db.query(`select msg_key, error_class from inbox_parked order by n`)).toEqual([
      { msg_key: other, error_class: 'RangeError' },
      { msg_key: other, error_class: 'behind' },
    ]);
  });

  it('takes nothing a second time, even when the inbox has forgotten what was handled as it came', async () => {
    await pruneInbox(lab.db, 0);
    expect(await reread()).toEqual({ dryRun: false, matching: 5, taken: 0, parked: 0 });
    expect((await lab.effects()).get(id)).toEqual([4, 1, 2, 3]);
  });

  it('is for facts that the consumer takes', async () => {
    const { db, kafka } = lab;
    const groups = ReactionGroup.of([new ResetReactions()]);
    const operation = new Reread({
      service: 'lab',
      db,
      kafka,
      groups: () => groups,
      transaction: {},
      wake: () => undefined,
    });
    await expect(operation.reread(request, { dryRun: true })).rejects.toMatchObject({ code: 'unknown_type' });
  });
});
