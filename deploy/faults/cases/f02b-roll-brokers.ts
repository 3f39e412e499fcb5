import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@quen/testing';
import { judge } from '../judge.js';
import { Ledger } from '../ledger.js';
import type { FaultCase } from '../run-case.js';
import { leakOutboxes } from '../sabotage.js';
import { fewServices } from '../stack.js';

const faultCase: FaultCase = {
  id: 'F2b',
  title: 'kill -9 of one of three brokers after the other, min ISR 2, under writes',
  needs: { brokers: 3, services: fewServices },
  long: { seconds: 180, rate: 150, lanes: 12, drainSeconds: 60 },
  control: {
    title: 'events that never reach the outbox',
    durations: { seconds: 10, rate: 30, lanes: 6, drainSeconds: 60 },
  },
  async run({ stack, random, durations: { drainSeconds = 60, ...durations }, control, report }) {
    if (control) await leakOutboxes(stack);
    const ledger = new Ledger(stack, random, { ...durations, patienceMs: control ? 20_000 : drainSeconds * 1000 });
    ledger.start();
    // a cluster of three bears one loss at a time: the next dies when the replicas are in sync again
    for (let n = 0, end = performance.now() + durations.seconds * 1000; performance.now() < end; n++) {
      const broker = stack.brokers[n % stack.brokers.length] as (typeof stack.brokers)[number];
      await sleep(2_000);
      await broker.kill();
      report.kills++;
      await sleep(5_000 + random.below(10_000));
      await broker.start();
      await eventually(
        async () => {
          const behind = await stack.services.customers.bus.underReplicated();
          if (behind) throw new Error(`${behind} partitions are not in sync`);
        },
        { timeoutMs: 60_000, everyMs: 250 },
      );
    }
    const back = performance.now();
    await ledger.stop();
    report.judged(await judge(stack, ledger, 120_000), ledger, {
      since: back,
      withinSeconds: drainSeconds,
      of: 'the last broker came back',
    });
    report.note(`the slowest write took ${Math.round(ledger.slowest)} ms`);
    report.expect(Object.keys(ledger.answers).length === 0, `writes were refused: ${JSON.stringify(ledger.answers)}`);
  },
};
export default faultCase;
