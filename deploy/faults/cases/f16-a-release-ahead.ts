import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { build, ContractEnded } from '@quen/events';
import type { Json } from '@quen/testing';
import { judge } from '../judge.js';
import { Ledger } from '../ledger.js';
import type { FaultCase } from '../run-case.js';
import { sellFromTomorrow } from '../sabotage.js';
import { recordOf, Wire } from '../wire.js';

/** What the services of today have not heard of. */
const newType = 'crm.sales.payment-promised.v1',
  newEnding = 'novated';

const faultCase: FaultCase = {
  id: 'F16',
  title: 'sales a release ahead of all others: a new type, a new optional field, a new value of a vocabulary',
  long: { seconds: 120, rate: 300, lanes: 16 },
  short: { seconds: 4, rate: 40, lanes: 6 },
  control: { title: 'a closed list gains a value, too', durations: { seconds: 5, rate: 40, lanes: 6 } },
  async run({ stack, random, durations, control, report }) {
    const today = await sellFromTomorrow(stack, { newType, closedToo: control });
    const contracts = Array.from({ length: 20 }, () => ({ contractId: randomUUID(), customerId: randomUUID() }));
    const ledger = new Ledger(stack, random, durations);
    ledger.start();
    await Wire.open(stack.services.customers.bus, (wire) =>
      wire.send(
        contracts.map((contract) =>
          recordOf(build(ContractEnded, { ...contract, how: newEnding as Json }), { version: 2 }),
        ),
      ),
    );
    await sleep(durations.seconds * 1000);
    await ledger.stop();
    const ended = performance.now();
    report.judged(await judge(stack, ledger, 120_000), ledger, {
      since: ended,
      withinSeconds: 60,
      of: 'the last write',
    });
    await today();

    const [{ told }] = await stack.services.customers.sql(
      `select count(*)::int as told from timeline_entry where customer_id = any($1) and data ->> 'how' = $2`,
      [contracts.map(({ customerId }) => customerId), newEnding],
    );
    report.expect(told === contracts.length, `the timeline tells of ${told} of ${contracts.length} new endings`);
    const [{ kept }] = await stack.services.customers.sql(
      `select count(*)::int as kept from timeline_entry where customer_id = any($1) and kind = 'payment-received' and data ? 'tomorrow'`,
      [ledger.entries.map(({ customerId }) => customerId)],
    );
    report.expect(kept > 0, 'no payment had the new field');
    for (const service of [stack.services.customers, stack.services.analytics]) {
      const metrics = await (await fetch(service.metricsUrl)).text();
      const sum = (pattern: RegExp) =>
        [...metrics.matchAll(pattern)].reduce((all, [, value]) => all + Number(value), 0);
      const passed = sum(
        new RegExp(`^crm_unknown_events_total\\{[^}]*${newType.replaceAll('.', '\\.')}[^}]*\\} (\\d+)$`, 'gm'),
      );
      report.expect(passed > 0, `${service.name} has not counted what it passed over`);
      report.expect(sum(/^crm_consumer_paused\{[^}]*\} (\d+)$/gm) === 0, `${service.name} holds a partition`);
      report.note(`${service.name} passed over ${passed}`);
    }
  },
};
export default faultCase;
