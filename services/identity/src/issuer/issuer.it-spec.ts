import { createPrivateKey, sign } from 'node:crypto';
import { clockOff, eventually, startService, type TestService } from '@quen/testing';
import { IdentityConfig } from '../identity.config.js';
import { IdentityModule } from '../identity.module.js';
import { Browser, claimsOf, headerOf, newVerifier, token, type Application } from './browser.it-support.js';

const local = { clientId: 'local', secret: 'the secret that the starter chose' };
const redirectUri = 'https://console.example/back';

describe('issuer', () => {
  let identity: TestService;
  let issuer: string;
  let administrator: string;
  let branchId: string;
  let application: Application;

  beforeAll(async () => {
    identity = await startService(IdentityModule, IdentityConfig, {
      env: (url) => ({
        OIDC_ISSUER: `${url}/oidc`,
        QUEN_MODE: 'local',
        LOCAL_CLIENT_ID: local.clientId,
        LOCAL_CLIENT_SECRET: local.secret,
      }),
    });
    issuer = `${identity.url}/oidc`;
    administrator = (await token(issuer, local, { grant_type: 'client_credentials' })).body.access_token!;
    branchId = (await call('POST', '/v1/branches', { code: 'HO', name: 'Trụ sở chính' })).body.id as string;
    const client = await call('POST', '/v1/clients', {
      name: 'Console',
      kind: 'application',
      confidential: false,
      redirectUris: [redirectUri],
      postLogoutRedirectUris: [redirectUri],
    });
    application = { clientId: client.body.clientId as string, redirectUri };
  });

  afterAll(() => identity?.stop());

  async function call(
    method: string,
    path: string,
    body?: object,
    bearer = administrator,
    headers: Record<string, string> = {},
  ) {
    const response = await fetch(identity.url + path, {
      method,
      headers: {
        authorization: `Bearer ${bearer}`,
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    return { status: response.status, body: (text ? JSON.parse(text) : {}) as Record<string, unknown> };
  }

  /** Someone with a password of their own. */
  async function employ(
    loginName: string,
    password: string,
    roles = ['seller'],
  ): Promise<{ id: string; loginName: string; password: string }> {
    const staff = await call('POST', '/v1/staff', {
      loginName,
      displayName: `Nhân viên ${loginName}`,
      roles,
      branchId,
    });
    expect(staff.status).toBe(201);
    const id = staff.body.id as string;
    expect((await call('PUT', `/v1/staff/${id}/temporary-password`, { password: 'a temporary one' })).status).toBe(204);
    const browser = new Browser(issuer);
    const page = await browser.authorize(application, newVerifier());
    const forced = await browser.open(page.url, { login: loginName, password: 'a temporary one' });
    expect(forced.text).toContain('newPasswordAgain');
    const done = await browser.open(page.url, {
      login: loginName,
      password: 'a temporary one',
      change: 'yes',
      newPassword: password,
      newPasswordAgain: password,
    });
    expect(done.location).toContain(`${redirectUri}?code=`);
    return { id, loginName, password };
  }

  async function signIn(who: { loginName: string; password: string }, browser = new Browser(issuer)) {
    const verifier = newVerifier();
    const code = await browser.code(application, verifier, who.loginName, who.password);
    return { browser, verifier, code, tokens: await browser.exchange(application, code, verifier) };
  }

  it('describes itself under its own address, whatever host it was asked by', async () => {
    const response = await fetch(`${issuer}/.well-known/openid-configuration`, {
      headers: { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
    });
    expect(await response.json()).toMatchObject({
      issuer,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      code_challenge_methods_supported: ['S256'],
      grant_types_supported: expect.arrayContaining(['authorization_code', 'refresh_token', 'client_credentials']),
    });
  });

  it("gives the starter's client an administrator's token that the gateway accepts", async () => {
    const answer = await token(issuer, local, { grant_type: 'client_credentials' });
    expect(answer.status).toBe(200);
    expect(headerOf(answer.body.access_token)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
    expect(claimsOf(answer.body.access_token)).toMatchObject({
      iss: issuer,
      aud: 'quen',
      roles: ['administrator'],
      sub: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect((await call('GET', '/v1/staff', undefined, answer.body.access_token)).status).toBe(200);
  });

  it('refuses a wrong client secret and a resource that is not ours', async () => {
    expect(await token(issuer, { ...local, secret: 'wrong' }, { grant_type: 'client_credentials' })).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    });
    expect(
      await token(issuer, local, { grant_type: 'client_credentials', resource: 'https://other.example' }),
    ).toMatchObject({ status: 400, body: { error: 'invalid_target' } });
  });

  it('lets a machine act with its own roles until it is stopped or gets another secret', async () => {
    const made = await call('POST', '/v1/clients', {
      name: 'Import',
      kind: 'machine',
      roles: ['branch-manager'],
      branchId,
    });
    const id = made.body.id as string;
    const secret = made.body.secret as string;
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(JSON.stringify(await identity.sql('select * from client'))).not.toContain(secret);
    expect(
      await identity.sql(
        `select relname from pg_class where relforcerowsecurity and relname in ('client', 'credential', 'staff') order by 1`,
      ),
    ).toHaveLength(3);
    const answer = await token(issuer, { clientId: id, secret }, { grant_type: 'client_credentials' });
    expect(claimsOf(answer.body.access_token)).toMatchObject({
      sub: id,
      name: 'Import',
      roles: ['branch-manager'],
      branch: branchId,
    });
    expect((await call('POST', '/v1/branches', { code: 'X', name: 'X' }, answer.body.access_token)).status).toBe(403);

    const renewed = await call('POST', `/v1/clients/${id}/secret`, undefined, administrator, { 'if-match': '"1"' });
    expect(renewed.status).toBe(200);
    expect((await token(issuer, { clientId: id, secret }, { grant_type: 'client_credentials' })).status).toBe(401);
    const next = { clientId: id, secret: renewed.body.secret as string };
    expect((await token(issuer, next, { grant_type: 'client_credentials' })).status).toBe(200);
    await call('PATCH', `/v1/clients/${id}`, { active: false }, administrator, { 'if-match': '"2"' });
    expect((await token(issuer, next, { grant_type: 'client_credentials' })).status).toBe(401);
  });

  it('signs staff in with code and PKCE, after they replaced the temporary password', async () => {
    const lan = await employ('lan', 'bốn mùa hoa nở');
    const { tokens } = await signIn(lan);
    expect(tokens.status).toBe(200);
    const claims = { sub: lan.id, name: 'Nhân viên lan', roles: ['seller'], branch: branchId };
    expect(claimsOf(tokens.body.access_token)).toMatchObject({
      ...claims,
      aud: 'quen',
      client_id: application.clientId,
    });
    expect(claimsOf(tokens.body.id_token)).toMatchObject({ ...claims, aud: application.clientId, nonce: 'once' });
    expect((await call('GET', `/v1/staff/${lan.id}`, undefined, tokens.body.access_token)).status).toBe(200);
    expect((await call('POST', '/v1/branches', { code: 'Y', name: 'Y' }, tokens.body.access_token)).status).toBe(403);
    expect((await call('GET', '/v1/staff', undefined, tokens.body.id_token)).status).toBe(401);
  });

  it("gives no tokens by a clock that is off from the database's, and shows its keys all the same", async () => {
    const off = await identity.another({ PUBLIC_URL: identity.url, ...clockOff(-3 * 3_600_000) });
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
    expect((await new Browser(issuer).open(`${issuer}/auth?client_id=%00&redirect_uri=x`)).status).toBe(400);
  });

  it('needs PKCE, the right verifier and a registered way back', async () => {
    const khoa = await employ('khoa', 'trăng sáng vườn chè');
    const browser = new Browser(issuer);
    const without = await browser.open(
      `${issuer}/auth?${new URLSearchParams({ client_id: application.clientId, redirect_uri: redirectUri, response_type: 'code', scope: 'openid' })}`,
    );
    expect(without.location).toContain('error=invalid_request');
    const elsewhere = await browser.authorize(
      { ...application, redirectUri: 'https://evil.example/back' },
      newVerifier(),
    );
    expect(elsewhere).toMatchObject({ status: 400, location: null });
    const code = await browser.code(application, newVerifier(), khoa.loginName, khoa.password);
    expect(await browser.exchange(application, code, newVerifier())).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
  });

  it('refuses a code that was used, and ends what came of it', async () => {
    const { browser, code, verifier, tokens } = await signIn(await employ('mai', 'suối chảy róc rách'));
    expect(await browser.exchange(application, code, verifier)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
    expect(await refresh(tokens.body.refresh_token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  const refresh = (refreshToken = '') =>
    token(issuer, application, { grant_type: 'refresh_token', refresh_token: refreshToken });

  it('rotates refresh tokens; a second use of one ends the grant', async () => {
    const { tokens } = await signIn(await employ('hoa', 'lúa chín vàng đồng'));
    const first = tokens.body.refresh_token;
    expect(JSON.stringify(await identity.sql('select id, payload from issuer_record'))).not.toContain(first);
    const second = await refresh(first);
    expect(second.status).toBe(200);
    expect(second.body.refresh_token).not.toEqual(first);
    expect(claimsOf(second.body.access_token)).toMatchObject({ aud: 'quen', roles: ['seller'] });
    expect(await refresh(first)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect(await refresh(second.body.refresh_token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it('gives one of two uses of a refresh token at the same moment', async () => {
    const { tokens } = await signIn(await employ('thu', 'gió heo may về'));
    const both = await Promise.all([refresh(tokens.body.refresh_token), refresh(tokens.body.refresh_token)]);
    expect(both.filter((answer) => answer.status === 200).length).toBeLessThanOrEqual(1);
  });

  it('says no more than that name or password is wrong, and slows guessing down', async () => {
    const bao = await employ('bao', 'sóng vỗ bờ xa');
    const browser = new Browser(issuer);
    const page = await browser.authorize(application, newVerifier());
    const guess = (login: string, password: string) => browser.open(page.url, { login, password, lang: 'en' });
    const unknown = await guess('nobody', 'wrong password');
    const known = await guess(bao.loginName, 'wrong password');
    expect([unknown.status, known.status]).toEqual([401, 401]);
    expect(known.text).toContain('The sign-in name or the password is wrong.');
    for (let attempt = 2; attempt <= 5; attempt++)
      expect((await guess(bao.loginName, `wrong ${attempt}`)).status).toBe(401);
    const refused = await guess(bao.loginName, bao.password);
    expect([refused.status, Number(refused.headers.get('retry-after'))]).toEqual([429, expect.any(Number)]);
    await identity.sql(`update sign_in_attempt set blocked_until = now() where key = 'name:bao'`);
    expect((await guess('BAO ', bao.password)).location).toContain('code=');
  });

  it('lets an office sign in from its one address, one after the other and at the same time', async () => {
    const nam = await employ('nam', 'con đò bến cũ');
    const one = async () => {
      const browser = new Browser(issuer);
      const page = await browser.authorize(application, newVerifier());
      return (await browser.open(page.url, { login: nam.loginName, password: nam.password })).location?.includes(
        'code=',
      );
    };
    expect(await Promise.all(Array.from({ length: 40 }, one))).toEqual(Array(40).fill(true));
    for (let n = 0; n < 20; n++) expect(await one()).toBe(true);
    expect(await identity.sql(`select key from sign_in_attempt where key = 'name:nam'`)).toEqual([]);
  });

  it('stops an address that guesses at many names, however many at the same time', async () => {
    const que = await employ('que', 'hương bưởi thoảng bay');
    await identity.sql(`delete from sign_in_attempt where key like 'address:%'`);
    const guess = async (login: string, password = 'a wrong password') => {
      const browser = new Browser(issuer);
      const page = await browser.authorize(application, newVerifier());
      return (await browser.open(page.url, { login, password })).status;
    };
    const answers = await Promise.all(Array.from({ length: 70 }, (_, n) => guess(`nobody.${n}`)));
    expect([
      answers.filter((status) => status === 401).length,
      answers.filter((status) => status === 429).length,
    ]).toEqual([50, 20]);
    expect(await guess(que.loginName, que.password)).toBe(429);
    expect(await identity.sql(`select key from sign_in_attempt where key = 'name:que'`)).toEqual([]);
    // half an hour later half of them are forgotten
    await identity.sql(
      `update sign_in_attempt set last_at = last_at - interval '30 minutes', blocked_until = '-infinity' where key like 'address:%'`,
    );
    expect(await guess('nobody.70')).toBe(401);
    expect(
      await identity.sql(`select round(attempts)::int as n from sign_in_attempt where key like 'address:%'`),
    ).toEqual([{ n: 26 }]);
    await identity.sql(`delete from sign_in_attempt where key like 'address:%'`);
  });

  it('does not take a password that is guessed early', async () => {
    const dao = await employ('dao', 'hoa đào năm ngoái');
    const set = (password: string) => call('PUT', `/v1/staff/${dao.id}/temporary-password`, { password });
    expect(await set('qwertyuiop')).toMatchObject({ status: 422, body: { code: 'password_common' } });
    expect((await set('an initial password')).status).toBe(204);
    const browser = new Browser(issuer);
    const page = await browser.authorize(application, newVerifier());
    const change = (next: string) =>
      browser.open(page.url, {
        login: 'dao',
        password: 'an initial password',
        change: 'yes',
        newPassword: next,
        newPasswordAgain: next,
        lang: 'en',
      });
    expect((await change('Password1234')).text).toContain('among the first that are guessed');
    expect((await change('hoa đào năm nay')).location).toContain('code=');
  });

  it('signs in native applications, on any port of the machine and by a scheme of their own', async () => {
    const chi = await employ('chi', 'bến nước con đò');
    const made = await call('POST', '/v1/clients', {
      name: 'Kho',
      kind: 'application',
      confidential: false,
      redirectUris: ['http://127.0.0.1/back', 'http://localhost/back', 'vn.quen.kho:/back'],
    });
    expect(made.status).toBe(201);
    for (const redirectUri of ['http://127.0.0.1:51004/back', 'http://localhost:51005/back', 'vn.quen.kho:/back']) {
      const native: Application = { clientId: made.body.clientId as string, redirectUri };
      const browser = new Browser(issuer);
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
        await new Browser(issuer).authorize(
          { clientId: made.body.clientId as string, redirectUri: 'http://127.0.0.1:51004/elsewhere' },
          newVerifier(),
        )
      ).status,
    ).toBe(400);
    expect(
      (
        await new Browser(issuer).authorize(
          { clientId: made.body.clientId as string, redirectUri: 'http://127.0.0.1:51004/back' },
          newVerifier(),
          { prompt: 'none' },
        )
      ).location,
    ).toContain('error=login_required');
  });

  it('gives consent with the sign-in where it is asked for by name', async () => {
    const ha = await employ('ha', 'mùa thu lá bay');
    const browser = new Browser(issuer);
    const page = await browser.authorize(application, newVerifier(), { prompt: 'consent' });
    expect((await browser.open(page.url, { login: ha.loginName, password: ha.password })).location).toContain('code=');
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
      expect(await call('POST', '/v1/clients', body)).toMatchObject({
        status: 400,
        body: { code: 'validation_failed' },
      });
    }
  });

  it("slows guessing of a client's secret down, for this client from this address", async () => {
    const [one, other] = await Promise.all(
      ['Một', 'Hai'].map(
        async (name) => (await call('POST', '/v1/clients', { name, kind: 'machine', roles: ['data-reader'] })).body,
      ),
    );
    const ask = (client: Record<string, unknown>, secret: unknown) =>
      token(
        issuer,
        { clientId: String(client.clientId), secret: String(secret) },
        { grant_type: 'client_credentials' },
      );
    for (let n = 0; n < 10; n++) expect((await ask(one!, `wrong ${n}`)).status).toBe(401);
    expect(await ask(one!, 'wrong')).toMatchObject({ status: 429, body: { error: 'slow_down' } });
    expect((await ask(one!, one!.secret)).status).toBe(429);
    expect((await ask(other!, other!.secret)).status).toBe(200);
    await identity.sql(`update sign_in_attempt set blocked_until = '-infinity' where key like 'client:%'`);
    expect((await ask(one!, one!.secret)).status).toBe(200);
  });

  it('keeps no secret for the repetition of a request', async () => {
    const headers = { 'idempotency-key': 'a client, made once' };
    const body = { name: 'Một lần', kind: 'machine', roles: ['data-reader'] };
    const first = await call('POST', '/v1/clients', body, administrator, headers);
    const again = await call('POST', '/v1/clients', body, administrator, headers);
    expect([first.body.secret, again.body]).toEqual([
      expect.stringMatching(/^[\w-]{43}$/),
      { ...first.body, secret: null },
    ]);
    expect(JSON.stringify(await identity.sql('select * from idempotency'))).not.toContain(first.body.secret);
  });

  it('ends a session that nobody uses, and any after twelve hours', async () => {
    const { tokens } = await signIn(await employ('an', 'giọt mưa bên hiên'));
    const minutesLeft = async () =>
      (
        await identity.sql<{ minutes: number }>(
          `select round(extract(epoch from max(least(expires_at, to_timestamp((payload->>'exp')::bigint))) - now()) / 60)::int as minutes from issuer_record where model = 'Session' and account_id = $1`,
          [claimsOf(tokens.body.access_token).sub],
        )
      )[0]?.minutes;
    expect(await minutesLeft()).toBe(60);
    await identity.sql(`update issuer_record set expires_at = now() + interval '5 minutes' where model = 'Session'`);
    const second = await refresh(tokens.body.refresh_token);
    await eventually(async () => expect(await minutesLeft()).toBe(60));
    await identity.sql(
      `update issuer_record set payload = payload || jsonb_build_object('loginTs', extract(epoch from now() - interval '11 hours 30 minutes')::bigint) where model = 'Session'`,
    );
    const third = await refresh(second.body.refresh_token);
    await eventually(async () => expect(await minutesLeft()).toBe(30));
    await identity.sql(`update issuer_record set expires_at = now() where model = 'Session'`);
    expect(await refresh(third.body.refresh_token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it('has its answers guessed, framed and kept by no browser', async () => {
    const browser = new Browser(issuer);
    const page = await browser.authorize(application, newVerifier());
    for (const headers of [
      page.headers,
      (await browser.open(`${issuer}/auth`)).headers,
      ...(
        await Promise.all(
          ['/.well-known/openid-configuration', '/jwks', '/token', '/nothing', '/sign-in/none'].map((path) =>
            fetch(issuer + path),
          ),
        )
      ).map((answer) => answer.headers),
    ]) {
      expect(Object.fromEntries(headers)).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
      });
    }
  });

  it('speaks the language that was asked for and sends no script', async () => {
    const browser = new Browser(issuer);
    const page = await browser.authorize(application, newVerifier(), { ui_locales: 'en' });
    expect(page.text).toContain('<html lang="en">');
    expect(page.headers.get('content-security-policy')).toContain(`form-action 'self' https://console.example;`);
    expect((await browser.open(`${page.url}?lang=vi`)).text).toContain('Đăng nhập');
  });

  it('knows a session, and ends it on sign-out', async () => {
    const { browser, tokens } = await signIn(await employ('son', 'mây trắng đỉnh núi'));
    expect((await browser.authorize(application, newVerifier())).location).toContain('code=');
    const question = await browser.open(
      `${issuer}/session/end?${new URLSearchParams({ id_token_hint: tokens.body.id_token!, post_logout_redirect_uri: redirectUri })}`,
    );
    const [, xsrf] = /name="xsrf" value="([^"]+)"/.exec(question.text)!;
    const back = await browser.open(`${issuer}/session/end/confirm`, { xsrf: xsrf!, logout: 'yes' });
    expect(back.location).toBe(redirectUri);
    expect((await browser.authorize(application, newVerifier())).text).toContain('name="password"');
    expect(await refresh(tokens.body.refresh_token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it('lets nobody in who has left: no sign-in, no session, no refresh', async () => {
    const vy = await employ('vy', 'nắng hạ chói chang');
    const { browser, tokens } = await signIn(vy);
    const { body } = await call('GET', `/v1/staff/${vy.id}`);
    expect(
      (
        await call('POST', `/v1/staff/${vy.id}/deactivate`, undefined, administrator, {
          'if-match': `"${String(body.version)}"`,
        })
      ).status,
    ).toBe(200);
    expect(await refresh(tokens.body.refresh_token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    const page = await browser.authorize(application, newVerifier());
    expect(page.text).toContain('name="password"');
    expect((await browser.open(page.url, { login: vy.loginName, password: vy.password })).status).toBe(401);
  });

  it("changes one's own password, which ends the sessions", async () => {
    const tam = await employ('tam', 'cánh đồng bất tận');
    const { tokens } = await signIn(tam);
    const own = (body: object, bearer = tokens.body.access_token!) =>
      call('PUT', `/v1/staff/${tam.id}/password`, body, bearer);
    expect(await own({ present: 'wrong', next: 'một câu dài hơn' })).toMatchObject({
      status: 422,
      body: { code: 'password_wrong' },
    });
    expect(await own({ present: tam.password, next: 'ngắn' })).toMatchObject({
      status: 422,
      body: { code: 'password_weak' },
    });
    expect(await own({ present: tam.password, next: 'một câu dài hơn' }, administrator)).toMatchObject({ status: 403 });
    expect((await own({ present: tam.password, next: 'một câu dài hơn' })).status).toBe(204);
    expect((await refresh(tokens.body.refresh_token)).status).toBe(400);
    expect((await signIn({ ...tam, password: 'một câu dài hơn' })).tokens.status).toBe(200);
  });

  it('is refused by the gateway when a token is for others, expired, altered or missing', async () => {
    const [key] = await identity.sql<{ kid: string; private_key: string }>('select kid, private_key from signing_key');
    const privateKey = createPrivateKey({
      key: JSON.parse(key!.private_key.slice('open:'.length)) as never,
      format: 'jwk',
    });
    const now = Math.floor(Date.now() / 1000);
    const good = { iss: issuer, aud: 'quen', sub: 'a', iat: now, exp: now + 60, roles: ['administrator'] };
    const forge = (claims: object) => {
      const body = [{ alg: 'ES256', typ: 'at+jwt', kid: key!.kid }, claims]
        .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
        .join('.');
      return `${body}.${sign('sha256', Buffer.from(body), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
    };
    const status = async (bearer: string) => (await call('GET', '/v1/staff', undefined, bearer)).status;
    expect(await status(forge(good))).toBe(200);
    expect(await status(forge({ ...good, aud: 'another' }))).toBe(401);
    expect(await status(forge({ ...good, iss: 'https://evil.example' }))).toBe(401);
    expect(await status(forge({ ...good, exp: now - 120 }))).toBe(401);
    expect(await status(`${forge(good).slice(0, -4)}AAAA`)).toBe(401);
    expect((await fetch(`${identity.url}/v1/staff`)).status).toBe(401);
  });
});
