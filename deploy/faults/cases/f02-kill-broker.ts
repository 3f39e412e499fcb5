import { setTimeout as sleep } from 'node:timers/promises';
import { judge } from '../judge.js';
import { Ledger } from '../ledger.js';
import type { FaultCase } from '../run-case.js';
import { leakOutboxes } from '../sabotage.js';

const faultCase: FaultCase = {
  id: 'F2',
  title: 'kill -9 of the broker, under writes',
  long: { seconds: 20, rate: 300, lanes: 16, drainSeconds: 60 },
  short: { seconds: 8, rate: 40, lanes: 6, drainSeconds: 90 },
  control: {
    title: 'events that never reach the outbox',
    durations: { seconds: 5, rate: 40, lanes: 6, drainSeconds: 60 },
  },
  async run({ stack, random, durations: { drainSeconds = 60, ...durations }, control, report }) {
    const [broker] = stack.brokers;
    if (!broker) throw new Error('There is no broker');
    if (control) await leakOutboxes(stack);
    const ledger = new Ledger(stack, random, { ...durations, patienceMs: control ? 20_000 : drainSeconds * 1000 });
    ledger.start();
    await sleep(3_000);
    await broker.kill();
    report.kills++;
    const before = ledger.acknowledged;
    await sleep(durations.seconds * 1000);
    const meanwhile = ledger.acknowledged - before;
    // the gateway is of use without a broker, so nobody may take it out of service
    const ready = await Promise.all(
      stack.all.map(async (service) => ({
        name: service.name,
        status: (await fetch(`${service.url}/healthz/ready`)).status,
      })),
    );
    for (const { name, status } of ready)
      report.expect(status === 200, `${name} is not ready while only the broker is away (${status})`);
    await broker.start();
    const back = performance.now();
    await sleep(1_000);
    await ledger.stop();
    report.judged(await judge(stack, ledger, 120_000), ledger, {
      since: back,
      withinSeconds: drainSeconds,
      of: 'the broker came back',
    });
    report.note(
      `${meanwhile} writes acknowledged while the broker was away, the slowest of all took ${Math.round(ledger.slowest)} ms`,
    );
    report.expect(
      meanwhile > (durations.seconds * durations.rate) / 20,
      `only ${meanwhile} writes were acknowledged while the broker was away`,
    );
    report.expect(Object.keys(ledger.answers).length === 0, `writes were refused: ${JSON.stringify(ledger.answers)}`);
  },
};
export default faultCase;
