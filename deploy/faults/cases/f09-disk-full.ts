import { setTimeout as sleep } from 'node:timers/promises';
import { alive } from '@quen/engines';
import { eventually } from '@quen/testing';
import { judge } from '../judge.js';
import { Ledger } from '../ledger.js';
import type { FaultCase } from '../run-case.js';
import { leakOutboxes } from '../sabotage.js';
import { SmallDisk } from '../small-disk.js';
import { fewServices } from '../stack.js';

let disks: { kafka: SmallDisk; postgres: SmallDisk } | undefined;

const faultCase: FaultCase = {
  id: 'F9',
  title: 'disk full under Kafka, then under Postgres',
  long: { seconds: 60, rate: 40, lanes: 6 },
  control: { title: 'events that never reach the outbox', durations: { seconds: 8, rate: 30, lanes: 4 } },
  prepare() {
    disks = { kafka: SmallDisk.mount(400), postgres: SmallDisk.mount(400) };
    return {
      services: fewServices,
      folders: { kafka: disks.kafka.place('kafka'), postgres: disks.postgres.place('postgres') },
    };
  },
  cleanUp() {
    disks?.kafka.unmount();
    disks?.postgres.unmount();
    disks = undefined;
  },
  async run({ stack, random, durations, control, report }) {
    if (!disks) throw new Error('there are no disks');
    for (const [name, disk] of Object.entries(disks))
      report.expect(disk.used > 0.05, `${name} does not keep its data on the small disk`);
    if (control) await leakOutboxes(stack);
    const pids = stack.all.map(({ process: { pid } }) => pid);
    for (const engine of ['kafka', 'postgres'] as const) {
      if (control && engine === 'postgres') continue;
      const ledger = new Ledger(stack, random, { ...durations, patienceMs: durations.seconds * 1000 + 120_000 });
      ledger.start();
      await sleep((durations.seconds * 1000) / 4);
      disks[engine].fill();
      const filled = ledger.acknowledged;
      await sleep((durations.seconds * 1000) / 4);
      // what frees itself, such as a segment that is recycled, is taken again
      disks[engine].fill();
      await sleep((durations.seconds * 1000) / 4);
      const meanwhile = ledger.acknowledged - filled;
      disks[engine].free();
      const freed = performance.now();
      const over = new AbortController();
      const kept = keep(engine === 'kafka' ? stack.brokers[0] : stack.postgres, over.signal);
      try {
        await sleep((durations.seconds * 1000) / 4);
        const before = ledger.acknowledged;
        await eventually(
          () => {
            if (ledger.acknowledged === before)
              throw new Error(`${engine}: no write is acknowledged after the space is back`);
          },
          { timeoutMs: 30_000 },
        );
        await ledger.stop();
        report.judged(await judge(stack, ledger, 120_000), ledger, {
          since: freed,
          withinSeconds: 90,
          of: `there was space under ${engine}`,
        });
      } finally {
        over.abort();
      }
      const starts = await kept;
      report.note(
        `${engine}${starts ? ' ended and was started again' : ' lived on'}; ${meanwhile} writes acknowledged while it was full; refusals ${JSON.stringify(ledger.answers)}`,
      );
      if (engine === 'kafka') report.expect(meanwhile > 0, 'writes were refused though only the broker had no space');
      else
        report.expect(
          Object.keys(ledger.answers).some((what) => what.startsWith('503')),
          'no write was refused with 503 while the database had no space',
        );
    }
    report.expect(
      stack.all.every(({ process: { pid } }, n) => pid === pids[n]),
      'a service was started again',
    );
  },
};
export default faultCase;

/**
 * An engine that its full disk ends, which may take it a while, comes back as its supervisor would bring it back;
 * nobody touches the services.
 * @returns how often it was started
 */
async function keep(
  member: { pid(): number; start(): Promise<unknown> } | undefined,
  signal: AbortSignal,
): Promise<number> {
  let starts = 0;
  for (; member && !signal.aborted; await sleep(250)) {
    if (alive(member.pid())) continue;
    // one that does not come up is tried again, and shows in the judge
    await member.start().then(
      () => starts++,
      () => undefined,
    );
  }
  return starts;
}
