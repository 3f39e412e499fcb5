import { jest } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { ServiceConfig } from '../config/service.config.js';
import type { Database } from '../database/database.js';
import { IssuerKeys } from './issuer-keys.js';
import { OutsideClaims } from './outside-claims.js';
import { TokenVerifier } from './token-verifier.js';

const issuer = 'https://issuer.example';

describe('A token that was good', () => {
  const network = globalThis.fetch;
  afterEach(() => {
    jest.useRealTimers();
    globalThis.fetch = network;
  });

  it('is not believed beyond its end, however short ago it was checked', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const documents: Record<string, object> = {
      [`${issuer}/.well-known/openid-configuration`]: { issuer, jwks_uri: `${issuer}/keys`, quen_issuer: true },
      [`${issuer}/keys`]: { keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256' }] },
    };
    globalThis.fetch = (input) =>
      Promise.resolve(Response.json(documents[input instanceof Request ? input.url : String(input)]));
    const config = Object.assign(new ServiceConfig(), { OIDC_ISSUER: issuer });
    const verifier = new TokenVerifier(config, new OutsideClaims(config, {} as Database), new IssuerKeys(config));
    const now = Math.floor(Date.now() / 1000);
    const token = await new SignJWT({
      iss: issuer,
      aud: 'quen',
      sub: 'lan',
      roles: ['seller'],
      iat: now - 600,
      exp: now - 30,
    })
      .setProtectedHeader({ alg: 'ES256', kid: 'k', typ: 'at+jwt' })
      .sign(privateKey);
    jest.useFakeTimers({
      now: now * 1000,
      doNotFake: ['setTimeout', 'clearTimeout', 'nextTick', 'queueMicrotask', 'setImmediate'],
    });
    const first = await verifier.verify(token);
    expect(first).toMatchObject({ roles: ['seller'] });
    expect(await verifier.verify(token)).toBe(first);
    jest.setSystemTime((now + 31) * 1000);
    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});
