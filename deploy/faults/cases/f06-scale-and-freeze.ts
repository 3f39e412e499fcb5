import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceProcess, TestService } from '@quen/testing';
import { judge } from '../judge.js';
import { Ledger } from '../ledger.js';
import type { FaultCase } from '../run-case.js';
import { repeatOldInsights } from '../sabotage.js';
import type { FaultStack } from '../stack.js';

/** Longer than a relay's lease; with less the lease is ended from outside. */
const leaseSeconds = 35;

const faultCase: FaultCase = {
  id: 'F6',
  title: 'one process of analytics frozen in the middle of a transaction; its consumers and relays scaled 1 ↔ 6',
  long: { seconds: 180, everySeconds: 5, members: 6, frozenSeconds: 60, rate: 300, lanes: 16 },
  short: { seconds: 2, everySeconds: 2, members: 2, frozenSeconds: 13, rate: 40, lanes: 6 },
  // Without fence and inbox the primary keys of analytics' facts would still refuse what the thawed process repeats;
  // only its relay can do harm, when rows that it has read arrive after those of the next owner.
  control: {
    title: 'without leases, and a relay that sends what it has read long after others',
    needs: { guardsOff: ['leases', 'resend'] },
    durations: { seconds: 6, everySeconds: 6, members: 4, frozenSeconds: 13, rate: 60, lanes: 12 },
  },
  async run({
    stack,
    random,
    durations: { members = 6, everySeconds = 5, frozenSeconds = 60, ...durations },
    control,
    report,
  }) {
    const { analytics } = stack.services;
    const ledger = new Ledger(stack, random, durations);
    ledger.start();
    let others = await scaleUp(stack, members - 1);

    const zombie = others[0] as ServiceProcess;
    await freezeInTransaction(analytics, zombie);
    if (frozenSeconds < leaseSeconds) {
      await analytics.sql(
        `with gone as (delete from outbox_relay where owner like $1) update outbox_lease set expires_at = '-infinity' where owner like $1`,
        [`%|${zombie.pid}|%`],
      );
    }
    await sleep(frozenSeconds * 1000);
    const [{ n }] = await analytics.sql(`select count(*)::int as n from outbox_lease where owner like $1`, [
      `%|${zombie.pid}|%`,
    ]);
    report.expect(n === 0, `the frozen relay still has ${n} shards after ${frozenSeconds} s`);
    zombie.signal('SIGCONT');
    report.kills++;

    for (
      const end = performance.now() + durations.seconds * 1000;
      performance.now() < end;
      await sleep(everySeconds * 1000)
    ) {
      report.kills += others.length;
      if (others.length) {
        const signal = random.pick(['SIGTERM', 'SIGKILL'] as const);
        await Promise.all(others.splice(0).map((process_) => process_.end(signal)));
      } else others = await scaleUp(stack, members - 1);
    }
    const healed = performance.now();
    await ledger.stop();
    if (control) await repeatOldInsights(stack);
    report.judged(await judge(stack, ledger, 120_000), ledger, {
      since: healed,
      withinSeconds: 60,
      of: 'the last change of members',
    });
  },
};
export default faultCase;

/** More processes of analytics that consume and relay, ready. */
async function scaleUp(stack: FaultStack, count: number) {
  const started = await Promise.all(
    Array.from({ length: count }, () => stack.another('analytics', { ROLES: 'consumer,relay' })),
  );
  for (const process_ of started) process_.start();
  await Promise.all(started.map((process_) => process_.untilReady(120_000)));
  return started;
}

/**
 * Freezes a process while one of its transactions is open: a lock on what it writes, whichever topics it reads, holds
 * it there until it is frozen.
 */
async function freezeInTransaction(service: TestService, process_: ServiceProcess) {
  for (let attempt = 1; attempt <= 5; attempt++) {
    const locked = service.sql(
      'do $$ begin lock table sales_fact, payment_fact, service_fact, market_fact, insight in exclusive mode; perform pg_sleep(3); end $$',
    );
    await sleep(2_500);
    process_.signal('SIGSTOP');
    await locked;
    await sleep(1_500);
    const [{ n }] = await service.sql(
      `select count(*)::int as n from pg_stat_activity where state = 'idle in transaction' and state_change < now() - interval '1 second' and datname = current_database()`,
    );
    if (n > 0) return;
    process_.signal('SIGCONT');
  }
  throw new Error('The process was never in the middle of a transaction');
}
