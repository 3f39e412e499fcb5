import { createHash, randomBytes } from 'node:crypto';

/** What came back from the token endpoint. */
export interface TokenAnswer {
  status: number;
  body: { access_token?: string; refresh_token?: string; id_token?: string; expires_in?: number; error?: string };
}

/** An application that a test signs in with. */
export interface Application {
  clientId: string;
  secret?: string | null;
  redirectUri: string;
}

/** A browser with cookies, and the application's own calls to the issuer. */
export class Browser {
  private readonly cookies = new Map<string, string>();

  constructor(private readonly issuer: string) {}

  /** Opens an address and follows redirects inside the issuer. */
  async open(
    address: string,
    form?: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; url: string; text: string; location: string | null; headers: Headers }> {
    let response = await this.send(new URL(address, this.issuer), form, headers);
    let url = new URL(address, this.issuer);
    for (let location = response.headers.get('location'); location; location = response.headers.get('location')) {
      const next = new URL(location, url);
      if (!next.href.startsWith(this.issuer))
        return { status: response.status, url: url.href, text: '', location: next.href, headers: response.headers };
      url = next;
      response = await this.send(url, undefined, headers);
    }
    return {
      status: response.status,
      url: url.href,
      text: await response.text(),
      location: null,
      headers: response.headers,
    };
  }

  /** Begins a sign-in; returns the sign-in page, or the way back when there is a session already. */
  async authorize(
    application: Application,
    verifier: string,
    more: Record<string, string> = {},
  ): ReturnType<Browser['open']> {
    const query = new URLSearchParams({
      client_id: application.clientId,
      redirect_uri: application.redirectUri,
      response_type: 'code',
      scope: 'openid',
      state: 'here',
      nonce: 'once',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...more,
    });
    return this.open(`${this.issuer}/auth?${query}`);
  }

  /** Signs in on the page and returns the code. */
  async code(application: Application, verifier: string, login: string, password: string): Promise<string> {
    const page = await this.authorize(application, verifier);
    const back = await this.open(page.url, { login, password });
    const code = back.location && new URL(back.location).searchParams.get('code');
    if (!code) throw new Error(`no code: ${back.status} ${back.location ?? back.text}`);
    return code;
  }

  /** Changes a code for tokens. */
  exchange(application: Application, code: string, verifier: string): Promise<TokenAnswer> {
    return token(this.issuer, application, {
      grant_type: 'authorization_code',
      code,
      code_verifier: verifier,
      redirect_uri: application.redirectUri,
    });
  }

  private async send(
    url: URL,
    form: Record<string, string> | undefined,
    headers: Record<string, string>,
  ): Promise<Response> {
    const response = await fetch(url, {
      method: form ? 'POST' : 'GET',
      redirect: 'manual',
      headers: {
        accept: 'text/html',
        cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...headers,
      },
      ...(form ? { body: new URLSearchParams(form) } : {}),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!;
      if (value) this.cookies.set(name!, value);
      else this.cookies.delete(name!);
    }
    return response;
  }
}

/** A new PKCE verifier. */
export const newVerifier = (): string => randomBytes(32).toString('base64url');

/** Calls the token endpoint. */
export async function token(
  issuer: string,
  client: { clientId: string; secret?: string | null },
  form: Record<string, string>,
): Promise<TokenAnswer> {
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: client.secret
      ? {
          authorization: `Basic ${Buffer.from(`${encodeURIComponent(client.clientId)}:${encodeURIComponent(client.secret)}`).toString('base64')}`,
        }
      : {},
    body: new URLSearchParams(client.secret ? form : { ...form, client_id: client.clientId }),
  });
  return { status: response.status, body: (await response.json()) as TokenAnswer['body'] };
}

/** The claims of a token, unverified. */
export function claimsOf(jwt: string | undefined): Record<string, unknown> {
  return JSON.parse(Buffer.from(jwt?.split('.')[1] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>;
}

/** The header of a token. */
export function headerOf(jwt: string | undefined): Record<string, unknown> {
  return JSON.parse(Buffer.from(jwt?.split('.')[0] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>;
}
