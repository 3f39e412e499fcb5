import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Book } from './book.js';
import { all, Gateways, Refused, until } from './gateways.js';

const seen: Pick<IncomingMessage, 'method' | 'url' | 'headers'>[] = [];
let answers: [status: number, body?: unknown, headers?: Record<string, string>][] = [];
let server: Server;
let gateways: Gateways;

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/token') return response.end(JSON.stringify({ access_token: 'abc', expires_in: 600 }));
    seen.push({ method: request.method, url: request.url, headers: request.headers });
    const [status, body, headers = {}] = answers.shift() ?? [0];
    if (status === 0) return request.socket.destroy();
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  gateways = new Gateways({
    services: { sales: { url } },
    token: { url: `${url}/token`, clientId: 'a', clientSecret: 'b' },
  });
});
beforeEach(() => seen.splice(0));
afterAll(() => void server.close());

const order = { contractId: 'c' };

describe('the gateways', () => {
  it('send a POST again under the same key when its answer was lost or the service is away', async () => {
    answers = [[0], [503, { code: 'unavailable' }], [201, { id: '1' }]];
    expect(await gateways.post('sales', '/orders', 'key-1', order)).toEqual({ id: '1' });
    expect(seen.map(({ headers }) => headers['idempotency-key'])).toEqual(['key-1', 'key-1', 'key-1']);
    expect(seen[0]?.headers.authorization).toBe('Bearer abc');
  });

  it('wait for a service that has not heard of a record yet', async () => {
    answers = [
      [409, { code: 'not_known_here_yet' }, { 'retry-after': '0' }],
      [201, { id: '1' }],
    ];
    expect(await gateways.post('sales', '/orders', 'key-4', order)).toEqual({ id: '1' });
    expect(seen.map(({ headers }) => headers['idempotency-key'])).toEqual(['key-4', 'key-4']);
  });

  it('read a record again when somebody else changed it in between', async () => {
    answers = [
      [200, {}, { etag: '"1"' }],
      [412, { code: 'stale' }],
      [200, {}, { etag: '"2"' }],
      [200, { won: true }],
    ];
    expect(await gateways.act('sales', '/opportunities/7', 'win', 'key-2', { reason: 'good' })).toEqual({ won: true });
    expect(seen.map(({ url, headers }) => `${url} ${headers['if-match'] ?? ''}`.trim())).toEqual([
      '/v1/opportunities/7',
      '/v1/opportunities/7/win "1"',
      '/v1/opportunities/7',
      '/v1/opportunities/7/win "2"',
    ]);
  });

  it('say which fields were refused and do not try again', async () => {
    answers = [
      [
        400,
        { code: 'validation_failed', detail: 'Not valid.', errors: [{ pointer: '/amount', message: 'must be money' }] },
      ],
    ];
    const refused = await gateways.post('sales', '/orders', 'key-3', order).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Refused);
    expect(String(refused)).toMatch(/400 validation_failed: Not valid\.\s+\/amount must be money/);
  });

  it('follow a list to its last page', async () => {
    answers = [
      [200, { data: [1, 2], nextCursor: 'x y', hasMore: true }],
      [200, { data: [3], nextCursor: null, hasMore: false }],
    ];
    expect(await all(gateways, 'sales', '/orders')).toEqual([1, 2, 3]);
    expect(seen[1]?.url).toBe('/v1/orders?limit=200&cursor=x%20y');
  });

  it('name what was awaited in vain', async () => {
    await expect(until('a rank', async () => undefined, { timeoutMs: 20 })).rejects.toThrow('a rank');
  });
});

describe('the book', () => {
  it('keeps the steps of its own installation and does them once', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'quen-story-'));
    const file = join(folder, 'story.json');
    let done = 0;
    const work = async () => ({ times: ++done });
    await new Book(file, 'one').step('import', work);
    expect(await new Book(file, 'one').step('import', work)).toEqual({ times: 1 });
    expect(await new Book(file, 'two').step('import', work)).toEqual({ times: 2 });
    expect(JSON.parse(readFileSync(file, 'utf8')).installation).toBe('two');
    rmSync(folder, { recursive: true });
  });
});
