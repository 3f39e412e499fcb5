import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { topics } from '@quen/events';
import { Gateway } from '../gateway.js';
import { untilDrained } from '../judge.js';
import type { Random } from '../random.js';
import type { Report } from '../report.js';
import type { FaultCase } from '../run-case.js';
import type { FaultStack } from '../stack.js';
import { compareStories } from '../story-judge.js';
import { sequences, type Model } from '../story-model.js';
import { StoryPlayer } from '../story-player.js';
import { Wire, type WireRecord } from '../wire.js';

/** Scale 1 is a thousand sequences: as many seconds of so many. */
const sequencesPerSecond = 10;
const atOnce = 16;

const faultCase: FaultCase = {
  id: 'F15',
  title: 'random commands and faults against a model in memory',
  long: { seconds: 100, rate: 0, everySeconds: 4 },
  control: { title: 'payments are lost in analytics', durations: { seconds: 3, rate: 0, everySeconds: 4 } },
  async run({ stack, seed, random, durations, control, report, say }) {
    const total = Math.max(Math.round(durations.seconds * sequencesPerSecond), 1);
    const all = fc.sample(sequences, { seed, numRuns: total });
    const gateway = new Gateway(stack.ground.branchId);
    const player = new StoryPlayer(stack, gateway);
    const models: Map<Model, number> = new Map();
    const waiting = [...all.entries()];
    const describe = (n: number) => `seed ${seed}, sequence ${n}: ${JSON.stringify(all[n])}`;
    let playing = true;
    const faults = disturb(stack, random, () => playing, durations.everySeconds ?? 4, report);
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        for (let next = waiting.shift(); next; next = waiting.shift()) {
          const [n, commands] = next;
          try {
            models.set(await player.play(commands), n);
          } catch (error) {
            report.broken.push(`${error instanceof Error ? error.message : error}; ${describe(n)}`);
          }
          if ((models.size + report.broken.length) % 100 === 0) say(`${models.size} sequences played`);
        }
      }),
    );
    playing = false;
    await faults;
    await Promise.all(stack.all.map(({ process: process_ }) => process_.untilReady(60_000)));
    report.expect((await untilDrained(stack, 120_000)) !== undefined, 'not drained within 120 s');
    if (control)
      await stack.services.analytics.sql('delete from payment_fact where customer_id = any($1)', [
        [...models.keys()].map(({ customerId }) => customerId),
      ]);
    for (const { model, finding } of await compareStories(stack, gateway, [...models.keys()]))
      report.broken.push(`${finding}; ${describe(models.get(model) ?? -1)}`);
    report.broken.push(...gateway.wrong.slice(0, 3));
    report.note(
      `${models.size} of ${total} sequences, ${all.reduce((sum, { length }) => sum + length, 0)} commands; refusals on the way ${JSON.stringify(gateway.answers)}`,
    );
  },
};
export default faultCase;

/** Kills a service, freezes the broker, or sends again what is on the topics, every few seconds. */
async function disturb(stack: FaultStack, random: Random, going: () => boolean, everySeconds: number, report: Report) {
  for (; going(); await sleep(everySeconds * 1000)) {
    const what = random.pick(['kill', 'kill', 'freeze', 'duplicate']);
    if (what === 'kill') {
      const { process: victim } = random.pick(stack.all);
      await victim.end('SIGKILL');
      victim.start();
      report.kills++;
    } else if (what === 'freeze') {
      const broker = random.pick(stack.brokers);
      broker.freeze();
      await sleep(2_000);
      broker.thaw();
    } else await sendAgain(stack, random);
  }
}

/** Some records of a topic come once more, as they are. */
async function sendAgain(stack: FaultStack, random: Random) {
  const { bus } = stack.services.customers;
  const topic = random.pick(
    topics().filter(
      ({ service, kind }) => ['customers', 'sales'].includes(service) && (kind === 'facts' || kind === 'state'),
    ),
  ).name;
  const chosen: WireRecord[] = [];
  await bus.scan([topic], ({ key, value, headers }) => {
    if (random() < 0.02) chosen.push({ topic, key, value, headers });
  });
  if (chosen.length) await Wire.open(bus, (wire) => wire.send(chosen.slice(-100)));
}
