import { StaffJoined } from '@quen/events';
import { startService, type TestService } from '@quen/testing';
import { Browser, claimsOf, newVerifier, token } from './browser.it-support.js';

const redirectUri = 'https://console.example/back';

describe('a new installation', () => {
  let identity: TestService;
  let issuer: string;

  beforeAll(async () => {
    identity = await startService('identity', {
      env: (url) => ({
        OIDC_ISSUER: `${url}/oidc`,
        QUEN_MODE: 'production',
        SIGNING_KEY_SECRET: 'a secret of more than thirty-two characters',
      }),
    });
    issuer = `${identity.url}/oidc`;
  });

  afterAll(() => identity?.stop());

  it('has nobody in it, until the commands made an administrator, who can then sign in', async () => {
    expect(
      (await token(issuer, { clientId: 'local', secret: 'anything' }, { grant_type: 'client_credentials' })).status,
    ).toBe(401);
    const printed = await identity.command(
      'create-administrator',
      '--login',
      'An',
      '--name',
      'Nguyễn Văn An',
      '--branch-code',
      'HO',
    );
    const password = /sign-in: (\S+)/.exec(printed)![1]!;
    await identity.published(StaffJoined, (data) => data.roles.includes('administrator'));
    await expect(identity.command('create-administrator', '--login', 'b', '--name', 'B')).rejects.toThrow(/already/);
    await expect(identity.command('create-administrator', '--nonsense')).rejects.toThrow(/usage/);

    const [, clientId, secret] = /Client (\S+) .* once: (\S+)/.exec(
      await identity.command('create-administrator-client'),
    )!;
    const setUp = await token(issuer, { clientId: clientId!, secret: secret! }, { grant_type: 'client_credentials' });
    const made = await fetch(`${identity.url}/v1/clients`, {
      method: 'POST',
      headers: { authorization: `Bearer ${setUp.body.access_token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Console', kind: 'application', confidential: false, redirectUris: [redirectUri] }),
    });
    const application = { clientId: ((await made.json()) as { clientId: string }).clientId, redirectUri };

    const browser = new Browser(issuer);
    const verifier = newVerifier();
    const page = await browser.authorize(application, verifier);
    const own = 'của riêng tôi thôi';
    const same = await browser.open(page.url, {
      login: 'an',
      password,
      change: 'yes',
      newPassword: password,
      newPasswordAgain: password,
    });
    expect(same.location).toBeNull();
    const back = await browser.open(page.url, {
      login: 'an',
      password,
      change: 'yes',
      newPassword: own,
      newPasswordAgain: own,
    });
    const tokens = await browser.exchange(application, new URL(back.location!).searchParams.get('code')!, verifier);
    expect(claimsOf(tokens.body.access_token)).toMatchObject({ name: 'Nguyễn Văn An', roles: ['administrator'] });
  }, 180_000);
});
