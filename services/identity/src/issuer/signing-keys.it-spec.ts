import { eventually, startService, type TestService } from '@quen/testing';
import { headerOf, token } from './browser.it-support.js';

const local = { clientId: 'local', secret: 'the secret that the starter chose' };

describe('signing keys', () => {
  let identity: TestService;
  let issuer: string;

  beforeAll(async () => {
    identity = await startService('identity', {
      env: (url) => ({
        OIDC_ISSUER: `${url}/oidc`,
        QUEN_MODE: 'local',
        LOCAL_CLIENT_ID: local.clientId,
        LOCAL_CLIENT_SECRET: local.secret,
        SIGNING_KEY_SECRET: 'a secret of more than thirty-two characters',
      }),
    });
    issuer = `${identity.url}/oidc`;
  });

  afterAll(() => identity?.stop());

  const newToken = async () => (await token(issuer, local, { grant_type: 'client_credentials' })).body.access_token!;
  const status = async (bearer: string) =>
    (await fetch(`${identity.url}/v1/roles`, { headers: { authorization: `Bearer ${bearer}` } })).status;
  const shown = async () =>
    ((await (await fetch(`${issuer}/jwks`)).json()) as { keys: { kid: string; d?: string }[] }).keys;
  const rotate = async (bearer: string, leaked: boolean) =>
    (
      await fetch(`${identity.url}/v1/signing-keys`, {
        method: 'POST',
        headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
        body: JSON.stringify({ leaked }),
      })
    ).status;

  it('are encrypted in the database and never shown with their private part', async () => {
    const rows = await identity.sql<{ private_key: string }>('select private_key from signing_key');
    expect(rows).toHaveLength(1);
    expect(rows[0]!.private_key).toMatch(/^sealed:/);
    expect((await shown()).every((key) => key.d === undefined)).toBe(true);
  });

  it('rotate: the next key is shown first, then signs, and the old one verifies on', async () => {
    const before = await newToken();
    expect(await rotate(before, false)).toBe(204);
    await eventually(async () => expect(await shown()).toHaveLength(2));
    expect(headerOf(await newToken()).kid).toEqual(headerOf(before).kid);

    await identity.sql(`update signing_key set signs_from = now() where signs_from > now()`);
    await identity.kill();
    await identity.restart();
    const after = await newToken();
    expect(headerOf(after).kid).not.toEqual(headerOf(before).kid);
    expect((await shown())[0]!.kid).toEqual(headerOf(after).kid);
    expect([await status(before), await status(after)]).toEqual([200, 200]);

    await identity.sql(`update signing_key set signs_from = signs_from - interval '25 hours'`);
    await identity.kill();
    await identity.restart();
    await newToken();
    expect((await shown()).map((key) => key.kid)).toEqual([headerOf(after).kid]);
    expect([await status(before), await status(after)]).toEqual([401, 200]);
  });

  it('are replaced at once when one has leaked', async () => {
    const before = await newToken();
    expect(await rotate(before, true)).toBe(204);
    await eventually(async () => expect(headerOf(await newToken()).kid).not.toEqual(headerOf(before).kid));
    expect(await shown()).toHaveLength(1);
    const after = await newToken();
    await eventually(async () => expect([await status(before), await status(after)]).toEqual([401, 200]), {
      timeoutMs: 30_000,
    });
  });
});
