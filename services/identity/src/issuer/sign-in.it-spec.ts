import { eventually } from '@quen/testing';
import { claimsOf, newVerifier } from './browser.it-support.js';
import { Office, redirectUri } from './office.it-support.js';

describe('signing in', () => {
  let office: Office;
  beforeAll(async () => {
    office = await Office.start();
  });
  afterAll(() => office?.stop());

  it('says no more than that name or password is wrong, and slows guessing down', async () => {
    const bao = await office.employ('bao', 'sóng vỗ bờ xa');
    const browser = office.browser();
    const page = await browser.authorize(office.application, newVerifier());
    const guess = (login: string, password: string) => browser.open(page.url, { login, password, lang: 'en' });
    const unknown = await guess('nobody', 'wrong password');
    const known = await guess(bao.loginName, 'wrong password');
    expect([unknown.status, known.status]).toEqual([401, 401]);
    expect(known.text).toContain('The sign-in name or the password is wrong.');
    for (let attempt = 2; attempt <= 5; attempt++)
      expect((await guess(bao.loginName, `wrong ${attempt}`)).status).toBe(401);
    const refused = await guess(bao.loginName, bao.password);
    expect([refused.status, Number(refused.headers.get('retry-after'))]).toEqual([429, expect.any(Number)]);
    await office.identity.sql(`update sign_in_attempt set blocked_until = now() where key = 'name:bao'`);
    expect((await guess('BAO ', bao.password)).location).toContain('code=');
  });

  it('lets an office sign in from its one address, one after the other and at the same time', async () => {
    const nam = await office.employ('nam', 'con đò bến cũ');
    const one = async () => {
      const browser = office.browser();
      const page = await browser.authorize(office.application, newVerifier());
      return (await browser.open(page.url, { login: nam.loginName, password: nam.password })).location?.includes(
        'code=',
      );
    };
    expect(await Promise.all(Array.from({ length: 40 }, one))).toEqual(Array(40).fill(true));
    for (let n = 0; n < 20; n++) expect(await one()).toBe(true);
    expect(await office.identity.sql(`select key from sign_in_attempt where key = 'name:nam'`)).toEqual([]);
  });

  it('stops an address that guesses at many names, however many at the same time', async () => {
    const que = await office.employ('que', 'hương bưởi thoảng bay');
    await office.identity.sql(`delete from sign_in_attempt where key like 'address:%'`);
    const guess = async (login: string, password = 'a wrong password') => {
      const browser = office.browser();
      const page = await browser.authorize(office.application, newVerifier());
      return (await browser.open(page.url, { login, password })).status;
    };
    const answers = await Promise.all(Array.from({ length: 70 }, (_, n) => guess(`nobody.${n}`)));
    expect([
      answers.filter((status) => status === 401).length,
      answers.filter((status) => status === 429).length,
    ]).toEqual([50, 20]);
    expect(await guess(que.loginName, que.password)).toBe(429);
    expect(await office.identity.sql(`select key from sign_in_attempt where key = 'name:que'`)).toEqual([]);
    // half an hour later half of them are forgotten
    await office.identity.sql(
      `update sign_in_attempt set last_at = last_at - interval '30 minutes', blocked_until = '-infinity' where key like 'address:%'`,
    );
    expect(await guess('nobody.70')).toBe(401);
    expect(
      await office.identity.sql(`select round(attempts)::int as n from sign_in_attempt where key like 'address:%'`),
    ).toEqual([{ n: 26 }]);
    await office.identity.sql(`delete from sign_in_attempt where key like 'address:%'`);
  });

  it('does not take a password that is guessed early', async () => {
    const dao = await office.employ('dao', 'hoa đào năm ngoái');
    const set = (password: string) => office.administrator.put(`/v1/staff/${dao.id}/temporary-password`, { password });
    expect(await set('qwertyuiop')).toMatchObject({ status: 422, body: { code: 'password_common' } });
    expect((await set('an initial password')).status).toBe(204);
    const browser = office.browser();
    const page = await browser.authorize(office.application, newVerifier());
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

  it('gives consent with the sign-in where it is asked for by name', async () => {
    const ha = await office.employ('ha', 'mùa thu lá bay');
    const browser = office.browser();
    const page = await browser.authorize(office.application, newVerifier(), { prompt: 'consent' });
    expect((await browser.open(page.url, { login: ha.loginName, password: ha.password })).location).toContain('code=');
  });

  it('ends a session that nobody uses, and any after twelve hours', async () => {
    const { tokens } = await office.signIn(await office.employ('an', 'giọt mưa bên hiên'));
    const minutesLeft = async () =>
      (
        await office.identity.sql<{ minutes: number }>(
          `select round(extract(epoch from max(least(expires_at, to_timestamp((payload->>'exp')::bigint))) - now()) / 60)::int as minutes from issuer_record where model = 'Session' and account_id = $1`,
          [claimsOf(tokens.body.access_token).sub],
        )
      )[0]?.minutes;
    expect(await minutesLeft()).toBe(60);
    await office.identity.sql(
      `update issuer_record set expires_at = now() + interval '5 minutes' where model = 'Session'`,
    );
    const second = await office.refresh(tokens.body.refresh_token);
    await eventually(async () => expect(await minutesLeft()).toBe(60));
    await office.identity.sql(
      `update issuer_record set payload = payload || jsonb_build_object('loginTs', extract(epoch from now() - interval '11 hours 30 minutes')::bigint) where model = 'Session'`,
    );
    const third = await office.refresh(second.body.refresh_token);
    await eventually(async () => expect(await minutesLeft()).toBe(30));
    await office.identity.sql(`update issuer_record set expires_at = now() where model = 'Session'`);
    expect(await office.refresh(third.body.refresh_token)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
  });

  it('has its answers guessed, framed and kept by no browser', async () => {
    const browser = office.browser();
    const page = await browser.authorize(office.application, newVerifier());
    for (const headers of [
      page.headers,
      (await browser.open(`${office.issuer}/auth`)).headers,
      ...(
        await Promise.all(
          ['/.well-known/openid-configuration', '/jwks', '/token', '/nothing', '/sign-in/none'].map((path) =>
            fetch(office.issuer + path),
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
    const browser = office.browser();
    const page = await browser.authorize(office.application, newVerifier(), { ui_locales: 'en' });
    expect(page.text).toContain('<html lang="en">');
    expect(page.headers.get('content-security-policy')).toContain(`form-action 'self' https://console.example;`);
    expect((await browser.open(`${page.url}?lang=vi`)).text).toContain('Đăng nhập');
  });

  it('knows a session, and ends it on sign-out', async () => {
    const { browser, tokens } = await office.signIn(await office.employ('son', 'mây trắng đỉnh núi'));
    expect((await browser.authorize(office.application, newVerifier())).location).toContain('code=');
    const question = await browser.open(
      `${office.issuer}/session/end?${new URLSearchParams({ id_token_hint: tokens.body.id_token!, post_logout_redirect_uri: redirectUri })}`,
    );
    const [, xsrf] = /name="xsrf" value="([^"]+)"/.exec(question.text)!;
    const back = await browser.open(`${office.issuer}/session/end/confirm`, { xsrf: xsrf!, logout: 'yes' });
    expect(back.location).toBe(redirectUri);
    expect((await browser.authorize(office.application, newVerifier())).text).toContain('name="password"');
    expect(await office.refresh(tokens.body.refresh_token)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
  });

  it('lets nobody in who has left: no sign-in, no session, no refresh', async () => {
    const vy = await office.employ('vy', 'nắng hạ chói chang');
    const { browser, tokens } = await office.signIn(vy);
    const { body } = await office.administrator.get(`/v1/staff/${vy.id}`);
    expect(
      (
        await office.administrator.post(`/v1/staff/${vy.id}/deactivate`, undefined, {
          'if-match': `"${String(body.version)}"`,
        })
      ).status,
    ).toBe(200);
    expect(await office.refresh(tokens.body.refresh_token)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
    const page = await browser.authorize(office.application, newVerifier());
    expect(page.text).toContain('name="password"');
    expect((await browser.open(page.url, { login: vy.loginName, password: vy.password })).status).toBe(401);
  });

  it("changes one's own password, which ends the sessions", async () => {
    const tam = await office.employ('tam', 'cánh đồng bất tận');
    const { tokens } = await office.signIn(tam);
    const own = (body: object, bearer = tokens.body.access_token) =>
      office.holding(bearer).put(`/v1/staff/${tam.id}/password`, body);
    expect(await own({ present: 'wrong', next: 'một câu dài hơn' })).toMatchObject({
      status: 422,
      body: { code: 'password_wrong' },
    });
    expect(await own({ present: tam.password, next: 'ngắn' })).toMatchObject({
      status: 422,
      body: { code: 'password_weak' },
    });
    expect(
      await office.administrator.put(`/v1/staff/${tam.id}/password`, {
        present: tam.password,
        next: 'một câu dài hơn',
      }),
    ).toMatchObject({ status: 403 });
    expect((await own({ present: tam.password, next: 'một câu dài hơn' })).status).toBe(204);
    expect((await office.refresh(tokens.body.refresh_token)).status).toBe(400);
    expect((await office.signIn({ ...tam, password: 'một câu dài hơn' })).tokens.status).toBe(200);
  });
});
