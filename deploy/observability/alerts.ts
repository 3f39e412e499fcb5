/**
 * Every alert of quen.rules.yaml seen firing: a real Prometheus watches three processes of a service while their faults
 * are made.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@quen/testing';
import { FaultStack } from '../faults/stack.js';
import { readRules } from './files.js';
import { findPrometheus } from './prometheus.js';
import {
  crashLoop,
  enqueueBrokenJob,
  fillOutbox,
  holding,
  makeDue,
  moveBehindTheEnd,
  repeatedly,
  sendPoison,
  sendUnknown,
  stealLeases,
  stutter,
  type ServiceProcess,
  type TestService,
} from './provocations.js';
import { Watch } from './watch.js';

const actor = { roles: ['administrator'] };
const productNamed = (code: string) => ({
  code,
  name: 'Lõi lọc',
  unit: 'chiếc',
  listPrice: { amount: '200000', currency: 'VND' },
  cost: { amount: '90000', currency: 'VND' },
});

/**
 * Runs everything and prints a line for each alert.
 * @returns alerts that were not seen firing
 */
export async function seeAlertsFiring(say: (line: string) => void): Promise<string[]> {
  const programs = findPrometheus();
  if ('missing' in programs)
    throw new Error(`There is no Prometheus here: ${programs.missing}. See deploy/observability/README.md.`);
  const began = performance.now();
  // a statement may wait long, so that a lock makes requests slow and consumers stuck instead of failing
  const stack = await FaultStack.start({ services: ['sales'], partitions: 2, env: { STATEMENT_TIMEOUT_MS: '120000' } });
  let watch: Watch | undefined;
  try {
    const { sales } = stack.services;
    const second = await stack.another('sales', {});
    const gateway = await stack.another('sales', { ROLES: 'http' });
    await Promise.all([second.serve(), gateway.serve()]);
    watch = await Watch.start(
      programs.prometheus,
      [sales, second, gateway].map(({ metricsUrl }) => ({ service: 'sales', url: metricsUrl })),
    );
    await provoke({ stack, sales, second, gateway, watch, say });
    const names = readRules().groups.flatMap(({ rules }) => rules.map(({ alert }) => alert));
    for (const name of names)
      say(
        `${watch.fired.has(name) ? '✓' : '✗'} ${name.padEnd(27)} ${watch.fired.has(name) ? `firing after ${((Number(watch.fired.get(name)) - began) / 1000).toFixed(0)} s` : 'was not seen firing'}`,
      );
    return names.filter((name) => !watch?.fired.has(name));
  } finally {
    await watch?.stop();
    await stack.stop();
  }
}

/**
 * @param scene.sales the first process, all roles
 * @param scene.second a second, all roles
 * @param scene.gateway a third, HTTP alone
 */
async function provoke({
  stack,
  sales,
  second,
  gateway,
  watch,
  say,
}: {
  stack: FaultStack;
  sales: TestService;
  second: ServiceProcess;
  gateway: ServiceProcess;
  watch: Watch;
  say: (line: string) => void;
}) {
  const databaseUrl = String(sales.process.env.DATABASE_URL);
  const expect = async (what: string, names: string[], withinMs: number) => {
    say(`${what}: ${names.join(', ')}`);
    const missing = await watch.await(names, withinMs);
    if (missing.length) say(`  not within ${withinMs / 1000} s: ${missing.join(', ')}`);
  };

  while ((await watch.targetsUp()) < 3) await sleep(250);
  await sleep(8_000);
  if (watch.fired.size) throw new Error(`Nothing is wrong yet, and there fire: ${[...watch.fired.keys()].join(', ')}`);
  say('all is well, and no alert fires');

  const unlock = await holding(
    databaseUrl,
    `select from sales.inbox_position where consumer = 'crm.sales.insight-replica' for update`,
  );
  const churn = repeatedly(2_000, () => stealLeases(sales));
  await sales.as(actor).post('/v1/bus/consumers/crm.sales.case-replica/pause', { reason: 'the alert is tried' });
  await moveBehindTheEnd(sales, 'crm.sales.staff-replica');
  await Promise.all([
    sendPoison(sales, 'crm.marketing.lead.v1', { count: 1_000, oneIn: 35 }),
    sendPoison(sales, 'crm.analytics.customer-insight.state.v1', { count: 1_500, oneIn: 1 }),
    sendUnknown(sales, 'crm.marketing.lead.v1'),
  ]);
  await sales.sql('alter table idempotency rename to idempotency_away');
  await enqueueBrokenJob(sales, 'order-import');
  const failing = repeatedly(1_000, () =>
    Promise.all([
      makeDue(sales, 'chassis.forget-idempotent-answers'),
      sales.as(actor).post('/v1/products', productNamed(randomUUID()), { 'idempotency-key': randomUUID() }),
    ]),
  );
  await expect('one record in thirty-five cannot be read', ['QuenMessagesParked', 'QuenDeadLetters'], 30_000);
  await expect('one is of a type that nobody declares', ['QuenUnknownEvents'], 30_000);
  await sendPoison(sales, 'crm.marketing.lead.v1', { count: 120, oneIn: 1 });
  await expect('then all of them', ['QuenBreakerOpen'], 30_000);
  await expect(
    'a job has lost its file, a table is missing, a consumer is paused',
    ['QuenJobsFailing', 'QuenScheduleFailing', 'QuenHttpErrors', 'QuenConsumerPaused'],
    60_000,
  );
  await failing();
  await sales.sql('alter table idempotency_away rename to idempotency');

  await crashLoop(second, 3);
  await expect(
    'the second process crashes again and again, and partitions are given out anew',
    ['QuenProcessRestarts', 'QuenTopicShortened', 'QuenServiceNotReady'],
    40_000,
  );
  const smooth = stutter(second);
  await expect('the second process stands still most of the time', ['QuenEventLoopBlocked'], 30_000);
  await smooth();

  const asking = new Client(gateway.url, sales.issuer, actor);
  const counted = repeatedly(500, () => asking.get('/v1/products?limit=1'));
  await sleep(2_000);
  await counted();
  const open = await holding(databaseUrl, 'lock table sales.product in access exclusive mode');
  const requests = Promise.allSettled(Array.from({ length: 30 }, () => asking.get('/v1/products')));
  await expect('a table is locked under thirty requests', ['QuenDatabasePoolExhausted'], 20_000);
  await open();
  await requests;
  await expect('they were answered at last', ['QuenHttpSlow'], 20_000);
  await expect(
    "a consumer's positions have been locked all the while, and leases stolen",
    ['QuenConsumerStuck', 'QuenConsumerLagOld', 'QuenConsumerLagGrowing', 'QuenLeaseChurn', 'QuenStatesResent'],
    120_000,
  );
  await Promise.all([unlock(), churn()]);

  await stack.brokers[0]?.kill();
  await sales.as(actor).post('/v1/products', productNamed('RO-2'));
  const filling = repeatedly(1_000, () => fillOutbox(sales, 500));
  await expect(
    'the broker is gone, and writes go on',
    ['QuenBrokerUnreachable', 'QuenOutboxOld', 'QuenOutboxGrowing'],
    90_000,
  );
  await filling();

  await Promise.all([sales.kill(), second.end('SIGKILL')]);
  await expect('only the gateway is left', ['QuenServiceDown', 'QuenConsumerAbsent', 'QuenOutboxUnowned'], 30_000);
  await stack.postgres.kill();
  await expect('Postgres is gone', ['QuenDatabaseUnreachable'], 30_000);
}
