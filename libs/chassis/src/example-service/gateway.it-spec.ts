import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { DataSource } from 'typeorm';
import { type Actor } from '@quen/testing';
import { expectProblem, Library } from './library.js';

const seller: Actor = { roles: ['seller'], subject: randomUUID() };
const administrator: Actor = { roles: ['administrator'] };

describe('the gateway of a service', () => {
  let library: Library;
  beforeAll(async () => {
    library = await Library.start({
      STATEMENT_TIMEOUT_MS: '500',
      BODY_LIMIT_BYTES: '65536',
      UPLOAD_LIMIT_BYTES: '100000',
      PUBLIC_URL: 'https://books.example',
    });
  });
  afterAll(() => library.stop());

  const json = { 'content-type': 'application/json' };

  it.each<[string, string, string, unknown, Record<string, string>, number, string]>([
    ['malformed JSON', 'POST', '/v1/books', '{"title":', json, 400, 'malformed_json'],
    ['an empty JSON body', 'POST', '/v1/books', '', json, 400, 'validation_failed'],
    ['an address that is no URL', 'GET', '/v1/books/%ff', undefined, {}, 400, 'malformed_request'],
    ['an address that is too long', 'GET', `/v1/books/${'a'.repeat(600)}`, undefined, {}, 400, 'malformed_request'],
    ['a prototype in JSON', 'POST', '/v1/books', '{"__proto__":{"a":1}}', json, 400, 'reserved_name'],
    [
      'JSON of too many levels',
      'POST',
      '/v1/books',
      `{"title":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
      json,
      400,
      'body_too_deep',
    ],
    [
      'a form without a boundary',
      'POST',
      '/v1/books/import',
      '--x\r\n',
      { 'content-type': 'multipart/form-data' },
      400,
      'malformed_request',
    ],
    [
      'a form that breaks off',
      'POST',
      '/v1/books/import',
      '--x\r\nfoo',
      { 'content-type': 'multipart/form-data; boundary=x' },
      400,
      'malformed_request',
    ],
    ['no body at all', 'POST', '/v1/books', undefined, {}, 400, 'validation_failed'],
    ['a body that is no object', 'POST', '/v1/books', '[1]', json, 400, 'validation_failed'],
    [
      'fields for an action that takes none',
      'POST',
      `/v1/books/${randomUUID()}/lend`,
      { to: 'me' },
      { 'if-match': '"1"' },
      400,
      'validation_failed',
    ],
    [
      'a list for an action that takes nothing',
      'POST',
      `/v1/books/${randomUUID()}/lend`,
      '[]',
      { ...json, 'if-match': '"1"' },
      400,
      'validation_failed',
    ],
    [
      'an empty object for an action that takes nothing, as if it were not there,',
      'POST',
      `/v1/books/${randomUUID()}/lend`,
      {},
      { 'if-match': '"1"' },
      404,
      'not_found',
    ],
    [
      'a wrong content type',
      'POST',
      '/v1/books',
      'title=1',
      { 'content-type': 'text/csv' },
      415,
      'unsupported_media_type',
    ],
    [
      'a compressed body',
      'POST',
      '/v1/books',
      '{"title":"x"}',
      { ...json, 'content-encoding': 'gzip' },
      415,
      'unsupported_media_type',
    ],
    ['a filter by a prototype', 'GET', '/v1/books?filter[__proto__]=1', undefined, {}, 400, 'reserved_name'],
    ['a prototype in the query string', 'GET', '/v1/books?limit=1&%5F_proto__=1', undefined, {}, 400, 'reserved_name'],
    [
      'a body that is too large',
      'POST',
      '/v1/books',
      JSON.stringify({ title: 'x'.repeat(10_000_000) }),
      json,
      413,
      'body_too_large',
    ],
    ['an unknown address', 'GET', '/v1/nothing', undefined, {}, 404, 'route_not_found'],
    ['an unknown address outside of v1', 'GET', '/wp-admin.php', undefined, {}, 404, 'route_not_found'],
    ['an id that is none', 'GET', '/v1/books/1', undefined, {}, 400, 'validation_failed'],
    ['an id that is not there', 'GET', `/v1/books/${randomUUID()}`, undefined, {}, 404, 'not_found'],
    ['an unknown query field', 'GET', '/v1/books/pause?seconds=0&x=1', undefined, {}, 400, 'validation_failed'],
    [
      'a query field where the route has none',
      'GET',
      `/v1/books/${randomUUID()}?expand=author`,
      undefined,
      {},
      400,
      'validation_failed',
    ],
    [
      'a query field of an action',
      'POST',
      `/v1/books/${randomUUID()}/lend?to=me`,
      undefined,
      { 'if-match': '"1"' },
      400,
      'validation_failed',
    ],
    ['a query value of the wrong type', 'GET', '/v1/books/pause?seconds=soon', undefined, {}, 400, 'validation_failed'],
    [
      'an empty list where an object belongs',
      'POST',
      '/v1/books',
      { title: 'x', place: [] },
      {},
      400,
      'validation_failed',
    ],
    [
      'a list of what belongs there',
      'POST',
      '/v1/books',
      { title: 'x', place: [{ row: 1 }] },
      {},
      400,
      'validation_failed',
    ],
    [
      'another character set than UTF-8',
      'POST',
      '/v1/books',
      '{"title":"x"}',
      { 'content-type': 'application/json; charset=utf-16' },
      415,
      'unsupported_media_type',
    ],
    ['a NUL character', 'POST', '/v1/books', { title: 'a\0b' }, {}, 400, 'validation_failed'],
    [
      'a number too large to store',
      'POST',
      '/v1/books',
      { title: 'dear', price: '1'.repeat(40) },
      {},
      400,
      'value_out_of_range',
    ],
    ['a statement that takes too long', 'GET', '/v1/books/pause?seconds=5', undefined, {}, 503, 'statement_timeout'],
    ['no If-Match', 'PATCH', `/v1/books/${randomUUID()}`, { title: 'x' }, {}, 428, 'if_match_required'],
    [
      'a weak If-Match',
      'PATCH',
      `/v1/books/${randomUUID()}`,
      { title: 'x' },
      { 'if-match': 'W/"1"' },
      400,
      'if_match_malformed',
    ],
    ['a form where a file is needed', 'POST', '/v1/books/import', {}, {}, 415, 'unsupported_media_type'],
  ])('answers %s with a problem', async (_, method, path, body, headers, status, code) => {
    expectProblem(await library.as(administrator).send(method, path, body, headers), status, code);
  });

  it.each([
    [
      'a length that is no number',
      'GET /v1/books HTTP/1.1\r\nhost: x\r\ncontent-length: abc\r\n\r\n',
      400,
      'malformed_request',
    ],
    ['what is no HTTP', '\x16\x03\x01 hello\r\n\r\n', 400, 'malformed_request'],
    [
      'a body that is no UTF-8',
      'POST /v1/books HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: 13\r\n\r\n{"title":"\xff"}',
      400,
      'malformed_json',
    ],
    [
      'more headers than are read',
      `GET /v1/books HTTP/1.1\r\nhost: x\r\nx-many: ${'a'.repeat(20_000)}\r\n\r\n`,
      431,
      'headers_too_large',
    ],
  ])('answers %s with a problem, and ends the connection', async (_, request, status, code) => {
    const socket = connect(Number(new URL(library.service.url).port), '127.0.0.1').setEncoding('utf8');
    socket.end(request, 'latin1');
    let answer = '';
    for await (const chunk of socket) answer += String(chunk);
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} .*content-type: application/problem\\+json`, 's'));
    expect(JSON.parse(body)).toMatchObject({ status, code, type: `urn:quen:problem:${code}` });
  });

  it('points at every wrong field', async () => {
    const { body } = await library.as(administrator).post('/v1/books', {
      title: '',
      nothing: 1,
      price: 5,
      place: { row: 0, shelf: 2 },
    });
    expect(body.errors).toEqual(
      expect.arrayContaining([
        { pointer: '/title', code: 'is_not_empty', message: 'should not be empty' },
        { pointer: '/nothing', code: 'unknown_field', message: 'is not known here' },
        expect.objectContaining({ pointer: '/price', code: 'is_number_string' }),
        expect.objectContaining({ pointer: '/place/row', code: 'min' }),
        expect.objectContaining({ pointer: '/place/shelf', code: 'unknown_field' }),
      ]),
    );
  });

  it('says of a missing field that it is required, and nothing else', async () => {
    const { body } = await library.as(administrator).post('/v1/books', { place: {} });
    expect(body.errors).toEqual([
      { pointer: '/title', code: 'required', message: 'is required' },
      { pointer: '/place/row', code: 'required', message: 'is required' },
    ]);
  });

  it('says of a value of the wrong type only that', async () => {
    const { body } = await library.as(administrator).post('/v1/books', { title: 5, author: '\ud800' });
    expect(body.errors).toEqual([{ pointer: '/author', code: 'unstorable_character', message: expect.any(String) }]);
    const typed = await library.as(administrator).post('/v1/books', { title: 5 });
    expect(typed.body.errors).toEqual([{ pointer: '/title', code: 'is_string', message: 'must be a string' }]);
  });

  it('speaks Vietnamese to those who prefer it, and keeps codes', async () => {
    const answer = await library.as(administrator).get('/v1/nothing', {
      'accept-language': 'vi-VN,en;q=0.5',
    });
    expect(answer.body).toMatchObject({
      title: 'Không tìm thấy',
      detail: 'Không có địa chỉ này.',
      code: 'route_not_found',
    });
    expect(answer.headers.get('content-language')).toBe('vi');
    const wrong = await library
      .as(administrator)
      .post('/v1/books', { title: 5, place: { row: 0 }, surprise: 1 }, { 'accept-language': 'vi' });
    expect(wrong.body.errors).toEqual(
      expect.arrayContaining([
        { pointer: '/title', code: 'is_string', message: 'phải là văn bản' },
        { pointer: '/place/row', code: 'min', message: 'không được nhỏ hơn 1' },
        { pointer: '/surprise', code: 'unknown_field', message: 'không có trường này' },
      ]),
    );
    const list = await library.as(administrator).get('/v1/books?limit=0', { 'accept-language': 'vi' });
    expect(list.body.errors).toEqual([
      { pointer: '?limit', code: 'wrong_value', message: 'phải là số nguyên từ 1 đến 200' },
    ]);
  });

  it("carries the caller's trace into its answers", async () => {
    const { body } = await library.as(administrator).get('/v1/nothing', {
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    });
    expect(body.traceId).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
  });

  it('answers a key that is taken with a conflict, and a stale version with the present one', async () => {
    const title = randomUUID();
    const made = await library.as(seller).post('/v1/books', { title });
    expect(made.headers.get('etag')).toBe('"1"');
    expectProblem(await library.as(seller).post('/v1/books', { title }), 409, 'already_exists');
    const changed = await library
      .as(seller)
      .patch(`/v1/books/${made.body.id}`, { author: 'Nam Cao' }, { 'if-match': '"1"' });
    expect(changed.body).toMatchObject({ author: 'Nam Cao', version: 2 });
    const stale = await library.as(seller).patch(`/v1/books/${made.body.id}`, { author: null }, { 'if-match': '"1"' });
    expectProblem(stale, 412, 'stale_version');
    expect(stale.body.currentVersion).toBe(2);
    expectProblem(
      await library.as(seller).patch(`/v1/books/${made.body.id}`, { title: null }, { 'if-match': '"2"' }),
      400,
      'validation_failed',
    );
    expect(
      (await library.as(seller).patch(`/v1/books/${made.body.id}`, { author: null }, { 'if-match': '"2"' })).body
        .author,
    ).toBeNull();
    const lent = await library.as(seller).post(`/v1/books/${made.body.id}/lend`, undefined, { 'if-match': '"3"' });
    expect(lent.body.state).toBe('lent');
    expectProblem(
      await library.as(seller).post(`/v1/books/${made.body.id}/lend`, undefined, { 'if-match': '"4"' }),
      409,
      'book_is_lent',
    );
    // the version of the row says nothing of what else an answer shows
    const again = await library.as(seller).get(`/v1/books/${made.body.id}`, { 'if-none-match': '"4"' });
    expect([again.status, again.headers.get('etag'), again.body.state]).toEqual([200, '"4"', 'lent']);
  });

  it.each([
    ['JSON', '/v1/books', "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"],
    ['a problem', '/v1/nothing', "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"],
    ['its documents', '/openapi.json', "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"],
    ['a page of Swagger', '/docs', "script-src 'self'"],
    ['a script of Swagger', '/docs/start.js', "default-src 'none'"],
    ['a page of events', '/events', "style-src 'sha256-"],
    ['its health', '/healthz/live', "default-src 'none'"],
  ])('lets a browser guess, frame and load nothing: %s', async (_, path, policy) => {
    const { headers } = await library.as(administrator).get(path);
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'strict-transport-security': 'max-age=31536000',
      'cache-control': expect.any(String),
      'content-security-policy': expect.stringContaining(policy),
    });
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('content-security-policy')).not.toMatch(/script-src[^;]*unsafe/);
  });

  it('tells its health and measures by route template', async () => {
    expect((await library.anonymous.get('/healthz/live')).body).toEqual({ ok: true, reasons: [], notes: [] });
    expect((await library.anonymous.get('/metrics')).status).toBe(404);
    const body = await library.metrics();
    expect(body).toContain(
      'http_request_duration_seconds_count{service="library",method="GET",route="/v1/books/:id",status_code="404"}',
    );
    expect(body).toContain('crm_database_connections');
  });

  it('answers what it has accepted when it stops, and ends each connection with an answer', async () => {
    const port = Number(new URL(library.service.url).port);
    const kept = connect(port, '127.0.0.1').setEncoding('utf8');
    const overKept = async (): Promise<string> => {
      kept.write('GET /healthz/ready HTTP/1.1\r\nhost: quen\r\n\r\n');
      return String((await once(kept, 'data'))[0]).toLowerCase();
    };
    expect(await overKept()).toMatch(/^http\/1.1 200 [^]*connection: keep-alive/);
    const before = await library.as(administrator).get('/v1/books/pause?seconds=0');
    expect([before.status, before.headers.get('connection')]).toEqual([200, 'keep-alive']);
    const asked = library.as(administrator).get('/v1/books/pause?seconds=1');
    const database = library.service.app.get(DataSource);
    while (
      !(
        await database.query<unknown[]>(
          `select from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`,
        )
      ).length
    );
    const stopped = library.service.stop();
    const answer = await asked;
    expect([answer.status, answer.headers.get('connection')]).toEqual([503, 'close']);
    await expect(once(connect(port, '127.0.0.1'), 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(await overKept()).toMatch(/^http\/1.1 503 [^]*connection: close/);
    await stopped;
    await expect(library.as(administrator).get('/v1/books/pause?seconds=0')).rejects.toThrow();
  });
});
