import { existsSync, readFileSync } from 'node:fs';

/** Anything that a gateway answers. */
export type Json = ReturnType<typeof JSON.parse>;

/** A gateway refused; the message is what it said. */
export class Refused extends Error {
  /** @param status the HTTP status, where one was answered */
  constructor(
    message: string,
    readonly status?: number,
  ) {
    super(message);
  }
}

/** A gateway, or what is needed to reach it, is not there. */
export class Unreachable extends Error {}

/** Where the services are and with what token. */
type Access = { urlOf: (service: string) => string; token: (anew?: boolean) => Promise<string>; renews: boolean };

/** @throws {Unreachable} */
export function findAccess(env: NodeJS.ProcessEnv, endpointsFile: string): Access {
  if (env.QUEN_URL || env.QUEN_TOKEN) {
    const { QUEN_URL: url, QUEN_TOKEN: token } = env;
    if (!url || !token) throw new Unreachable('QUEN_URL and QUEN_TOKEN belong together.');
    if (!/^https?:\/\//.test(url) || !URL.canParse(url.replaceAll('{service}', 'sales')))
      throw new Unreachable('QUEN_URL is no address: it is like https://{service}.crm.example.');
    if (!/^[\x21-\x7e]+$/.test(token))
      throw new Unreachable(
        'QUEN_TOKEN is no access token: it holds blanks, line breaks or other characters that no token has.',
      );
    return {
      urlOf: (service) => url.replaceAll('{service}', service),
      token: () => Promise.resolve(token),
      renews: false,
    };
  }
  if (!existsSync(endpointsFile))
    throw new Unreachable(
      `Nothing runs here (there is no ${endpointsFile}). Start it with npm start, or set QUEN_URL and QUEN_TOKEN for an installation.`,
    );
  const endpoints = endpointsIn(endpointsFile);
  let token: Promise<string> | undefined;
  return {
    urlOf: (service) => {
      const url = endpoints.services?.[service]?.url;
      if (!url) throw new Unreachable(`${endpointsFile} names no address of ${service}.`);
      return url;
    },
    token: (anew) => {
      if (anew) token = undefined;
      return (token ??= administratorToken(endpoints.token ?? {}).catch((error) => {
        token = undefined;
        throw error;
      }));
    },
    renews: true,
  };
}

/** @throws {Unreachable} */
function endpointsIn(file: string): Json {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Unreachable(`${file} names no addresses: ${error instanceof Error ? error.message : error}`);
  }
}

async function administratorToken({
  url,
  clientId,
  clientSecret,
}: {
  url?: string;
  clientId?: string;
  clientSecret?: string;
}) {
  if (!url || !clientId || !clientSecret)
    throw new Unreachable(
      'This stack has an issuer of its own and no client for scripts: set QUEN_URL and QUEN_TOKEN.',
    );
  const answer = await reach(url, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  if (!answer.ok) throw new Unreachable(`${url} gives no token (${answer.status}).`);
  return ((await answer.json()) as { access_token: string }).access_token;
}

/** The bus of one service. */
export class Gateway {
  /** @param tell what is not the answer itself */
  constructor(
    readonly access: Access,
    readonly service: string,
    readonly tell: (text: string) => void,
  ) {}

  get(path: string, query: Record<string, string | undefined> = {}): Promise<Json> {
    const given = Object.entries(query).filter(([, value]) => value !== undefined) as [string, string][];
    return this.#call('GET', given.length ? `${path}?${new URLSearchParams(given)}` : path);
  }

  post(path: string, body: object): Promise<Json> {
    return this.#call('POST', path, body);
  }

  delete(path: string): Promise<Json> {
    return this.#call('DELETE', path);
  }

  /** @param anew with a new token */
  async #call(method: string, path: string, body?: object, anew: boolean = false): Promise<Json> {
    const url = `${this.access.urlOf(this.service).replace(/\/$/, '')}/v1/${path}`;
    const answer = await reach(url, {
      method,
      headers: {
        authorization: `Bearer ${await this.access.token(anew)}`,
        'accept-language': 'en',
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    if (answer.ok) return JSON.parse(text);
    // It was given out for minutes, and a rebuild may take longer.
    if (answer.status === 401 && this.access.renews && !anew) return this.#call(method, path, body, true);
    throw new Refused(`${this.service}: ${reasonOf(answer.status, text)}`, answer.status);
  }
}

async function reach(url: string, request: RequestInit) {
  try {
    return await fetch(url, { ...request, signal: AbortSignal.timeout(60_000) });
  } catch (error) {
    const { cause, message } = error as Error & { cause?: { code?: string } };
    throw new Unreachable(`${new URL(url).origin} does not answer (${cause?.code ?? message}). Does the service run?`);
  }
}

function reasonOf(status: number, text: string) {
  if (status === 401)
    return "the token is missing, expired or not this service's (401). Get a new one and set QUEN_TOKEN.";
  let problem: { detail?: string; title?: string; code?: string; errors?: { pointer: string; message: string }[] } = {};
  try {
    problem = JSON.parse(text) ?? {};
  } catch {
    // a proxy's own answer, or another server's
  }
  if (status === 403)
    return `this token may not do that (403): ${problem.detail ?? ''} Operating the bus needs the permissions bus:read, bus:replay, bus:skip, bus:pause, bus:reset, bus:republish and bus:rebuild, which administrators have.`;
  const details = (problem.errors ?? []).map(({ pointer, message }) => `\n  ${optionAt(pointer)} ${message}`).join('');
  if (!problem.code && status < 500)
    return `answered ${status}: ${text.slice(0, 200)}. Is QUEN_URL the address of Quen's gateways, without a path?`;
  return `${problem.detail ?? problem.title ?? text.slice(0, 200)} (${status}${problem.code ? ` ${problem.code}` : ''})${details}`;
}

/** Options that go by another name in a gateway's parameters and bodies. */
const options: Record<string, string> = {
  errorClass: 'error',
  'parkedAt][gte': 'since',
  'parkedAt][lte': 'until',
  parkedSince: 'since',
  parkedUntil: 'until',
  parkForMinutes: 'park-for',
};

/** The option that what a pointer names was given with; the pointer where it is within the value of one. */
function optionAt(pointer: string) {
  const [, name = ''] = /^[?/](?:filter\[(.+)\]|(\w+))$/.exec(pointer)?.filter((part) => part !== undefined) ?? [];
  return name ? `--${options[name] ?? name}` : pointer;
}
