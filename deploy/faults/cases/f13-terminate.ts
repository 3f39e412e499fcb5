import { setTimeout as sleep } from 'node:timers/promises';
import { judge } from '../judge.js';
import { Ledger } from '../ledger.js';
import type { FaultCase } from '../run-case.js';

const faultCase: FaultCase = {
  id: 'F13',
  title: 'SIGTERM of one service after the other, under writes',
  long: { seconds: 120, rate: 300, lanes: 16, exitSeconds: 30 },
  short: { seconds: 8, rate: 40, lanes: 6, exitSeconds: 30 },
  control: { title: 'ended by SIGKILL instead', durations: { seconds: 15, rate: 100, lanes: 16, exitSeconds: 30 } },
  async run({ stack, random, durations: { exitSeconds = 30, ...durations }, control, report }) {
    const ledger = new Ledger(stack, random, durations);
    ledger.start();
    let slowest = 0;
    /** When which service was told to stop, had stopped and was ready again. */
    const ends: { service: string; asked: number; ended: number; ready: number }[] = [];
    for (let n = 0, end = performance.now() + durations.seconds * 1000; performance.now() < end; n++) {
      await sleep(1_500);
      const service = stack.all[n % stack.all.length] as (typeof stack.all)[number];
      const asked = performance.now();
      const ended = await service.process.end(control ? 'SIGKILL' : 'SIGTERM');
      const stopped = performance.now();
      const seconds = (stopped - asked) / 1000;
      slowest = Math.max(slowest, seconds);
      report.kills++;
      report.expect(ended === 0, `${service.name} ended with ${ended}`);
      report.expect(seconds <= exitSeconds, `${service.name} took ${seconds.toFixed(1)} s to end`);
      service.process.start();
      await service.process.untilReady(120_000);
      ends.push({ service: service.name, asked, ended: stopped, ready: performance.now() });
    }
    const healed = performance.now();
    await ledger.stop();
    report.judged(await judge(stack, ledger, 120_000), ledger, {
      since: healed,
      withinSeconds: 60,
      of: 'the last service was back',
    });
    // Whoever knocks in the moment in which the port closes, or asks over a connection in the moment in which it does,
    // meets a reset: TCP and HTTP know no way to part without. It is no answer, so nothing is promised, and the writer
    // repeats it. An answer is another matter: what was read is answered.
    const told = ledger.gateway.refusals
      .filter(({ what }) => what !== 'refused')
      .map(({ at, service, what }) => {
        const end = ends.findLast((each) => each.service === service && each.asked <= at);
        const when = !end
          ? 'before its first end'
          : `${Math.round(at - end.asked)} ms after SIGTERM, ${at < end.ended ? 'stopping' : at < end.ready ? 'starting' : 'ready'}`;
        return `${what} of ${service}, ${when}`;
      });
    const answered = told.filter((each) => !each.startsWith('cut'));
    report.expect(
      answered.length === 0,
      `${answered.length} were answered by something else than an acknowledgement: ${answered.slice(0, 10).join('; ')}`,
    );
    if (told.length) report.note(told.slice(0, 20).join('; '));
    report.note(`the slowest exit took ${slowest.toFixed(1)} s; writers saw ${JSON.stringify(ledger.answers)}`);
  },
};
export default faultCase;
