import { setTimeout as sleep } from 'node:timers/promises';
import { judge } from '../judge.mjs';
import { Ledger } from '../ledger.mjs';

/** @type {import('../run-case.mjs').FaultCase} */
export default {
  id: 'F13',
  title: 'SIGTERM of one service after the other, under writes',
  long: { seconds: 120, rate: 300, lanes: 16, exitSeconds: 30 },
  short: { seconds: 8, rate: 40, lanes: 6, exitSeconds: 30 },
  control: { title: 'ended by SIGKILL instead', durations: { seconds: 15, rate: 100, lanes: 16, exitSeconds: 30 } },
  async run({ stack, random, durations: { exitSeconds = 30, ...durations }, control, report }) {
    const ledger = new Ledger(stack, random, durations);
    ledger.start();
    let slowest = 0;
    for (let n = 0, end = performance.now() + durations.seconds * 1000; performance.now() < end; n++) {
      await sleep(1_500);
      const service = /** @type {typeof stack.all[number]} */ (stack.all[n % stack.all.length]);
      const asked = performance.now();
      const ended = await service.process.end(control ? 'SIGKILL' : 'SIGTERM');
      const seconds = (performance.now() - asked) / 1000;
      slowest = Math.max(slowest, seconds);
      report.kills++;
      report.expect(ended === 0, `${service.name} ended with ${ended}`);
      report.expect(seconds <= exitSeconds, `${service.name} took ${seconds.toFixed(1)} s to end`);
      service.process.start();
      await service.process.untilReady(120_000);
    }
    const healed = performance.now();
    await ledger.stop();
    report.judged(await judge(stack, ledger, 120_000), ledger, { since: healed, withinSeconds: 60, of: 'the last service was back' });
    // a process that is about to end answers what it has read, and then accepts nothing more; a request on its way over a connection that closes meanwhile meets a reset, as HTTP allows
    const unclean = ledger.gateway.refusals.filter(({ what }) => what !== 'refused');
    report.expect(unclean.length === 0, `${unclean.length} answers were neither an acknowledgement nor a refused connection: ${JSON.stringify(ledger.answers)}`);
    report.note(`the slowest exit took ${slowest.toFixed(1)} s; writers saw ${JSON.stringify(ledger.answers)}`);
  },
};
