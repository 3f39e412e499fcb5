import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { type Actor } from '@quen/testing';
import { expectProblem, Library } from './library.js';

const seller: Actor = { roles: ['seller'] };
const administrator: Actor = { roles: ['administrator'] };

describe('whom the gateway of a service lets in', () => {
  let library: Library;
  beforeAll(async () => {
    library = await Library.start();
  });
  afterAll(() => library.stop());

  it.each<[string, Actor | undefined, Record<string, string>]>([
    ['no token', undefined, {}],
    ['no token but something else', undefined, { authorization: 'Basic YTpi' }],
    ['an expired token', { ...administrator, claims: { exp: Math.floor(Date.now() / 1000) - 61 } }, {}],
    ['a token for later', { ...administrator, claims: { nbf: Math.floor(Date.now() / 1000) + 120 } }, {}],
    ['a token for another audience', { ...administrator, claims: { aud: 'other' } }, {}],
    ['a token of another issuer', { ...administrator, claims: { iss: 'http://other' } }, {}],
    ['a token that never ends', { ...administrator, claims: { exp: undefined } }, {}],
    [
      'a token of the future',
      {
        ...administrator,
        claims: { iat: Math.floor(Date.now() / 1000) + 3_600, exp: Math.floor(Date.now() / 1000) + 7_200 },
      },
      {},
    ],
    ['a token for ten years', { ...administrator, claims: { exp: Math.floor(Date.now() / 1000) + 315_360_000 } }, {}],
    ['a token that does not say when it was made', { ...administrator, claims: { iat: undefined } }, {}],
    [
      'an id token of an issuer that marks its access tokens in nothing',
      { ...administrator, header: { typ: 'JWT' }, claims: { nonce: 'n', at_hash: 'h' } },
      {},
    ],
    ['the same without what it was asked with', { ...administrator, header: { typ: 'JWT' } }, {}],
    ['an id token', { ...administrator, claims: { typ: 'ID' } }, {}],
    ['a token of another type', { ...administrator, header: { typ: 'logout+jwt' } }, {}],
    ['a token that names no key of the issuer', { ...administrator, header: { kid: 'mine' } }, {}],
  ])('refuses %s', async (_, caller, headers) => {
    const answer = await library.as(caller).get('/v1/books', headers);
    expectProblem(answer, 401, 'unauthenticated');
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
  });

  it('accepts a token within the leeway', async () => {
    expect(
      (
        await library
          .as({
            ...administrator,
            claims: { exp: Math.floor(Date.now() / 1000) - 30 },
          })
          .get('/v1/books')
      ).status,
    ).toBe(200);
  });

  it('accepts an access token of an issuer that says so in a claim, or for which program it was made', async () => {
    for (const claims of [{ typ: 'Bearer', nonce: 'n' }, { azp: 'console' }, { appid: 'console' }]) {
      expect((await library.as({ ...administrator, header: { typ: 'JWT' }, claims }).get('/v1/books')).status).toBe(
        200,
      );
    }
  });

  it('refuses unsigned tokens and tokens that bring their own key', async () => {
    const [, payload] = (await library.issuer.token(administrator)).split('.');
    for (const header of [
      { alg: 'none', typ: 'at+jwt' },
      { alg: 'HS256', typ: 'at+jwt', kid: library.issuer.keyId },
    ]) {
      const token = `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${payload}.AAAA`;
      expectProblem(
        await library.anonymous.get('/v1/books', { authorization: `Bearer ${token}` }),
        401,
        'unauthenticated',
      );
    }
  });

  it('refuses what no role allows', async () => {
    expectProblem(await library.as({ roles: ['accountant'] }).get('/v1/books'), 403, 'forbidden');
    expectProblem(await library.as({ roles: [] }).get('/v1/books'), 403, 'forbidden');
  });

  it('lets anybody see what is public, and nothing below it', async () => {
    await library.as(seller).post('/v1/books', { title: 'Hidden from the public' });
    expect((await library.anonymous.get('/v1/books/hours')).body).toEqual({ books: 0, open: '08:00' });
  });

  it('believes a forwarded address only from a proxy that it was told of', async () => {
    const limited = await Library.start({ RATE_LIMIT_PER_MINUTE: '5', TRUST_PROXY: '127.0.0.2' });
    try {
      const from = async (localAddress: string): Promise<(number | undefined)[]> => {
        const answers = [];
        for (let n = 1; n <= 7; n += 1) {
          const asked = get(`${limited.service.url}/v1/books/hours`, {
            localAddress,
            headers: { 'x-forwarded-for': `203.0.113.${n}` },
          });
          const [answer] = (await once(asked, 'response')) as [IncomingMessage];
          answers.push(answer.resume().statusCode);
        }
        return answers;
      };
      expect(await from('127.0.0.2')).toEqual([200, 200, 200, 200, 200, 200, 200]);
      expect(await from('127.0.0.3')).toEqual([200, 200, 200, 200, 200, 429, 429]);
      const guesses = await Promise.all(
        Array.from({ length: 7 }, () => limited.as({ ...administrator, claims: { aud: 'other' } }).get('/v1/books')),
      );
      expect(guesses.map(({ status }) => status).sort()).toEqual([401, 401, 401, 401, 401, 429, 429]);
      expect(guesses.find(({ status }) => status === 429)?.headers.get('retry-after')).toMatch(/^\d+$/);
      expect((await limited.as(administrator).get('/v1/books')).status).toBe(200);
    } finally {
      await limited.stop();
    }
  });
});
