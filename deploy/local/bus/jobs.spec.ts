import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { runBus } from './run.js';

const id = '0199c2e0-0000-7000-8000-000000000001';
const report = {
  consumers: ['crm.sales.staff-replica'],
  equal: true,
  tables: [],
  parked: [],
  reading: [],
  offsets: 3,
  seconds: 1,
  heldMs: 2,
  taken: { corrected: [], equal: true, tables: [] },
};

describe('a command that waits for a job', () => {
  let server: Server;
  let answer: { status: number; body: object };
  let port = 0;
  const asked: string[] = [];

  const listen = async () => {
    server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response
        .writeHead(answer.status, { 'content-type': 'application/json', connection: 'close' })
        .end(JSON.stringify(answer.body));
    }).listen(port, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  };
  const close = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  const bus = async (...args: string[]) => {
    const out: string[] = [];
    const error: string[] = [];
    const code = await runBus(
      ['sales', ...args],
      { QUEN_URL: `http://127.0.0.1:${port}`, QUEN_TOKEN: 'x' },
      (text) => out.push(text),
      (text) => error.push(text),
    );
    return { code, out: out.join('\n'), error };
  };
  const until = async (holds: () => boolean) => {
    for (const deadline = performance.now() + 10_000; !holds(); await setTimeout(10))
      if (performance.now() > deadline) throw new Error(`It never held: ${asked.join(', ')}`);
  };

  beforeEach(async () => {
    asked.length = 0;
    await listen();
  });
  afterEach(close);

  it('names the job at once, and outlives a restart of the service', async () => {
    answer = { status: 202, body: { id, kind: 'rebuild', state: 'running' } };
    const done = bus('rebuild', '--execute', '--reason', 'a drill');
    await until(() => asked.length > 1);
    await close();
    answer = { status: 503, body: { title: 'starting' } };
    await listen();
    const before = asked.length;
    await until(() => asked.length > before);
    answer = { status: 200, body: { id, kind: 'rebuild', state: 'succeeded', result: report } };
    const { code, out, error } = await done;
    expect(code).toBe(0);
    expect(error).toEqual([expect.stringContaining(`job ${id}`), expect.stringContaining('Looking again')]);
    expect(out).toMatch(/Equal row for row/);
    expect(out).toMatch(/Nothing had to be corrected\.$/);
  });

  it('waits for one that does not answer at all', async () => {
    answer = { status: 200, body: { id, kind: 'bus-republish', state: 'running' } };
    const error: string[] = [];
    const done = runBus(
      ['sales', 'job', id],
      { QUEN_URL: `http://127.0.0.1:${port}`, QUEN_TOKEN: 'x' },
      (text) => asked.push(text),
      (text) => error.push(text),
    );
    await until(() => asked.length > 1);
    await close();
    await until(() => error.length > 1);
    answer = { status: 200, body: { id, kind: 'bus-republish', state: 'succeeded', result: { published: 7 } } };
    await listen();
    expect(await done).toBe(0);
    expect(asked.at(-1)).toBe('7 states are in the outbox');
    expect(error).toEqual([expect.stringContaining(`job ${id}`), expect.stringMatching(/ECONNREFUSED.*Looking again/)]);
  });

  it('ends when the job is cancelled', async () => {
    answer = { status: 200, body: { id, kind: 'bus-replay', state: 'running' } };
    expect(await bus('cancel', id)).toMatchObject({
      code: 0,
      out: expect.stringContaining('ends after the piece at hand'),
    });
    const done = bus('job', id);
    await until(() => asked.length > 2);
    answer = { status: 200, body: { id, kind: 'bus-replay', state: 'cancelled' } };
    expect(await done).toMatchObject({ code: 1, error: [expect.anything(), expect.stringContaining('was cancelled')] });
    expect(asked.slice(0, 2)).toEqual([`DELETE /v1/jobs/${id}`, `GET /v1/jobs/${id}`]);
  });

  it('does not call one that has ended something that goes on', async () => {
    answer = { status: 200, body: { id, kind: 'bus-republish', state: 'succeeded', result: { published: 1 } } };
    expect(await bus('job', id)).toEqual({ code: 0, out: '1 state is in the outbox', error: [] });
  });

  it('tells rebuilds that found the stores equal from those that did not, and those that corrected from those that looked', async () => {
    const tables = [{ different: 1 }, { different: 2 }];
    const results = [
      { ...report, taken: undefined },
      { ...report, equal: false, tables, taken: undefined },
      { ...report, equal: false, tables },
      { ...report, equal: false, tables: [{ different: 1 }], taken: { ...report.taken, equal: false } },
    ];
    const job = {
      id,
      kind: 'rebuild',
      state: 'succeeded',
      createdAt: new Date().toISOString(),
      progress: { done: 3, total: 3, failed: 0 },
    };
    answer = {
      status: 200,
      body: {
        hasMore: false,
        data: [
          ...results.map((result) => ({ ...job, result })),
          { ...job, state: 'failed', problem: { title: 'The store cannot be made' } },
        ],
      },
    };
    expect(
      (await bus('jobs')).out
        .split('\n')
        .slice(2)
        .map((line) => line.split(' s ago')[1]?.trim()),
    ).toEqual([
      'equal',
      '3 rows differ',
      '3 rows differ, corrected',
      '1 row differs, still not equal after a correction',
      'The store cannot be made',
    ]);
  });

  it('says what is wrong with an option', async () => {
    expect(await bus('jobs', '--stat', 'running')).toMatchObject({
      code: 2,
      error: [expect.stringMatching(/^There is no option --stat\.\n/)],
    });
    expect(await bus('jobs', '-x')).toMatchObject({
      code: 2,
      error: [expect.stringMatching(/^There is no option -x\.\n/)],
    });
    expect(await bus('jobs', '--state')).toMatchObject({
      code: 2,
      error: [expect.stringMatching(/^--state needs a value\.\n/)],
    });
    expect(await bus('parked', '--key', '--list')).toMatchObject({
      code: 2,
      error: [expect.stringMatching(/^--key needs a value\.\n/)],
    });
    expect(await bus('rebuild', '--consumer', '')).toMatchObject({
      code: 2,
      error: [expect.stringMatching(/^--consumer needs a value\.\n/)],
    });
    expect(await bus('rebuild', '--consumer', 'a', '--consumer', 'b')).toMatchObject({
      code: 2,
      error: [expect.stringMatching(/^--consumer is given twice\. Separate several consumers by commas\.\n/)],
    });
    expect(await bus('parked', '--list=yes')).toMatchObject({
      code: 2,
      error: [expect.stringMatching(/^--list takes no value\.\n/)],
    });
    expect(asked).toEqual([]);
  });

  it('does not blame the service for an address, a token or a file that is none', async () => {
    const wrongly = async (env: Record<string, string>, ...args: string[]) => {
      const said: string[] = [];
      const code = await runBus(
        ['sales', 'consumers', ...args],
        env,
        () => undefined,
        (text) => said.push(text),
      );
      return [code, ...said];
    };
    expect(await wrongly({ QUEN_URL: 'nonsense', QUEN_TOKEN: 'x' })).toEqual([
      3,
      expect.stringMatching(/^QUEN_URL is no address/),
    ]);
    const [code, said] = await wrongly({ QUEN_URL: `http://127.0.0.1:${port}`, QUEN_TOKEN: 'sec\nret' });
    expect([code, said]).toEqual([3, expect.stringMatching(/^QUEN_TOKEN is no access token/)]);
    expect(said).not.toContain('ret\n');
    expect(await wrongly({}, '--endpoints', 'README.md')).toEqual([
      3,
      expect.stringMatching(/README\.md names no addresses: /),
    ]);
    answer = { status: 404, body: { error: 'not found' } };
    expect(await bus('consumers')).toMatchObject({
      code: 1,
      error: [expect.stringMatching(/^sales: answered 404: \{"error":"not found"\}\. Is QUEN_URL /)],
    });
    answer = { status: 200, body: { id: '17', headers: {}, encoding: 'json', value: {} } };
    expect(await bus('show', '17', '--save', '/nope/value.json')).toMatchObject({
      code: 2,
      error: [expect.stringMatching(/^\/nope\/value\.json cannot be written: /)],
    });
  });

  it('tells a file that cannot be read from one that holds no JSON', async () => {
    const repair = (file: string) => bus('repair', '17', '--value', file, '--reason', 'a try');
    expect((await repair('/nope')).error[0]).toMatch(/^\/nope cannot be read: /);
    expect((await repair('README.md')).error[0]).toMatch(/holds no JSON: /);
    expect(asked).toEqual([]);
  });
});
