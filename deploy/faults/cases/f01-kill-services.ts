import { setTimeout as sleep } from 'node:timers/promises';
import { judge } from '../judge.js';
import { Ledger } from '../ledger.js';
import type { FaultCase } from '../run-case.js';
import { repeatOrders } from '../sabotage.js';

const faultCase: FaultCase = {
  id: 'F1',
  title: 'kill -9 of a random service every 3 s, under writes',
  long: { seconds: 300, everySeconds: 3, rate: 300, lanes: 16, drainSeconds: 30 },
  short: { seconds: 9, everySeconds: 3, rate: 40, lanes: 6, drainSeconds: 90 },
  control: {
    title: 'without the inbox, and a relay whose acknowledgements are lost',
    needs: { guardsOff: ['inbox'] },
    durations: { seconds: 12, everySeconds: 3, rate: 40, lanes: 6, drainSeconds: 30 },
  },
  async run({ stack, random, durations: { everySeconds = 3, drainSeconds = 30, ...durations }, control, report }) {
    const ledger = new Ledger(stack, random, durations);
    ledger.start();
    for (
      const end = performance.now() + durations.seconds * 1000;
      performance.now() < end;
      await sleep(everySeconds * 1000)
    ) {
      const { process: victim } = random.pick(stack.all);
      await victim.end('SIGKILL');
      victim.start();
      report.kills++;
    }
    const lastKill = performance.now() - everySeconds * 1000;
    await ledger.stop();
    if (control) await repeatOrders(stack);
    report.judged(await judge(stack, ledger, 120_000), ledger, {
      since: lastKill,
      withinSeconds: drainSeconds,
      of: 'the last kill',
    });
  },
};
export default faultCase;
