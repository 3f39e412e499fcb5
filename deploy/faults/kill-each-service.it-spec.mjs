import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { BranchState, build } from '../../libs/events/dist/index.js';
import { eventually, newNamespace, startService } from '../../libs/testing/dist/index.js';
import { Ledger } from './ledger.mjs';

const names = /** @type {const} */ (['customers', 'marketing', 'sales', 'support', 'analytics']);
const seconds = 30;
const branchId = randomUUID();

/** F1 of the messaging specification, short: each service is killed in turn while writes go on. */
describe('kill -9 of each service in turn, under writes', () => {
  /** @type {Record<typeof names[number], import('../../libs/testing/dist/index.js').TestService>} */
  const services = /** @type {any} */ ({});
  /** @type {Ledger} */
  let ledger;

  beforeAll(async () => {
    const namespace = newNamespace();
    for (const name of names) services[name] = await startService(name, undefined, { namespace });
    await services.sales.receive(build(BranchState, { branchId, version: 1, code: 'HN', name: 'Hà Nội', path: branchId, active: true }));
    for (const name of names) await eventually(async () => expect(await services[name].sql('select 1 from branch where id = $1', [branchId])).toHaveLength(1), { timeoutMs: 60_000 });
    const { body: product, status } = await services.sales.as({ roles: ['administrator'] }).post('/v1/products', {
      code: 'RO-1', name: 'Máy lọc nước', unit: 'chiếc', listPrice: { amount: '5000000', currency: 'VND' }, cost: { amount: '3000000', currency: 'VND' },
    });
    expect(status).toBe(201);
    ledger = new Ledger(services, { branchId, productId: product.id, roles: ['administrator'] });
  }, 240_000);

  afterAll(() => Promise.all(Object.values(services).map(service => service.stop())), 60_000);

  it(`writes go on for ${seconds} s while one service after the other dies`, async () => {
    ledger.write(3);
    const end = Date.now() + seconds * 1000;
    for (let kills = 0; kills < names.length || Date.now() < end; kills++) {
      await sleep(1500);
      const victim = services[names[kills % names.length]];
      await victim.kill();
      await victim.restart();
    }
    await ledger.stop();
    expect(ledger.wrong).toEqual([]);
    expect(ledger.entries.length).toBeGreaterThan(10);
  }, 300_000);

  it('the outboxes run empty', async () => {
    for (const name of names) await eventually(async () => expect(await services[name].sql('select count(*)::int as n from outbox')).toEqual([{ n: 0 }]), { timeoutMs: 60_000 });
  });

  it('nothing acknowledged is lost, nothing happened twice: every payment is in the analytic store once', async () => {
    const expected = ledger.entries.map(({ customerId, amount }) => ({ customer_id: customerId, paid: String(amount), payments: 2, orders: 1, revenue: String(amount) })).sort(byCustomer);
    await eventually(async () => {
      const found = await services.analytics.sql(`
        select i.customer_id, i.paid::text, i.revenue::text, i.orders, (select count(*)::int from payment_fact p where p.customer_id = i.customer_id) as payments
          from insight i where i.customer_id = any($1)`, [expected.map(each => each.customer_id)]);
      expect(found.sort(byCustomer)).toEqual(expected);
    }, { timeoutMs: 60_000 });
  });

  it('the timeline tells each registration, order and payment once', async () => {
    const ids = ledger.entries.map(each => each.customerId);
    await eventually(async () => {
      const counts = await services.customers.sql(`
        select kind, count(*)::int as n, count(distinct customer_id)::int as customers from timeline_entry
         where customer_id = any($1) and kind in ('customer-registered', 'order-confirmed', 'payment-received') group by kind order by kind`, [ids]);
      expect(counts).toEqual([
        { kind: 'customer-registered', n: ids.length, customers: ids.length },
        { kind: 'order-confirmed', n: ids.length, customers: ids.length },
        { kind: 'payment-received', n: 2 * ids.length, customers: ids.length },
      ]);
    }, { timeoutMs: 60_000 });
  });

  it('every replica of the customers holds the owner\'s version', async () => {
    const ids = ledger.entries.map(each => each.customerId);
    const owned = Object.fromEntries((await services.customers.sql('select id, version::int from customer where id = any($1)', [ids])).map(row => [row.id, row.version]));
    expect(Object.keys(owned)).toHaveLength(ids.length);
    const replicas = { marketing: 'select id, version::int from customer where id = any($1)', sales: 'select id, version::int from customer where id = any($1)', support: 'select id, version::int from customer where id = any($1)', analytics: 'select customer_id as id, source_version::int as version from insight where customer_id = any($1)' };
    for (const [name, query] of Object.entries(replicas)) {
      await eventually(async () => expect(Object.fromEntries((await services[/** @type {'sales'} */ (name)].sql(query, [ids])).map(row => [row.id, row.version]))).toEqual(owned), { timeoutMs: 60_000 });
    }
  }, 240_000);

  it('nothing was parked', async () => {
    for (const name of names) expect(await services[name].sql('select topic, error from inbox_parked')).toEqual([]);
  });
});

/** @param {{ customer_id: string }} one @param {{ customer_id: string }} other */
function byCustomer(one, other) {
  return one.customer_id < other.customer_id ? -1 : 1;
}
