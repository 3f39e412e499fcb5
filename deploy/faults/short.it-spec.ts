import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runCase, shortNeeds, type FaultCase } from './run-case.js';
import { FaultStack } from './stack.js';

const folder = join(import.meta.dirname, 'cases');
const cases: FaultCase[] = await Promise.all(
  readdirSync(folder)
    .filter((name) => name.endsWith('.js'))
    .sort()
    .map(async (name) => (await import(join(folder, name))).default),
);
const seed = 7;

/** The short forms, one after the other on one stack: engines of its own, since they are killed. */
describe('Under faults every acknowledged write has its effects once, in order', () => {
  let stack: FaultStack | undefined;
  const stacks = {
    get: async () => (stack ??= await FaultStack.start(shortNeeds)),
    drop: async () => {
      const present = stack;
      stack = undefined;
      await present?.stop();
    },
  };

  beforeAll(stacks.get, 180_000);
  afterAll(stacks.drop, 60_000);

  for (const fault of cases) {
    const { short } = fault;
    if (!short) continue;
    it(`${fault.id}: ${fault.title}`, async () => {
      const { broken, notRun } = await runCase(fault, { stacks, seed, durations: short, needs: shortNeeds });
      expect(notRun).toBeUndefined();
      expect(broken).toEqual([]);
    }, 240_000);
  }
});
