import { compact } from '../compaction.js';
import { eraseCustomer } from '../erasure.js';
import { judge, untilDrained } from '../judge.js';
import { Ledger } from '../ledger.js';
import type { FaultCase } from '../run-case.js';
import type { FaultStack } from '../stack.js';

const topic = 'crm.customers.customer.state.v1';

/**
 * Replicas of the customers that are empty when their consumer begins anew. Support's rows may also hold an insight
 * alone.
 */
const rebuilt = {
  sales: {
    consumer: 'crm.sales.customer-replica',
    empty: 'delete from customer; delete from erased',
    known: 'select id, version::int, display_name as name, code from customer where id = any($1) order by id',
  },
  support: {
    consumer: 'crm.support.customer-replica',
    empty: 'delete from customer; delete from erased',
    known:
      'select id, version::int, display_name as name, code from customer where version >= 0 and id = any($1) order by id',
  },
} as const;

const faultCase: FaultCase = {
  id: 'F10',
  title: 'forced compaction, then a new consumer from offset 0',
  long: { seconds: 60, rate: 60 },
  short: { seconds: 5, rate: 40, lanes: 4 },
  control: { title: 'a record of the topic is lost', durations: { seconds: 5, rate: 40, lanes: 4 } },
  async run({ stack, seed, random, durations, control, report }) {
    const ledger = new Ledger(stack, random, durations);
    ledger.start();
    await new Promise((done) => setTimeout(done, durations.seconds * 1000));
    await ledger.stop();
    const stopped = performance.now();
    report.judged(await judge(stack, ledger, 120_000), ledger, {
      since: stopped,
      withinSeconds: 60,
      of: 'the last write',
    });

    const { customers } = stack.services;
    const erased = ledger.entries.filter((_, n) => n === 0 || random() < 0.2);
    for (const { customerId, version } of erased) await eraseCustomer(customers, customerId, version + 1);
    await untilDrained(stack, 30_000);
    const before = await length(stack);
    // with an even seed the new consumer reads tombstones, with an odd one they are gone, too
    await compact(stack, [topic], seed % 2 ? erased.map(({ customerId }) => customerId) : []);
    report.note(
      `${before} records became ${await length(stack)}; ${erased.length} of ${ledger.entries.length} customers erased, ${seed % 2 === 0 ? 'tombstones kept' : 'tombstones removed'}`,
    );

    const services = Object.entries(rebuilt).flatMap(([name, how]) => {
      const service = stack.services[name as keyof typeof rebuilt];
      return service ? [{ service, ...how }] : [];
    });
    for (const { service, consumer, empty } of services) {
      await service.kill();
      await service.sql(empty);
      await service.sql('delete from inbox where consumer = $1', [consumer]);
      await service.sql('delete from inbox_position where consumer = $1', [consumer]);
    }
    const began = performance.now();
    await Promise.all(services.map(({ service }) => service.restart()));
    const drained = await untilDrained(stack, 60_000);
    report.expect(drained !== undefined, 'the new consumers did not come to the end of the topic within 60 s');
    report.note(`at the end ${((performance.now() - began) / 1000).toFixed(1)} s after their start`);
    if (control)
      await stack.services.sales.sql('delete from customer where id = $1', [
        ledger.entries.find(({ customerId }) => !erased.some((entry) => entry.customerId === customerId))?.customerId,
      ]);
    const owned = await customers.sql('select id, version::int, display_name as name, code from customer order by id');
    // records that another case wrote straight to the topic on the same stack have no owner
    const ours = [...owned, ...ledger.entries.map(({ customerId }) => ({ id: customerId }))].map(({ id }) => id);
    for (const { service, known } of services) {
      report.expect(
        JSON.stringify(await service.sql(known, [ours])) === JSON.stringify(owned),
        `${service.name}'s table differs from the owner's`,
      );
      const [skipped] =
        (await (await fetch(service.metricsUrl)).text()).match(/^crm_consumer_watchdog_total.* [1-9].*$/m) ?? [];
      if (skipped) report.note(`${service.name}: ${skipped}`);
    }
  },
};
export default faultCase;

/** How many records the topic holds. */
async function length(stack: FaultStack) {
  let records = 0;
  await stack.services.customers.bus.scan([topic], () => records++);
  return records;
}
