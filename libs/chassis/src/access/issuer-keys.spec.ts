import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import { ServiceConfig } from '../config/service.config.js';
import type { Database } from '../database/database.js';
import { IssuerKeys } from './issuer-keys.js';
import { OutsideClaims } from './outside-claims.js';
import { TokenVerifier } from './token-verifier.js';

const issuer = 'https://issuer.example';
const minute = 60_000;

describe('the keys of an issuer', () => {
  const network = globalThis.fetch;
  const config = Object.assign(new ServiceConfig(), { OIDC_ISSUER: issuer });
  let [time, asked, down] = [0, 0, false];
  let shown: JWK[] = [];
  let documents: Record<string, object> = {};
  let verifier: TokenVerifier;
  const [first, second] = [{} as { jwk: JWK; privateKey: CryptoKey }, {} as { jwk: JWK; privateKey: CryptoKey }];

  beforeAll(async () => {
    for (const [kid, key] of [
      ['first', first],
      ['second', second],
    ] as const) {
      const { publicKey, privateKey } = await generateKeyPair('ES256');
      Object.assign(key, { jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256' }, privateKey });
    }
  });
  beforeEach(() => {
    [time, asked, down, shown] = [1_000_000, 0, false, [first.jwk]];
    documents = {
      [`${issuer}/.well-known/openid-configuration`]: { issuer, jwks_uri: `${issuer}/keys`, quen_issuer: true },
    };
    globalThis.fetch = (input) => {
      const address = input instanceof Request ? input.url : String(input);
      if (down) return Promise.reject(new TypeError('fetch failed'));
      if (address === `${issuer}/keys`) asked += 1;
      const document = address === `${issuer}/keys` ? { keys: shown } : documents[address];
      return Promise.resolve(document ? Response.json(document) : new Response(null, { status: 404 }));
    };
    verifier = new TokenVerifier(config, new OutsideClaims(config, {} as Database), new IssuerKeys(config, () => time));
  });
  afterEach(() => {
    globalThis.fetch = network;
  });

  const token = ({ jwk, privateKey }: typeof first): Promise<string> => {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({ iss: issuer, aud: 'quen', sub: 'lan', roles: ['seller'], iat: now, exp: now + 36_000 })
      .setProtectedHeader({ alg: 'ES256', kid: jwk.kid ?? '', typ: 'at+jwt' })
      .sign(privateKey);
  };
  const seen = async (text: string): Promise<string> =>
    verifier.verify(text).then(
      () => 'good',
      (error: { code: string }) => error.code,
    );

  it('are gone a minute after the issuer took them back, for a token that was good a moment before, too', async () => {
    const text = await token(first);
    expect(await seen(text)).toBe('good');
    shown = [second.jwk];
    time += minute - 1;
    expect(await seen(text)).toBe('good');
    time += 1;
    expect(await seen(text)).toBe('unauthenticated');
    expect(await seen(await token(second))).toBe('good');
  });

  it('are asked for in the background, while requests go on', async () => {
    const text = await token(first);
    await seen(text);
    shown = [second.jwk];
    time += minute / 2;
    expect(await seen(text)).toBe('good');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([await seen(text), asked]).toEqual(['unauthenticated', 2]);
  });

  it("that are new are known with the first token that names them, and strangers' names do not make it ask all the time", async () => {
    await seen(await token(first));
    shown = [first.jwk, second.jwk];
    time += 9_999;
    expect(await seen(await token(second))).toBe('unauthenticated');
    time += 1;
    expect(await seen(await token(second))).toBe('good');
    for (let n = 0; n < 20; n += 1)
      expect(await seen(await token({ ...first, jwk: { ...first.jwk, kid: `stranger ${n}` } }))).toBe(
        'unauthenticated',
      );
    expect(asked).toBe(2);
  });

  it('serve on for an hour while the issuer does not answer, and are asked for once a minute', async () => {
    const text = await token(first);
    await seen(text);
    down = true;
    for (let minutes = 1; minutes < 60; minutes += 1) {
      time += minute;
      expect(await seen(text)).toBe('good');
    }
    time += minute;
    expect(await seen(text)).toBe('issuer_unavailable');
    down = false;
    expect(await seen(text)).toBe('good');
  });

  it('are found where the issuer moved them', async () => {
    const text = await token(first);
    await seen(text);
    documents = {
      [`${issuer}/.well-known/openid-configuration`]: { issuer, jwks_uri: `${issuer}/moved`, quen_issuer: true },
      [`${issuer}/moved`]: { keys: [second.jwk] },
    };
    const answers = globalThis.fetch;
    globalThis.fetch = (input, init) =>
      String(input) === `${issuer}/keys` ? Promise.resolve(new Response(null, { status: 404 })) : answers(input, init);
    time += minute;
    expect(await seen(text)).toBe('good');
    time += minute;
    expect([await seen(text), await seen(await token(second))]).toEqual(['unauthenticated', 'good']);
  });

  it('of an issuer that never answered are not there', async () => {
    down = true;
    expect(await seen(await token(first))).toBe('issuer_unavailable');
  });
});
