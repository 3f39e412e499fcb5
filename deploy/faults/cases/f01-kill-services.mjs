import { setTimeout as sleep } from 'node:timers/promises';
import { judge } from '../judge.mjs';
import { Ledger } from '../ledger.mjs';

/** @type {import('../run-case.mjs').FaultCase} */
export default {
  id: 'F1',
  title: 'kill -9 of a random service every 3 s',
  long: { seconds: 300, everySeconds: 3, rate: 300, lanes: 16, drainSeconds: 30 },
  short: { seconds: 15, everySeconds: 3, rate: 40, lanes: 6, drainSeconds: 30 },
  async run({ stack, random, durations, report }) {
    const ledger = new Ledger(stack, random, durations);
    ledger.start();
    for (const end = performance.now() + durations.seconds * 1000; performance.now() < end; await sleep((durations.everySeconds ?? 3) * 1000)) {
      const { process: victim } = random.pick(stack.all);
      await victim.end('SIGKILL');
      victim.start();
      report.kills++;
    }
    const lastKill = performance.now();
    await ledger.stop();
    const judgement = await judge(stack, ledger, 120_000);
    report.judged(judgement, ledger);
    report.note(`drained ${((performance.now() - lastKill) / 1000).toFixed(1)} s after the last kill`);
  },
};
