import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestService } from '@quen/testing';
import type { Engines } from './engines.js';
import { cpuSeconds } from './machine.js';
import { percentile, ratio, stat } from './measure.js';
import type { Options } from './options.js';
import { inline, replayRequests, type Statement } from './pgbench.js';
import { startProbed } from './probed-service.js';
import { transactionsOf } from './recorder.js';
import { fine, percent, spread, type Part } from './report.js';

type Loaded = { seconds: number; waits: number[]; answers: Record<number, number>; cpuSeconds: number };

/** Emptied before each run, so that the same customers may have leads again. */
const written = 'lead, lead_route, idempotency, outbox';

/**
 * How many leads the marketing gateway takes: token, validation, access, idempotency key, row-level security, scoring,
 * routing, outbox; against Postgres with the same statements.
 */
export async function writePath(engines: Engines, { quick, rounds, profile, say }: Options): Promise<Part> {
  const posts = quick ? 256 : 3_200;
  // the relay is another benchmark: here it would take part of the process that is measured
  const { service, ask } = await startProbed(engines, 'marketing', { env: { ROLES: 'http' } });
  const load = fork(join(import.meta.dirname, 'load-process.js'), {
    serialization: 'advanced',
    execArgv: ['--no-warnings'],
  });
  try {
    load.once('exit', (code) => {
      if (code) throw new Error(`The load generator ended with ${code}`);
    });
    const { tokens, bodies } = await prepare(service, posts);
    const run = async (
      clients: number,
      some: string[] = bodies,
    ): Promise<Loaded & { own: number; postgres: number }> => {
      await service.sql(`truncate ${written} restart identity`);
      const before = { own: (await ask('usage')).cpuSeconds, postgres: cpuSeconds(engines.pids.postgres) };
      load.send({ url: `${service.url}/v1/leads`, tokens, bodies: some, clients });
      const [loaded] = (await once(load, 'message')) as [Loaded];
      if (Object.keys(loaded.answers).join() !== '201')
        throw new Error(`The gateway answered ${JSON.stringify(loaded.answers)}\n${service.log.slice(-2_000)}`);
      return {
        ...loaded,
        own: (await ask('usage')).cpuSeconds - before.own,
        postgres: cpuSeconds(engines.pids.postgres) - before.postgres,
      };
    };
    say('write: warming up');
    await run(8);
    await ask('record');
    await run(8);
    const requests = transactionsOf(await ask('recorded')).filter((transaction) =>
      transaction.some(({ text }) => text.includes('quen_idempotent(')),
    );
    if (requests.length !== posts)
      throw new Error(`${requests.length} transactions of ${posts} requests were recorded`);
    const url = new URL(await ask('database'));
    url.searchParams.set('options', '-c search_path=marketing,extensions,public -c timezone=UTC');
    const again = async (clients: number) => {
      await keep(service, requests, clients);
      await service.sql(`truncate ${written} restart identity`);
      const seconds = await replayRequests(
        url.href,
        requests.length,
        requests[0]?.length ?? 0,
        clients,
        engines.folder,
      );
      const [{ leads }] = await service.sql('select count(*)::integer as leads from lead');
      if (leads < posts - clients)
        throw new Error(`pgbench made ${leads} leads of ${posts}: it did not do what the service does`);
      return posts / seconds;
    };
    const rows = [],
      cpu = [],
      aims = [],
      data = [];
    for (const clients of [1, 8, 32]) {
      say(`write: ${clients} clients`);
      const ours: Awaited<ReturnType<typeof run>>[] = [];
      const raw: number[] = [];
      for (let round = 0; round < rounds; round++) {
        ours.push(await run(clients, clients === 1 ? bodies.slice(0, posts / 2) : bodies));
        raw.push(await again(clients));
      }
      const perSecond = ours.map(({ waits, seconds }) => waits.length / seconds);
      const reached = ratio(perSecond, raw);
      const waits = ours.flatMap((each) => each.waits);
      const milliseconds = (share: number) => `${fine(percentile(waits, share))} ms`;
      rows.push([
        clients,
        spread(stat(perSecond)),
        milliseconds(0.5),
        milliseconds(0.95),
        milliseconds(0.99),
        spread(stat(raw)),
        spread(reached, percent),
      ]);
      const perThousand = (of: (sample: (typeof ours)[number]) => number) =>
        fine(
          percentile(
            ours.map((sample) => (of(sample) / sample.waits.length) * 1000),
            0.5,
          ),
        );
      cpu.push([
        clients,
        perThousand((each) => each.own),
        perThousand((each) => each.postgres),
        perThousand((each) => each.cpuSeconds),
      ]);
      if (clients === 32)
        aims.push({
          aim: 'write path ≥ 40 % of pgbench at 32 clients',
          found: percent(reached.median),
          met: reached.median >= 0.4,
        });
      data.push({
        clients,
        perSecond,
        raw,
        p50: percentile(waits, 0.5),
        p95: percentile(waits, 0.95),
        p99: percentile(waits, 0.99),
      });
    }
    if (profile) {
      say('write: profile');
      await ask('profile');
      await run(32);
      writeFileSync(join(profile, `write-${process.pid}.cpuprofile`), JSON.stringify(await ask('profiled')));
    }
    const [sample = []] = requests;
    return {
      name: 'Write path',
      aims,
      data: { statements: sample.map(({ text }) => text), runs: data },
      conditions: [
        `POST /v1/leads of marketing, ${posts.toLocaleString('en-US')} to a run, each with an idempotency key; one service process with the part http alone, its pool of connections as it is by default; the load comes from a process of its own`,
        `pgbench: the ${sample.length} statements of each request as they were recorded, with as many connections as there are clients`,
      ],
      tables: [
        { columns: ['clients', 'leads/s', 'p50', 'p95', 'p99', 'pgbench, leads/s', 'the gateway reaches of it'], rows },
        { columns: ['clients', 'processor s per 1,000: service', 'Postgres', 'load generator'], rows: cpu },
      ],
    };
  } finally {
    load.disconnect();
    await service.stop();
  }
}

/** Keeps what each request sent for pgbench to read it from. */
async function keep(service: TestService, requests: Statement[][], clients: number) {
  const statements = requests[0]?.length ?? 0;
  const other = requests.find(({ length }) => length !== statements);
  if (other)
    throw new Error(
      `One request has ${statements} statements, another ${other.length}; they must be alike to be compared:\n${other.map(({ text }) => text).join('\n')}`,
    );
  const columns = Array.from({ length: statements }, (_, n) => `s${n + 1}`);
  await service.sql(`drop table if exists replay`);
  await service.sql(
    `create table replay (client integer, n integer, ${columns.map((name) => `${name} text`).join(', ')}, primary key (client, n))`,
  );
  for (let start = 0; start < requests.length; start += 250) {
    const rows = requests.slice(start, start + 250).map((request, index) => ({
      client: (start + index) % clients,
      n: Math.floor((start + index) / clients) + 1,
      ...Object.fromEntries(request.map((statement, n) => [`s${n + 1}`, inline(statement).replaceAll('\\;', ';')])),
    }));
    await service.sql('insert into replay select * from jsonb_populate_recordset(null::replay, $1::jsonb)', [
      JSON.stringify(rows),
    ]);
  }
  await service.sql('grant select on replay to public');
  await service.sql('analyze replay');
}

/** A branch, three channels and a customer for each request. */
export async function prepare(service: TestService, posts: number) {
  const branchId = randomUUID();
  await service.sql(
    `insert into branch (id, code, name, path, active, version) values ($1, 'HN', 'Hà Nội', $2, true, 1)`,
    [branchId, `${branchId}`],
  );
  const customers = await service.sql(
    `
    insert into customer (id, version, code, kind, category, lifecycle, display_name, phones, emails, province, branch_id, marketing_channels, rank)
    select gen_random_uuid(), 1, 'KH' || n, 'person', 'consumer', 'customer', 'Khách ' || n, array['+8491' || lpad(n::text, 7, '0')], array['khach-' || n || '@example.vn'],
           'Hà Nội', $1, array['email'], 'silver' from generate_series(1, $2) n returning id`,
    [branchId, posts],
  );
  await service.sql('analyze');
  const director = service.as({ roles: ['administrator'], branchId });
  const money = (amount: number) => ({ amount: String(amount), currency: 'VND' });
  for (const [code, kind, expectedConversion, cost] of [
    ['K-HN', 'branch', 0.22, 180_000],
    ['K-DL', 'agent', 0.12, 120_000],
    ['K-WEB', 'web', 0.025, 8_000],
  ] as const) {
    const { status, body } = await director.post('/v1/channels', {
      code,
      name: code,
      kind,
      branchId,
      capacityPerDay: 100_000,
      costPerLead: money(cost),
      expectedOrderValue: money(7_500_000),
      expectedConversion,
      expectedMarginRate: 0.28,
      provinces: ['Hà Nội'],
    });
    if (status !== 201) throw new Error(`A channel was refused: ${JSON.stringify(body)}`);
  }
  return {
    tokens: await Promise.all(
      Array.from({ length: 32 }, () => service.issuer.token({ roles: ['marketer'], branchId })),
    ),
    bodies: customers.map(({ id }) =>
      JSON.stringify({ customerId: id, source: 'request', interest: 'Máy lọc nước cho văn phòng 30 người' }),
    ),
  };
}
