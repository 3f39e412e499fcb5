import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Json } from '@quen/testing';
import { comparePayments, newOrders, payFor, type Payment } from '../payments.js';
import type { FaultCase } from '../run-case.js';
import { fewServices } from '../stack.js';
import { Wire } from '../wire.js';

/** Scale 1 is a backlog of a million events: as many seconds of so many. */
const eventsPerSecond = 10_000;
const consumer = 'crm.analytics.facts';
const ownRate = 3_000,
  ownMemory = 512;
// As a firm's server is set. With Postgres' own settings it checkpoints every minute here and then logs each page whole
// once more.
const postgresSettings = { shared_buffers: '512MB', max_wal_size: '4GB' };

const faultCase: FaultCase = {
  id: 'F14',
  title: 'a backlog of a million events, then a consumer process starts',
  needs: { services: fewServices, partitions: 12, postgresSettings },
  long: { seconds: 100, rate: 0 },
  control: { title: 'a row of the store is lost', durations: { seconds: 1, rate: 0 } },
  async run({ stack, random, durations, control, report, say }) {
    const { analytics } = stack.services;
    for (const service of stack.all) await service.kill();
    const total = Math.round(durations.seconds * eventsPerSecond);
    const orders = newOrders(Math.max(Math.ceil(total / 50), 10));
    const payments: Payment[] = [];
    await Wire.open(analytics.bus, async (wire) => {
      for (let written = 0; written < total; written += 2_000) {
        const made = Array.from({ length: Math.min(2_000, total - written) }, () =>
          payFor(random.pick(orders), 1_000 + random.below(1_000)),
        );
        await wire.send(made.map(({ record }) => record));
        // without the record: a million of them would not fit
        for (const { id, orderId, customerId, amount } of made)
          payments.push({ id, orderId, customerId, amount } as Json);
      }
    });
    say(`${total} records are on the topic`);

    const done = async () =>
      Number(
        (
          await analytics.sql(
            'select coalesce(sum(next_offset), 0) as n from inbox_position where consumer = $1 and topic = $2',
            [consumer, 'crm.sales.order.v1'],
          )
        )[0]?.n,
      );
    const before = await done();
    analytics.process.start();
    let peak = 0,
      first = 0,
      last = 0,
      seen = before;
    for (const deadline = performance.now() + 60_000 + total; seen - before < total; await sleep(200)) {
      peak = Math.max(peak, residentMegabytes(analytics.process.pid));
      seen = await done();
      const now = performance.now();
      if (seen === before) first = now;
      last = now;
      if (now > deadline) break;
    }
    const rate = ((seen - before) * 1000) / (last - first);
    report.note(
      `${seen - before} of ${total} effects at ${Math.round(rate)} a second (${(rate / ownRate).toFixed(2)} of the specified ${ownRate}), peak memory ${Math.round(peak)} MiB (specified: ${ownMemory})`,
    );
    if (control) await analytics.sql('delete from payment_fact where event_id = $1', [payments[0]?.id]);
    await Promise.all(stack.all.filter((each) => each !== analytics).map((each) => each.restart()));
    report.expect(seen - before === total, `${total - seen + before} events have no effect`);
    report.broken.push(...(await comparePayments(stack, payments)).filter((finding) => !finding.includes('timeline')));
    report.expect(peak < ownMemory, `the process took ${Math.round(peak)} MiB`);
    // a figure of the machine as much as of the code: said apart, and no reason to call correct effects wrong
    report.note(rate >= ownRate ? 'the specified rate is reached' : 'THE SPECIFIED RATE IS MISSED on this machine');
  },
};
export default faultCase;

/** Most memory that a process has had so far. */
function residentMegabytes(pid: number | undefined) {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
