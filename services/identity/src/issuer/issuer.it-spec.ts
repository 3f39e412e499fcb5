import { createPrivateKey, sign } from 'node:crypto';
import { clockOff } from '@quen/testing';
import { claimsOf, headerOf, newVerifier, token, type Application } from './browser.it-support.js';
import { local, Office, redirectUri } from './office.it-support.js';

describe('issuer', () => {
  let office: Office;
  beforeAll(async () => {
    office = await Office.start();
  });
  afterAll(() => office?.stop());

  it('describes itself under its own address, whatever host it was asked by', async () => {
    const response = await fetch(`${office.issuer}/.well-known/openid-configuration`, {
      headers: { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
    });
    expect(await response.json()).toMatchObject({
      issuer: office.issuer,
      token_endpoint: `${office.issuer}/token`,
      jwks_uri: `${office.issuer}/jwks`,
      code_challenge_methods_supported: ['S256'],
      grant_types_supported: expect.arrayContaining(['authorization_code', 'refresh_token', 'client_credentials']),
    });
  });

  it("gives the starter's client an administrator's token that the gateway accepts", async () => {
    const answer = await office.token(local);
    expect(answer.status).toBe(200);
    expect(headerOf(answer.body.access_token)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
    expect(claimsOf(answer.body.access_token)).toMatchObject({
      iss: office.issuer,
      aud: 'quen',
      roles: ['administrator'],
      sub: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect((await office.holding(answer.body.access_token).get('/v1/staff')).status).toBe(200);
  });

  it('refuses a wrong client secret and a resource that is not ours', async () => {
    expect(await office.token({ ...local, secret: 'wrong' })).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    });
    expect(await office.token(local, { resource: 'https://other.example' })).toMatchObject({
      status: 400,
      body: { error: 'invalid_target' },
    });
  });

  it('lets a machine act with its own roles until it is stopped or gets another secret', async () => {
    const made = await office.administrator.post('/v1/clients', {
      name: 'Import',
      kind: 'machine',
      roles: ['branch-manager'],
      branchId: office.branchId,
    });
    const id = made.body.id as string;
    const secret = made.body.secret as string;
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(JSON.stringify(await office.identity.sql('select * from client'))).not.toContain(secret);
    expect(
      await office.identity.sql(
        `select relname from pg_class where relforcerowsecurity and relname in ('client', 'credential', 'staff') order by 1`,
      ),
    ).toHaveLength(3);
    const answer = await office.token({ clientId: id, secret });
    expect(claimsOf(answer.body.access_token)).toMatchObject({
      sub: id,
      name: 'Import',
      roles: ['branch-manager'],
      branch: office.branchId,
    });
    expect((await office.holding(answer.body.access_token).post('/v1/branches', { code: 'X', name: 'X' })).status).toBe(
      403,
    );

    const renewed = await office.administrator.post(`/v1/clients/${id}/secret`, undefined, { 'if-match': '"1"' });
    expect(renewed.status).toBe(200);
    expect((await office.token({ clientId: id, secret })).status).toBe(401);
    const next = { clientId: id, secret: renewed.body.secret as string };
    expect((await office.token(next)).status).toBe(200);
    await office.administrator.patch(`/v1/clients/${id}`, { active: false }, { 'if-match': '"2"' });
    expect((await office.token(next)).status).toBe(401);
  });

  it('signs staff in with code and PKCE, after they replaced the temporary password', async () => {
    const lan = await office.employ('lan', 'bốn mùa hoa nở');
    const { tokens } = await office.signIn(lan);
    expect(tokens.status).toBe(200);
    const claims = { sub: lan.id, name: 'Nhân viên lan', roles: ['seller'], branch: office.branchId };
    expect(claimsOf(tokens.body.access_token)).toMatchObject({
      ...claims,
      aud: 'quen',
      client_id: office.application.clientId,
    });
    expect(claimsOf(tokens.body.id_token)).toMatchObject({
      ...claims,
      aud: office.application.clientId,
      nonce: 'once',
    });
    expect((await office.holding(tokens.body.access_token).get(`/v1/staff/${lan.id}`)).status).toBe(200);
    expect((await office.holding(tokens.body.access_token).post('/v1/branches', { code: 'Y', name: 'Y' })).status).toBe(
      403,
    );
    expect((await office.holding(tokens.body.id_token).get('/v1/staff')).status).toBe(401);
  });

  it("gives no tokens by a clock that is off from the database's, and shows its keys all the same", async () => {
    const off = await office.identity.another({ PUBLIC_URL: office.identity.url, ...clockOff(-3 * 3_600_000) });
    try {
      await off.serve();
      expect(await token(`${off.url}/oidc`, local, { grant_type: 'client_credentials' })).toMatchObject({
        status: 503,
        body: { error: 'temporarily_unavailable' },
      });
      expect((await fetch(`${off.url}/oidc/jwks`)).status).toBe(200);
    } finally {
      await off.end();
    }
  });

  it('knows no client by an id that is no text', async () => {
    expect((await office.browser().open(`${office.issuer}/auth?client_id=%00&redirect_uri=x`)).status).toBe(400);
  });

  it('needs PKCE, the right verifier and a registered way back', async () => {
    const khoa = await office.employ('khoa', 'trăng sáng vườn chè');
    const browser = office.browser();
    const without = await browser.open(
      `${office.issuer}/auth?${new URLSearchParams({ client_id: office.application.clientId, redirect_uri: redirectUri, response_type: 'code', scope: 'openid' })}`,
    );
    expect(without.location).toContain('error=invalid_request');
    const elsewhere = await browser.authorize(
      { ...office.application, redirectUri: 'https://evil.example/back' },
      newVerifier(),
    );
    expect(elsewhere).toMatchObject({ status: 400, location: null });
    const code = await browser.code(office.application, newVerifier(), khoa.loginName, khoa.password);
    expect(await browser.exchange(office.application, code, newVerifier())).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
  });

  it('refuses a code that was used, and ends what came of it', async () => {
    const { browser, code, verifier, tokens } = await office.signIn(await office.employ('mai', 'suối chảy róc rách'));
    expect(await browser.exchange(office.application, code, verifier)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
    expect(await office.refresh(tokens.body.refresh_token)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
  });

  it('rotates refresh tokens; a second use of one ends the grant', async () => {
    const { tokens } = await office.signIn(await office.employ('hoa', 'lúa chín vàng đồng'));
    const first = tokens.body.refresh_token;
    expect(JSON.stringify(await office.identity.sql('select id, payload from issuer_record'))).not.toContain(first);
    const second = await office.refresh(first);
    expect(second.status).toBe(200);
    expect(second.body.refresh_token).not.toEqual(first);
    expect(claimsOf(second.body.access_token)).toMatchObject({ aud: 'quen', roles: ['seller'] });
    expect(await office.refresh(first)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect(await office.refresh(second.body.refresh_token)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
  });

  it('gives one of two uses of a refresh token at the same moment', async () => {
    const { tokens } = await office.signIn(await office.employ('thu', 'gió heo may về'));
    const both = await Promise.all([
      office.refresh(tokens.body.refresh_token),
      office.refresh(tokens.body.refresh_token),
    ]);
    expect(both.filter((answer) => answer.status === 200).length).toBeLessThanOrEqual(1);
  });

  it('signs in native applications, on any port of the machine and by a scheme of their own', async () => {
    const chi = await office.employ('chi', 'bến nước con đò');
    const made = await office.administrator.post('/v1/clients', {
      name: 'Kho',
      kind: 'application',
      confidential: false,
      redirectUris: ['http://127.0.0.1/back', 'http://localhost/back', 'vn.quen.kho:/back'],
    });
    expect(made.status).toBe(201);
    for (const redirectUri of ['http://127.0.0.1:51004/back', 'http://localhost:51005/back', 'vn.quen.kho:/back']) {
      const native: Application = { clientId: made.body.clientId as string, redirectUri };
      const browser = office.browser();
      const verifier = newVerifier();
      const page = await browser.authorize(native, verifier);
      expect(page.headers.get('content-security-policy')).toContain(
        redirectUri.startsWith('vn')
          ? "form-action 'self' vn.quen.kho:;"
          : `form-action 'self' ${new URL(redirectUri).origin};`,
      );
      const back = await browser.open(page.url, { login: chi.loginName, password: chi.password });
      expect(back.location).toContain(`${redirectUri}?code=`);
      const tokens = await browser.exchange(
        native,
        new URL(back.location ?? '').searchParams.get('code') ?? '',
        verifier,
      );
      expect(claimsOf(tokens.body.access_token)).toMatchObject({ sub: chi.id, roles: ['seller'] });
      expect((await browser.authorize(native, newVerifier(), { prompt: 'none' })).location).toContain(
        `${redirectUri}?code=`,
      );
    }
    expect(
      (
        await office
          .browser()
          .authorize(
            { clientId: made.body.clientId as string, redirectUri: 'http://127.0.0.1:51004/elsewhere' },
            newVerifier(),
          )
      ).status,
    ).toBe(400);
    expect(
      (
        await office
          .browser()
          .authorize(
            { clientId: made.body.clientId as string, redirectUri: 'http://127.0.0.1:51004/back' },
            newVerifier(),
            { prompt: 'none' },
          )
      ).location,
    ).toContain('error=login_required');
  });

  it.each([
    'http://app.example/back',
    'http://10.0.0.1/back',
    'javascript:alert(1)',
    'data:text/html,x',
    'myapp:/back',
    'https://app.example/back#x',
    'https://u:p@app.example/',
    'https://*.example/',
    'vn.quen.kho:back',
    '//app.example',
    'file:///etc',
    'https://',
  ])('does not lead back to %s', async (uri) => {
    for (const field of ['redirectUris', 'postLogoutRedirectUris']) {
      const body = {
        name: 'Lạ',
        kind: 'application',
        redirectUris: ['https://app.example/back'],
        ...{ [field]: [uri] },
      };
      expect(await office.administrator.post('/v1/clients', body)).toMatchObject({
        status: 400,
        body: { code: 'validation_failed' },
      });
    }
  });

  it("slows guessing of a client's secret down, for this client from this address", async () => {
    const [one, other] = await Promise.all(
      ['Một', 'Hai'].map(
        async (name) =>
          (await office.administrator.post('/v1/clients', { name, kind: 'machine', roles: ['data-reader'] })).body,
      ),
    );
    const ask = (client: Record<string, unknown>, secret: unknown) =>
      office.token({ clientId: String(client.clientId), secret: String(secret) });
    for (let n = 0; n < 10; n++) expect((await ask(one!, `wrong ${n}`)).status).toBe(401);
    expect(await ask(one!, 'wrong')).toMatchObject({ status: 429, body: { error: 'slow_down' } });
    expect((await ask(one!, one!.secret)).status).toBe(429);
    expect((await ask(other!, other!.secret)).status).toBe(200);
    await office.identity.sql(`update sign_in_attempt set blocked_until = '-infinity' where key like 'client:%'`);
    expect((await ask(one!, one!.secret)).status).toBe(200);
  });

  it('keeps no secret for the repetition of a request', async () => {
    const headers = { 'idempotency-key': 'a client, made once' };
    const body = { name: 'Một lần', kind: 'machine', roles: ['data-reader'] };
    const first = await office.administrator.post('/v1/clients', body, headers);
    const again = await office.administrator.post('/v1/clients', body, headers);
    expect([first.body.secret, again.body]).toEqual([
      expect.stringMatching(/^[\w-]{43}$/),
      { ...first.body, secret: null },
    ]);
    expect(JSON.stringify(await office.identity.sql('select * from idempotency'))).not.toContain(first.body.secret);
  });

  it('is refused by the gateway when a token is for others, expired, altered or missing', async () => {
    const [key] = await office.identity.sql<{ kid: string; private_key: string }>(
      'select kid, private_key from signing_key',
    );
    const privateKey = createPrivateKey({
      key: JSON.parse(key!.private_key.slice('open:'.length)) as never,
      format: 'jwk',
    });
    const now = Math.floor(Date.now() / 1000);
    const good = { iss: office.issuer, aud: 'quen', sub: 'a', iat: now, exp: now + 60, roles: ['administrator'] };
    const forge = (claims: object) => {
      const body = [{ alg: 'ES256', typ: 'at+jwt', kid: key!.kid }, claims]
        .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
        .join('.');
      return `${body}.${sign('sha256', Buffer.from(body), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
    };
    const status = async (bearer: string) => (await office.holding(bearer).get('/v1/staff')).status;
    expect(await status(forge(good))).toBe(200);
    expect(await status(forge({ ...good, aud: 'another' }))).toBe(401);
    expect(await status(forge({ ...good, iss: 'https://evil.example' }))).toBe(401);
    expect(await status(forge({ ...good, exp: now - 120 }))).toBe(401);
    expect(await status(`${forge(good).slice(0, -4)}AAAA`)).toBe(401);
    expect((await fetch(`${office.identity.url}/v1/staff`)).status).toBe(401);
  });
});
