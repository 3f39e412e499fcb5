import { randomUUID } from 'node:crypto';
import { type Actor, type Answer } from '@quen/testing';
import { Library } from './library.js';

const seller: Actor = { roles: ['seller'], subject: randomUUID() };

describe('a POST with an Idempotency-Key', () => {
  let library: Library;
  beforeAll(async () => {
    library = await Library.start();
  });
  afterAll(() => library.stop());
  const post = (title: string, key: string, caller = seller): Promise<Answer> =>
    library.as(caller).post('/v1/books', { title }, { 'idempotency-key': key });

  it('has its effect once and gives the same answer again', async () => {
    const key = randomUUID();
    const first = await post('Once', key);
    const second = await post('Once', key);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body).toEqual(first.body);
    expect([first.headers.get('idempotency-replayed'), second.headers.get('idempotency-replayed')]).toEqual([
      null,
      'true',
    ]);
    expect(second.headers.get('etag')).toBe('"1"');
    expect(await library.sql(`select count(*)::int as n from book where title = 'Once'`)).toEqual([{ n: 1 }]);
  });

  it('with another body is refused, and by another person is another request', async () => {
    const key = randomUUID();
    await post('Mine', key);
    expect((await post('Other', key)).body).toMatchObject({ status: 422, code: 'idempotency_key_reused' });
    expect((await post('Yours', key, { roles: ['seller'] })).status).toBe(201);
  });

  it('keeps nothing of a request that failed', async () => {
    const key = randomUUID();
    expect((await post('', key)).status).toBe(400);
    expect((await post('Now it is right', key)).status).toBe(201);
  });

  it('says so while the first is running; many at once have one effect', async () => {
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 8 }, () => post('At once', key)));
    expect(
      answers.filter(({ status, headers }) => status === 201 && !headers.has('idempotency-replayed')),
    ).toHaveLength(1);
    for (const { status, body, headers } of answers.filter((each) => each.status !== 201)) {
      expect({ status, code: body.code, again: headers.get('retry-after') }).toEqual({
        status: 409,
        code: 'request_in_progress',
        again: '1',
      });
    }
    expect(await library.sql(`select count(*)::int as n from book where title = 'At once'`)).toEqual([{ n: 1 }]);
  });

  it('must be one that can be kept', async () => {
    expect((await post('x', 'a'.repeat(256))).body.code).toBe('idempotency_key_malformed');
  });

  it('forgets after a day', async () => {
    const key = randomUUID();
    await post('Old', key);
    await library.sql(`update idempotency set created_at = now() - interval '25 hours' where key = $1`, [key]);
    expect((await post('Old', key)).body.code).toBe('already_exists');
  });
});
