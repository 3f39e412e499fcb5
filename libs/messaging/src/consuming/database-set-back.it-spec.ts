import { eventually } from '@quen/testing';
import { newId } from '../ids.js';
import { Lab, steppedRecord } from '../testing/lab.js';
import { EffectReactions } from '../testing/reactions.js';

const tables = ['effect', 'inbox', 'inbox_position'];
const steps = [1, 2, 3, 4, 5];

describe('A consumer whose database was set back', () => {
  let lab: Lab;

  beforeEach(async () => {
    lab = await Lab.open();
  });
  afterEach(() => lab.close());

  it.each([
    { to: 'to an earlier position', kept: 3, when: 'when the next record arrives', more: [6] },
    { to: 'to an earlier position', kept: 3, when: 'while nothing arrives', more: [] },
    { to: 'to the time before it had a position', kept: 0, when: 'when the next record arrives', more: [6] },
    { to: 'to the time before it had a position', kept: 0, when: 'while nothing arrives', more: [] },
  ])('$to reads again what was forgotten, $when', async ({ kept, more }) => {
    const counters = Array.from({ length: 8 }, newId);
    const write = (step: number): Promise<unknown> => lab.write(counters.map((id) => steppedRecord(id, step)));
    const everyEffect = new Map(counters.map((id) => [id, [...steps, ...more]]));
    const copy = (): Promise<unknown> =>
      lab.db.query(tables.map((table) => `create table copy_of_${table} as table ${table}`).join('; '));

    if (kept === 0) await copy();
    const consumer = lab.consumer(new EffectReactions());
    for (const step of steps) {
      await write(step);
      await eventually(async () => expect(await lab.db.query('select 1 from effect')).toHaveLength(8 * step));
      if (step === kept) await copy();
    }
    await lab.db.query(
      `begin; truncate ${tables.join()}; ${tables.map((table) => `insert into ${table} overriding system value table copy_of_${table};`).join(' ')} commit`,
    );
    for (const step of more) await write(step);
    if (!more.length) await consumer.recover();
    await eventually(async () => expect(await lab.effects()).toEqual(everyEffect));
  });
});
