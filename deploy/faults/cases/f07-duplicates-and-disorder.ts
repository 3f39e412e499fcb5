import { setTimeout as sleep } from 'node:timers/promises';
import { compareReplicas, erasureOf, nameOf, newCustomerId, stateOf, type LastState } from '../customers.js';
import { untilDrained } from '../judge.js';
import { comparePayments, newOrders, payFor, type Payment } from '../payments.js';
import type { Random } from '../random.js';
import type { FaultCase } from '../run-case.js';
import { Wire, type WireRecord } from '../wire.js';

/** How far from its place a record may come, in records, and how much later its duplicate. */
const displacement = 60,
  lateness = 400;

/** Takes the replicas' gate by version away: whatever comes replaces what is there. */
const gateOff = `
  create function forget_present() returns trigger language plpgsql as $$ begin delete from customer where id = new.id; return new; end $$;
  create trigger forget_present before insert on customer for each row execute function forget_present()`;

const faultCase: FaultCase = {
  id: 'F7',
  title: 'duplicates and records out of order, written straight to the topics',
  long: { seconds: 60, rate: 400 },
  short: { seconds: 6, rate: 400 },
  control: {
    title: "inbox off, and sales' replica without its gate by version: both must be noticed",
    needs: { guardsOff: ['inbox'] },
    durations: { seconds: 6, rate: 400 },
  },
  async run({ stack, random, durations, control, report }) {
    if (control) await stack.services.sales.sql(gateOff);
    const total = Math.round(durations.seconds * durations.rate);
    const { records, states, payments } = story(random, total, stack.ground.branchId);
    const wire = mixed(random, records);
    await Wire.open(stack.services.customers.bus, async (open) => {
      const began = performance.now();
      for (let n = 0; n < wire.length; n += 40) {
        await open.send(wire.slice(n, n + 40));
        await sleep(Math.max(began + (n * 1000) / durations.rate - performance.now(), 0));
      }
    });
    report.note(
      `${records.length} records, ${wire.length - records.length} of them twice; ${states.size} customers, ${payments.length} payments`,
    );
    // without the inbox so much is parked that the breaker holds partitions back
    const drained = await untilDrained(stack, control ? 15_000 : 90_000);
    report.expect(control || drained !== undefined, 'not drained within 90 s');
    const wrongStates = await compareReplicas(stack, states);
    const wrongPayments = await comparePayments(stack, payments);
    const [{ n: parked }] = await stack.services.analytics.sql(
      `select count(*)::int as n from inbox_parked where status = 'parked'`,
    );
    if (parked) wrongPayments.push(`analytics parked ${parked}`);
    // a control that one guard alone turns red would say nothing of the other
    if (control && !(wrongStates.length && wrongPayments.length))
      report.note(`only one guard was missed: ${[...wrongStates, ...wrongPayments].join('; ')}`);
    else report.broken.push(...wrongStates, ...wrongPayments);
  },
};
export default faultCase;

/** What a well-behaved bus would carry, and what must come of it. */
function story(random: Random, total: number, branchId: string) {
  const customers = Array.from({ length: Math.max(Math.ceil(total / 20), 10) }, () => ({
    id: newCustomerId(),
    version: 0,
  }));
  const orders = newOrders(customers.length);
  const states: Map<string, LastState> = new Map();
  const records: WireRecord[] = [];
  const payments: Payment[] = [];
  while (records.length < total) {
    const customer = random.pick(customers);
    if (random() < 0.4) {
      const payment = payFor(random.pick(orders), 1_000 + random.below(1000));
      payments.push(payment);
      records.push(payment.record);
    } else if (states.get(customer.id)?.displayName !== null) {
      customer.version++;
      const erased = customer.version > 4 && random() < 0.03;
      states.set(customer.id, {
        version: customer.version,
        displayName: erased ? null : nameOf(customer.id, customer.version),
      });
      records.push(
        erased ? erasureOf(customer.id, customer.version) : stateOf(customer.id, customer.version, branchId),
      );
    }
  }
  return { records, states, payments };
}

/** Each record somewhere near its place, and many of them again later. */
function mixed(random: Random, records: readonly WireRecord[]) {
  const placed = records.map((record, n) => ({ record, at: n + random() * displacement }));
  const again = placed.filter(() => random() < 0.3).map(({ record, at }) => ({ record, at: at + random() * lateness }));
  return [...placed, ...again].sort((one, other) => one.at - other.at).map(({ record }) => record);
}
