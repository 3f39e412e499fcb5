import { setTimeout as sleep } from 'node:timers/promises';
import type { Json } from '@quen/testing';
import { judge } from '../judge.js';
import { Ledger } from '../ledger.js';
import { Proxy, type Conditions } from '../proxy.js';
import type { FaultCase } from '../run-case.js';
import { leakOutboxes } from '../sabotage.js';
import { fewServices, type FaultStack } from '../stack.js';

type Engine = 'kafka' | 'postgres';

const proxies: Record<Engine, Proxy> = {} as Json;
const recoveredWithinMs = 60_000;
/**
 * A statement's own limit of 10 s, 5 s for the network and 5 s for a connection, and some more for a machine that is
 * busy.
 */
const answeredWithinMs = 22_000;
/**
 * A list of customers takes two connections, for each of which it may wait 5 s, and six round trips, each of which is
 * answered in time.
 */
const answeredWithinLatencyMs = 2 * 5_000 + 6 * 4_000 + 2_000;

/** What the network does, and at which engines a service says so. */
const faults: Record<string, { conditions: Conditions; noticed: Engine[] }> = {
  'latency of 2 s': { conditions: { latencyMs: 2_000 }, noticed: ['postgres'] },
  reset: { conditions: { reset: true }, noticed: ['postgres', 'kafka'] },
  '1 kB/s': { conditions: { bytesPerSecond: 1_000 }, noticed: [] },
  'black hole': { conditions: { blackHole: true }, noticed: ['postgres', 'kafka'] },
};

const faultCase: FaultCase = {
  id: 'F4',
  title: 'latency, reset, 1 kB/s and black hole between services and broker, services and database',
  needs: {
    services: fewServices,
    proxy: async (engine, port) => (proxies[engine] = new Proxy(port)).listen(),
  },
  long: { seconds: 60, rate: 20, lanes: 6 },
  control: { title: 'events that never reach the outbox', durations: { seconds: 12, rate: 20, lanes: 6 } },
  async run({ stack, random, durations, control, report, say }) {
    if (control) await leakOutboxes(stack);
    const pids = stack.all.map(({ process: { pid } }) => pid);
    for (const engine of ['kafka', 'postgres'] as const) {
      for (const [title, fault] of Object.entries(faults)) {
        if (control && !(engine === 'kafka' && title === 'black hole')) continue;
        const name = `${engine}, ${title}`;
        const ledger = new Ledger(stack, random, { ...durations, patienceMs: durations.seconds * 1000 + 120_000 });
        ledger.start();
        await sleep(2_000);
        proxies[engine].set(fault.conditions);
        const watch = new Readiness(stack);
        const probes = new Probes(stack);
        // what a black hole does shows only after the longest of the services' patiences
        await sleep(Math.max(durations.seconds, fault.conditions.blackHole ? 25 : 0) * 1000);
        proxies[engine].set();
        await Promise.all([watch.stop(), probes.stop()]);
        const mended = performance.now();
        await ledger.stop();
        await Promise.all(stack.all.map(({ process: process_ }) => process_.untilReady(recoveredWithinMs)));
        report.judged(await judge(stack, ledger, 120_000), ledger, {
          since: mended,
          withinSeconds: 60,
          of: `the end of: ${name}`,
        });
        report.note(
          `${name}: ${ledger.acknowledged} writes, not ready ${[...watch.unready].join(', ') || 'nobody'}, troubled ${[...watch.troubled].join(', ') || 'nobody'}; probes ${JSON.stringify(probes.answers)}, slowest ${(probes.slowestMs / 1000).toFixed(1)} s; drained ${report.drained?.toFixed(1)} s after`,
        );
        say(String(report.notes.at(-1)));
        // a gateway can do without the broker for a while and stays ready, but says what is wrong
        if (fault.noticed.includes(engine))
          report.expect(
            (engine === 'postgres' ? watch.unready : watch.troubled).size > 0,
            `${name}: everybody said that all was well`,
          );
        if (engine === 'kafka')
          report.expect(
            watch.unready.size === 0,
            `${name}: ${[...watch.unready].join(', ')} took itself out of service`,
          );
        report.expect(
          probes.slowestMs < (fault.conditions.latencyMs ? answeredWithinLatencyMs : answeredWithinMs),
          `${name}: a request took ${(probes.slowestMs / 1000).toFixed(1)} s`,
        );
        const wrong = Object.keys(probes.answers).filter((status) => !['200', '503'].includes(status));
        report.expect(!wrong.length, `${name}: requests ended with ${wrong.join(', ')}`);
        if (engine === 'postgres' && title === 'black hole')
          report.expect(probes.answers['503'] !== undefined, `${name}: no request was answered with 503`);
        report.expect(
          stack.all.every(({ process: { pid } }, n) => pid === pids[n]),
          `${name}: a service was started again`,
        );
      }
    }
  },
};
export default faultCase;

/** Who said not to be ready meanwhile, and who did not say anything. */
class Readiness {
  unready: Set<string> = new Set();
  troubled: Set<string> = new Set();
  #watching = true;
  #done: Promise<unknown>;

  constructor(stack: FaultStack) {
    this.#done = Promise.all(
      stack.all.map(async ({ name, url }) => {
        for (; this.#watching; await sleep(500)) {
          const answer = await fetch(`${url}/healthz/ready`, { signal: AbortSignal.timeout(6_000) }).catch(
            () => undefined,
          );
          const health = ((await answer?.json().catch(() => ({}))) ?? {}) as { reasons?: string[] };
          if (answer?.status !== 200) this.unready.add(answer ? name : `${name} (no answer)`);
          if (health.reasons?.length) this.troubled.add(name);
        }
      }),
    );
  }

  async stop() {
    this.#watching = false;
    await this.#done;
  }
}

/** Somebody who reads a customer's list all the while, and waits as long as it takes. */
class Probes {
  answers: Record<string, number> = {};
  slowestMs = 0;
  #going = true;
  #done: Promise<void>;

  constructor(stack: FaultStack) {
    this.#done = this.#go(stack);
  }

  async stop() {
    this.#going = false;
    await this.#done;
  }

  async #go(stack: FaultStack) {
    const client = stack.services.customers.as({ roles: ['administrator'], branchId: stack.ground.branchId });
    for (; this.#going; await sleep(500)) {
      const began = performance.now();
      const status = await client.get('/v1/customers?limit=1').then(
        (answer) => answer.status,
        () => 'no answer',
      );
      this.answers[status] = (this.answers[status] ?? 0) + 1;
      this.slowestMs = Math.max(this.slowestMs, performance.now() - began);
    }
  }
}
