import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium, type Browser, type Page } from 'playwright-core';
import { startService, type TestService } from '@quen/testing';
import { newVerifier, token } from './browser.it-support.js';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);
if (!executablePath)
  process.stderr.write(
    'No Chromium here: pages are not opened in a real browser in this run; their headers are checked all the same\n',
  );
const local = { clientId: 'local', secret: 'the secret that the starter chose' };

(executablePath ? describe : describe.skip)('pages in a browser, under their content security policy,', () => {
  let identity: TestService;
  let browser: Browser;
  let application: Server;
  let back: string;
  /** What the browser refused or complained of. */
  const complaints: string[] = [];

  beforeAll(async () => {
    application = createServer((_request, response) =>
      response.writeHead(200, { 'content-type': 'text/plain' }).end('Back'),
    );
    await new Promise<void>((resolve) => application.listen(0, '127.0.0.1', resolve));
    back = `http://localhost:${(application.address() as AddressInfo).port}/back`;
    identity = await startService('identity', {
      env: (url) => ({
        OIDC_ISSUER: `${url}/oidc`,
        QUEN_MODE: 'local',
        LOCAL_CLIENT_ID: local.clientId,
        LOCAL_CLIENT_SECRET: local.secret,
      }),
    });
    browser = await chromium.launch({
      ...(executablePath ? { executablePath } : {}),
      args: ['--no-sandbox', '--host-resolver-rules=MAP localhost 127.0.0.1'],
    });
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    application?.close();
    await identity?.stop();
  });
  beforeEach(() => {
    complaints.length = 0;
  });

  async function open(path: string): Promise<Page> {
    const page = await browser.newPage();
    page.on(
      'console',
      (message) => message.type() === 'error' && complaints.push(`${message.text()} ${message.location().url}`),
    );
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(path.startsWith('/') ? identity.url + path : path);
    return page;
  }

  it('Swagger shows the operations, calls one with a token and forgets the token with the page', async () => {
    const { body } = await token(`${identity.url}/oidc`, local, { grant_type: 'client_credentials' });
    const page = await open('/docs');
    await page.click('.authorize');
    await page.fill('.auth-container input', body.access_token ?? '');
    await page.click('.auth-btn-wrapper .authorize');
    await page.click('.auth-btn-wrapper .btn-done');
    await page.click('#operations-Roles-listRoles .opblock-summary-control');
    await page.click('#operations-Roles-listRoles .execute');
    await page.waitForSelector(
      '#operations-Roles-listRoles .live-responses-table .response-col_status:has-text("200")',
    );
    expect(await page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])')).not.toContain('ey');
    expect(complaints).toEqual([]);
    await page.close();
  }, 60_000);

  it('the page of events has its style', async () => {
    const page = await open('/events');
    expect(await page.evaluate('getComputedStyle(document.body).maxWidth')).toBe('992px');
    expect(complaints).toEqual([]);
    await page.close();
  }, 60_000);

  it('staff sign in and come back to an application that listens on this machine', async () => {
    const administrator =
      (await token(`${identity.url}/oidc`, local, { grant_type: 'client_credentials' })).body.access_token ?? '';
    const call = async (method: string, path: string, body: object): Promise<Record<string, string>> => {
      const answer = await fetch(identity.url + path, {
        method,
        headers: { authorization: `Bearer ${administrator}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return answer.status === 204 ? {} : ((await answer.json()) as Record<string, string>);
    };
    const branch = await call('POST', '/v1/branches', { code: 'HO', name: 'Trụ sở chính' });
    const staff = await call('POST', '/v1/staff', {
      loginName: 'lan',
      displayName: 'Lan',
      roles: ['seller'],
      branchId: branch.id,
    });
    await call('PUT', `/v1/staff/${staff.id}/temporary-password`, { password: 'an initial password' });
    const client = await call('POST', '/v1/clients', {
      name: 'Kho',
      kind: 'application',
      confidential: false,
      redirectUris: ['http://localhost/back'],
    });
    const challenge = createHash('sha256').update(newVerifier()).digest('base64url');
    const page = await open(
      `${identity.url}/oidc/auth?${new URLSearchParams({ client_id: client.clientId ?? '', redirect_uri: back, response_type: 'code', scope: 'openid', code_challenge: challenge, code_challenge_method: 'S256' })}`,
    );
    expect(await page.evaluate('getComputedStyle(document.querySelector("main")).borderRadius')).toBe('12px');
    await page.fill('input[name=login]', 'lan');
    await page.fill('input[name=password]', 'an initial password');
    await page.click('button[type=submit]');
    await page.fill('input[name=password]', 'an initial password');
    await page.fill('input[name=newPassword]', 'bốn mùa hoa nở');
    await page.fill('input[name=newPasswordAgain]', 'bốn mùa hoa nở');
    await page.click('button[type=submit]');
    await page.waitForURL(`${back}?code=*`);
    expect(complaints.filter((complaint) => !complaint.includes('favicon'))).toEqual([]);
    await page.close();
  }, 60_000);
});
