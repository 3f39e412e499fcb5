import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { EntityManager as Tx } from 'typeorm';
import { loadConfig, Log, ServiceConfig, serviceOptionsOf } from '@quen/chassis';
import { rowsOf } from '@quen/chassis/internal/replicas/replica-reactions.js';
import type { Replica } from '@quen/chassis/internal/replicas/replica.js';
import { makeDataSource } from '@quen/chassis/internal/service/data-source.js';
import { replicasOf } from '@quen/chassis/internal/slices/service-module.js';
import { eventOf } from '@quen/events';
import { messagingMigrations } from '@quen/messaging';
import type { Json } from '@quen/testing';
import { root } from '../settings.js';
import { tryCarryOver } from './carry-over.js';

/** `sample` -1: erased. */
type News = { state: string; id: number; version: number; sample: number };

/*
 * Tries every replica that a service declares, on its own tables: `try-replicas.js <service>`, with the environment of
 * that service. However late, often and disordered states and erasures come, the rows are those that the newest of each
 * record makes alone. Prints the names of the states; a process of its own, as services share no process.
 */
const [service = ''] = process.argv.slice(2);
const [module] = Object.values<new () => object>(
  await import(join(root, 'services', service, 'dist', `${service}.module.js`)),
);
if (!module) throw new Error(`${service} exports no module`);
const options = serviceOptionsOf(module);
const config = loadConfig(ServiceConfig, process.env);
const db = await makeDataSource(config, options, messagingMigrations, new Log(service, 'silent'), true).initialize();
await db.runMigrations();
await tryCarryOver(db);
const replicas = replicasOf(options);
const ids = [randomUUID(), randomUUID()];
const zone = { dayOf: (at: Date) => at.toISOString().slice(0, 10) };

const samples: Map<string, Record<string, unknown>[]> = new Map(
  replicas.map(({ state, name }) => {
    const file = join(root, 'libs/events/published', `${eventOf(state).type}.json`);
    return [name, JSON.parse(readFileSync(file, 'utf8')).samples];
  }),
);

function received({ state, name }: Replica, { id, version, sample }: News): Json {
  const data = { ...samples.get(name)?.[sample], [eventOf(state).key]: ids[id], version };
  return { id: randomUUID(), aggregateId: ids[id], version, data: sample < 0 ? null : data };
}

async function take(tx: Tx, sharing: readonly Replica[], batches: readonly News[][]) {
  for (const batch of batches)
    for (const replica of sharing) {
      const events = batch.filter(({ state }) => state === replica.name).map((news) => received(replica, news));
      if (events.length) await rowsOf(replica, replicas).take(tx, events, zone);
    }
}

/** The rows after all that, without times of receipt, and as often as that is taken anew; nothing of it stays. */
async function rowsAfter(sharing: readonly Replica[], batches: readonly News[][], times: number = 1) {
  const runner = db.createQueryRunner();
  await runner.startTransaction();
  try {
    const found = [];
    for (let time = 0; time < times; time += 1) {
      await take(runner.manager, sharing, batches);
      found.push(await rowsOfTable(runner.manager, sharing[0]?.table ?? ''));
    }
    return found;
  } finally {
    await runner.rollbackTransaction();
    await runner.release();
  }
}

async function rowsOfTable(tx: Tx, table: string): Promise<string[]> {
  const rows: { row: Record<string, unknown> }[] = await tx.query(`select to_jsonb(t) as row from "${table}" t`);
  return rows
    .map(({ row }) => Object.entries(row).filter(([column]) => !column.endsWith('received_at')))
    .map((columns) => JSON.stringify(Object.fromEntries(columns)))
    .sort();
}

function histories(sharing: readonly Replica[]) {
  const all: fc.Arbitrary<News[]> = fc
    .uniqueArray(
      fc.record({
        state: fc.constantFrom(...sharing.map(({ name }) => name)),
        id: fc.nat(ids.length - 1),
        version: fc.nat(5),
        sample: fc.integer({ min: -1, max: 2 }),
      }),
      { minLength: 1, maxLength: 10, selector: ({ state, id, version }) => `${state} ${id} ${version}` },
    )
    .filter((news) => news.every(({ state, sample }) => sample < (samples.get(state)?.length ?? 0)));
  return all.chain((news) =>
    fc.record({
      news: fc.constant(news),
      again: fc.subarray(news),
      order: fc.array(fc.nat(1_000), { minLength: 2 * news.length, maxLength: 2 * news.length }),
      cuts: fc.array(fc.boolean(), { minLength: 2 * news.length, maxLength: 2 * news.length }),
    }),
  );
}

for (const sharing of Map.groupBy(replicas, ({ table }) => table).values())
  await fc.assert(
    fc.asyncProperty(histories(sharing), async ({ news, again, order, cuts }) => {
      const sent = [...news, ...again]
        .map((each, index) => ({ each, place: order[index] ?? 0 }))
        .sort((one, other) => one.place - other.place)
        .map(({ each }) => each);
      const batches: News[][] = [[]];
      sent.forEach((each, index) => (cuts[index] ? batches.push([each]) : batches.at(-1)?.push(each)));
      const newest = [...Map.groupBy(news, ({ state, id }) => `${state} ${id}`).values()].map((versions) =>
        versions.reduce((one, other) => (one.version > other.version ? one : other)),
      );
      const [expected = []] = await rowsAfter(sharing, [newest]);
      const known = new Set(newest.filter(({ sample }) => sample >= 0).map(({ id }) => id));
      if (expected.length !== known.size) throw new Error(`${expected.length} rows of ${known.size} records`);
      for (const found of await rowsAfter(sharing, batches, 2))
        if (found.join() !== expected.join()) throw new Error(`${found.join()} instead of ${expected.join()}`);
    }),
    { numRuns: 15 },
  );
await db.destroy();
process.stdout.write(JSON.stringify(replicas.map(({ name }) => name)));
