import { setTimeout as sleep } from 'node:timers/promises';
import { judge } from '../judge.js';
import { Ledger } from '../ledger.js';
import type { FaultCase } from '../run-case.js';
import { acknowledgeTooEarly } from '../sabotage.js';

const faultCase: FaultCase = {
  id: 'F3',
  title: 'kill -9 of Postgres and its children, under writes',
  long: { seconds: 120, rate: 300, lanes: 16, recoverySeconds: 15 },
  short: { seconds: 8, rate: 40, lanes: 6, recoverySeconds: 30 },
  control: {
    title: 'Postgres acknowledges before the disk has it',
    durations: { seconds: 8, rate: 100, lanes: 12, recoverySeconds: 15 },
  },
  async run({ stack, random, durations: { recoverySeconds = 15, ...durations }, control, report }) {
    if (control) await acknowledgeTooEarly(stack);
    const pids = stack.all.map(({ process: process_ }) => process_.pid);
    const ledger = new Ledger(stack, random, durations);
    ledger.start();
    for (const end = performance.now() + durations.seconds * 1000; performance.now() < end;) {
      await sleep(3_000 + random.below(2_000));
      await stack.postgres.kill();
      report.kills++;
      await sleep(random.below(3_000));
      await stack.postgres.start();
      const back = performance.now();
      await Promise.all(stack.all.map(({ process: process_ }) => process_.untilReady(60_000)));
      const recovered = (performance.now() - back) / 1000;
      report.note(`every service was ready ${recovered.toFixed(1)} s after Postgres answered again`);
      report.expect(recovered <= recoverySeconds, `services took ${recovered.toFixed(1)} s to recover`);
    }
    const healed = performance.now();
    await ledger.stop();
    report.judged(await judge(stack, ledger, 120_000), ledger, {
      since: healed,
      withinSeconds: 60,
      of: 'the services recovered',
    });
    report.expect(
      stack.all.every(({ process: process_ }, n) => process_.pid === pids[n]),
      'a service ended when Postgres died',
    );
    report.expect(
      !ledger.answers.cut && !ledger.answers.refused,
      `a gateway did not answer: ${JSON.stringify(ledger.answers)}`,
    );
    report.note(`writers saw ${JSON.stringify(ledger.answers)}`);
  },
};
export default faultCase;
