import { setTimeout as sleep } from 'node:timers/promises';
import { untilDrained } from '../judge.js';
import { LatencyWatch } from '../latency.js';
import { Operator } from '../operator.js';
import { comparePayments, newOrders, payFor, type Payment } from '../payments.js';
import type { FaultCase } from '../run-case.js';
import { fewServices } from '../stack.js';
import { Wire, type WireRecord } from '../wire.js';

/** One record in so many is poison, unless the run is so short that there would be hardly any. */
const usual = 500;
/** An amount that analytics' database is made to refuse. */
const refused = 666_000;
const analytics = 'crm.analytics.facts',
  timeline = 'crm.customers.timeline';
const consumers = [analytics, timeline];

/** What spoils a payment's record, and whom. */
const poisons: Record<string, { spoil: (record: WireRecord) => WireRecord; poisons: string[]; lasting?: boolean }> = {
  'bad JSON': { spoil: (record) => ({ ...record, value: `${record.value}`.slice(0, -7) }), poisons: consumers },
  'wrong schema': {
    spoil: (record) => ({
      ...record,
      value: JSON.stringify({ ...JSON.parse(`${record.value}`), receivedOn: 'last Tuesday' }),
    }),
    poisons: consumers,
  },
  "another topic's type": {
    spoil: (record) => ({ ...record, headers: { ...record.headers, ce_type: 'crm.marketing.message-sent.v1' } }),
    poisons: consumers,
    lasting: true,
  },
  'a handler that throws': { spoil: (record) => record, poisons: [analytics] },
};
const kinds = Object.keys(poisons);

const faultCase: FaultCase = {
  id: 'F5',
  title: "poison, 1 record in 500: bad JSON, wrong schema, another topic's type, a handler that throws",
  // every payment also changes an insight that all services take over: two cores bear little more
  // in every other service that reads payments the poison would stay parked, and be held against the next case
  needs: { services: fewServices },
  long: { seconds: 60, rate: 120, latencyMs: 1_000 },
  // a machine that runs a whole test suite besides is slow; what may not happen is that keys wait for one another
  short: { seconds: 10, rate: 50, oneIn: 60, latencyMs: 5_000 },
  control: { title: 'nothing is replayed', durations: { seconds: 10, rate: 50, oneIn: 60, latencyMs: 5_000 } },
  async run({ stack, random, durations, control, report, say }) {
    const serviceOf = (consumer: string) =>
      consumer === analytics ? stack.services.analytics : stack.services.customers;
    const watches = Object.fromEntries(
      consumers.map((consumer) => [consumer, new LatencyWatch(serviceOf(consumer), consumer)]),
    );
    await stack.services.analytics.sql(
      `alter table payment_fact add constraint refused check (amount <> ${refused}) not valid`,
    );
    const payments: Payment[] = [];
    /** The true value of each spoilt record. */
    const spoilt: Map<string, Payment & { kind: string }> = new Map();
    const model: Record<string, { healthy: string[]; parked: string[]; blocked: Set<string> }> = Object.fromEntries(
      consumers.map((consumer) => [consumer, { healthy: [], parked: [], blocked: new Set() }]),
    );
    const orders = newOrders(200);
    const oneIn = durations.oneIn ?? usual;

    const next = (n: number): WireRecord => {
      const kind = n % oneIn === oneIn >> 1 ? kinds[spoilt.size % kinds.length] : undefined;
      const payment = payFor(
        random.pick(orders),
        kind === 'a handler that throws' ? refused : 1_000 + random.below(500) * 1_000 + 500,
      );
      const poison = kind === undefined ? undefined : poisons[kind];
      if (kind !== undefined) spoilt.set(payment.id, { ...payment, kind });
      if (!poison?.lasting) payments.push(payment);
      for (const consumer of consumers) {
        const { healthy, parked, blocked } = model[consumer] as (typeof model)[string];
        if (poison?.poisons.includes(consumer)) blocked.add(payment.orderId);
        if (blocked.has(payment.orderId)) parked.push(payment.id);
        else healthy.push(payment.id);
        watches[consumer]?.sent(payment.id);
      }
      return poison ? poison.spoil(payment.record) : payment.record;
    };

    await Wire.open(stack.services.customers.bus, async (wire) => {
      // a process that has just started is slow for its own reasons
      const first = orders.slice(0, 50).map((order) => payFor(order, 1_000));
      payments.push(...first);
      await wire.send(first.map(({ record }) => record));
      await untilDrained(stack, 60_000);
      const perTick = Math.max(Math.round(durations.rate / 20), 1);
      const total = Math.round(durations.rate * durations.seconds);
      const began = performance.now();
      for (let n = 0; n < total; n += perTick) {
        await wire.send(Array.from({ length: perTick }, (_, i) => next(n + i)));
        await sleep(Math.max(began + ((n + perTick) * 1000) / durations.rate - performance.now(), 0));
      }
    });
    report.expect((await untilDrained(stack, 60_000)) !== undefined, 'not drained within 60 s');
    await Promise.all(Object.values(watches).map((watch) => watch.stop()));

    for (const consumer of consumers) {
      const { healthy, parked } = model[consumer] as (typeof model)[string];
      const injected = [...spoilt.values()].filter(({ kind }) => poisons[kind]?.poisons.includes(consumer)).length;
      const [p50, p99] = [0.5, 0.99].map((share) => watches[consumer]?.quantile(healthy, share) ?? Infinity);
      report.note(
        `${consumer}: ${injected} injected, ${parked.length - injected} behind them, ${healthy.length} healthy, p50 ${p50?.toFixed(0)} ms, p99 ${p99?.toFixed(0)} ms`,
      );
      report.expect(
        (p99 ?? Infinity) < (durations.latencyMs ?? 1_000),
        `${consumer}: healthy records took ${p99?.toFixed(0)} ms at p99`,
      );
      const rows = await serviceOf(consumer).sql(
        `select headers->>'ce_id' as id, error_class from inbox_parked where consumer = $1 and status = 'parked'`,
        [consumer],
      );
      const found = new Set(rows.map(({ id }) => id));
      report.expect(
        found.size === parked.length && parked.every((id) => found.has(id)),
        `${consumer}: parked are ${found.size} instead of ${parked.length}`,
      );
    }

    await stack.services.analytics.sql('alter table payment_fact drop constraint refused');
    if (!control) {
      const operator = new Operator(stack.ground.branchId);
      for (const consumer of consumers) {
        const service = serviceOf(consumer);
        const broken = await service.sql(
          `select n::text as number, headers->>'ce_id' as id from inbox_parked where consumer = $1 and status = 'parked' and error_class in ('undecodable', 'schema')`,
          [consumer],
        );
        for (const { number, id } of broken)
          await operator.repair(service, number, JSON.parse(`${spoilt.get(id)?.record.value}`));
        await operator.skip(service, consumer, 'wrong_topic');
        const { replayed, failures } = await operator.replay(service, consumer);
        say(`${consumer}: ${broken.length} repaired, ${replayed} replayed`);
        report.expect(failures?.length === 0, `${consumer}: the replay failed: ${JSON.stringify(failures?.[0])}`);
        report.expect(
          (await service.sql(`select 1 from inbox_parked where status = 'parked'`)).length === 0,
          `${consumer}: something is still parked`,
        );
      }
    }
    report.broken.push(...(await comparePayments(stack, payments)));
  },
};
export default faultCase;
