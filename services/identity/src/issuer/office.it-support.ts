import { Client, startService, type Json, type TestService } from '@quen/testing';
import { Browser, newVerifier, token, type Application, type TokenAnswer } from './browser.it-support.js';

/** The client that the starter of a local installation signs in with. */
export const local = { clientId: 'local', secret: 'the secret that the starter chose' };
export const redirectUri = 'https://console.example/back';

/** Somebody with a password of their own. */
export interface Employee {
  id: string;
  loginName: string;
  password: string;
}

/** Identity as its own issuer, with a head office that employs people and one application that they sign in to. */
export class Office {
  private constructor(
    readonly identity: TestService,
    readonly administrator: Client,
    readonly branchId: string,
    readonly application: Application,
  ) {}

  static async start(): Promise<Office> {
    const identity = await startService('identity', {
      env: (url) => ({
        OIDC_ISSUER: `${url}/oidc`,
        QUEN_MODE: 'local',
        LOCAL_CLIENT_ID: local.clientId,
        LOCAL_CLIENT_SECRET: local.secret,
      }),
    });
    const signedIn = await token(`${identity.url}/oidc`, local, { grant_type: 'client_credentials' });
    const administrator = holding(identity, signedIn.body.access_token);
    const branch = await administrator.post('/v1/branches', { code: 'HO', name: 'Trụ sở chính' });
    const client = await administrator.post('/v1/clients', {
      name: 'Console',
      kind: 'application',
      confidential: false,
      redirectUris: [redirectUri],
      postLogoutRedirectUris: [redirectUri],
    });
    return new Office(identity, administrator, branch.body.id, { clientId: client.body.clientId, redirectUri });
  }

  stop(): Promise<void> {
    return this.identity.stop();
  }

  /** Where tokens come from. */
  get issuer(): string {
    return `${this.identity.url}/oidc`;
  }

  /** Calls the gateway with this token. */
  holding(bearer: string | undefined): Client {
    return holding(this.identity, bearer);
  }

  browser(): Browser {
    return new Browser(this.issuer);
  }

  /** A machine's or an application's own tokens. */
  token(client: { clientId: string; secret?: string | null }, form: Record<string, string> = {}): Promise<TokenAnswer> {
    return token(this.issuer, client, { grant_type: 'client_credentials', ...form });
  }

  refresh(refreshToken = ''): Promise<TokenAnswer> {
    return this.token(this.application, { grant_type: 'refresh_token', refresh_token: refreshToken });
  }

  /** Employs a seller, who replaces the temporary password by one of their own. */
  async employ(loginName: string, password: string): Promise<Employee> {
    const { status, body }: { status: number; body: Json } = await this.administrator.post('/v1/staff', {
      loginName,
      displayName: `Nhân viên ${loginName}`,
      roles: ['seller'],
      branchId: this.branchId,
    });
    expect(status).toBe(201);
    const temporary = { login: loginName, password: 'a temporary one' };
    const given = await this.administrator.put(`/v1/staff/${body.id}/temporary-password`, {
      password: temporary.password,
    });
    expect(given.status).toBe(204);
    const browser = this.browser();
    const page = await browser.authorize(this.application, newVerifier());
    expect((await browser.open(page.url, temporary)).text).toContain('newPasswordAgain');
    const own = { change: 'yes', newPassword: password, newPasswordAgain: password };
    expect((await browser.open(page.url, { ...temporary, ...own })).location).toContain(`${redirectUri}?code=`);
    return { id: body.id, loginName, password };
  }

  /** Signs somebody in to the application, in a browser of their own. */
  async signIn(who: Employee): Promise<{ browser: Browser; verifier: string; code: string; tokens: TokenAnswer }> {
    const [browser, verifier] = [this.browser(), newVerifier()];
    const code = await browser.code(this.application, verifier, who.loginName, who.password);
    return { browser, verifier, code, tokens: await browser.exchange(this.application, code, verifier) };
  }
}

function holding(identity: TestService, bearer = ''): Client {
  return new Client(identity.url, { token: () => Promise.resolve(bearer) });
}
