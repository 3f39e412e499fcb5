import { setTimeout as sleep } from 'node:timers/promises';
import type { StoryFile } from './files.js';
import type { Answer, Body, Known, Service } from './operations.js';

/** How long a gateway may be away (restarting, say) before a step gives up. */
const PATIENCE_MS = 90_000;

/** What `npm start` writes to `.local/endpoints.json`, as far as the story needs it. */
export interface Endpoints {
  services: Record<string, { url: string }>;
  token: { url: string; clientId: string; clientSecret: string };
  mail?: { url: string; messages: string };
  installation?: string;
}

interface Received {
  /** 0: none came. */
  status: number;
  headers: Headers;
  body: ReturnType<typeof JSON.parse>;
}

export type Job = Answer<'customers', 'GET', '/jobs/id'>;

interface Page<T> {
  data: T[];
  hasMore: boolean;
  nextCursor: string | null;
}

type RecordOf<List> = List extends { data: (infer T)[] } ? T : never;

/** A problem by RFC 9457, as the gateways tell it. */
interface ProblemBody {
  code: string;
  title: string;
  detail: string;
  errors: { pointer?: string; message?: string; code: string }[];
}

/** An answer that a step did not expect; its text is what a person needs to see. */
export class Refused extends Error {
  readonly code: string | undefined;

  constructor(
    method: string,
    url: string,
    readonly status: number,
    readonly body: unknown,
  ) {
    const problem: Partial<ProblemBody> = typeof body === 'object' && body !== null ? body : {};
    const errors = (problem.errors ?? [])
      .map((error) => `\n      ${error.pointer ?? ''} ${error.message ?? error.code}`)
      .join('');
    super(
      `${method} ${url} answered ${status} ${problem.code ?? ''}: ${problem.detail ?? problem.title ?? JSON.stringify(body)}${errors}`,
    );
    this.code = problem.code;
  }
}

/**
 * The services' public gateways, with one administrator's token. Every POST carries an idempotency key, so that a
 * request whose answer was lost (the service was killed, the line broke) is simply sent again.
 */
export class Gateways {
  readonly #endpoints: Endpoints;
  #token = '';
  #expires = 0;
  /** Whether the last act was only told again: it was done before an interruption. */
  replayed = false;

  constructor(endpoints: Endpoints) {
    this.#endpoints = endpoints;
  }

  /** The address of a path at a service, for people to look at. */
  address(service: Service, path = ''): string {
    return String(this.#endpoints.services[service]?.url).replace(/\/$/, '') + path;
  }

  get mail() {
    return this.#endpoints.mail;
  }

  get<S extends Service, P extends string>(
    service: S,
    path: P,
    ..._known: Known<S, 'GET', P>
  ): Promise<Answer<S, 'GET', P>> {
    return this.#send('GET', service, path);
  }

  /** All records of a list, page by page, whose type the caller knows; else see {@link all}. */
  async records<T>(service: Service, path: string): Promise<T[]> {
    const records: T[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query = `limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
      const page: Page<T> = await this.#send('GET', service, `${path}${path.includes('?') ? '&' : '?'}${query}`);
      records.push(...page.data);
      cursor = page.hasMore ? page.nextCursor : null;
    }
    return records;
  }

  /** A POST to a list, whichever it is: the record that it made. */
  create(service: Service, path: string, key: string, body: unknown): Promise<{ id: string }> {
    return this.#send('POST', service, path, body, { 'idempotency-key': key });
  }

  /** What `work` gives, or undefined when it is refused with one of the statuses. */
  async unless<T>(statuses: number[], work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Refused && statuses.includes(error.status)) return undefined;
      throw error;
    }
  }

  /** @param key the same for the same act, in this run and after a crash */
  post<S extends Service, P extends string>(
    service: S,
    path: P,
    key: string,
    body?: Body<S, 'POST', P>,
    ..._known: Known<S, 'POST', P>
  ): Promise<Answer<S, 'POST', P>> {
    return this.#send('POST', service, path, body, { 'idempotency-key': key });
  }

  /** A POST on a record as it is now: reads its version, and reads it again when somebody else was quicker. */
  act<S extends Service, P extends string, A extends string>(
    service: S,
    path: P,
    action: A,
    key: string,
    body?: Body<S, 'POST', `${P}/${A}`>,
    ..._known: Known<S, 'POST', `${P}/${A}`>
  ): Promise<Answer<S, 'POST', `${P}/${A}`>> {
    return this.#onCurrent(service, path, (etag) =>
      this.#send('POST', service, `${path}/${action}`, body ?? {}, { 'idempotency-key': key, 'if-match': etag }),
    );
  }

  /** A merge patch on a record as it is now. */
  patch<S extends Service, P extends string>(
    service: S,
    path: P,
    body: Body<S, 'PATCH', P>,
    ..._known: Known<S, 'PATCH', P>
  ): Promise<Answer<S, 'PATCH', P>> {
    return this.#onCurrent(service, path, (etag) => this.#send('PATCH', service, path, body, { 'if-match': etag }));
  }

  /** Replaces a part of a record as it is now. */
  put<S extends Service, P extends string, A extends string>(
    service: S,
    path: P,
    part: A,
    body: Body<S, 'PUT', `${P}/${A}`>,
    ..._known: Known<S, 'PUT', `${P}/${A}`>
  ): Promise<Answer<S, 'PUT', `${P}/${A}`>> {
    return this.#onCurrent(service, path, (etag) =>
      this.#send('PUT', service, `${path}/${part}`, body, { 'if-match': etag }),
    );
  }

  /** Uploads a CSV file and waits for the job that takes it in. Gives the finished job. */
  async upload(
    service: 'customers' | 'sales',
    path: '/customers/imports' | '/orders/imports',
    key: string,
    { name, content, fields = {} }: StoryFile & { fields?: Record<string, string> },
    onProgress?: (progress: Job['progress']) => void,
  ): Promise<Job> {
    const form = new FormData();
    for (const [field, value] of Object.entries(fields)) form.append(field, value);
    form.append('file', new Blob([content], { type: 'text/csv' }), name);
    const job: Job = await this.#send('POST', service, path, form, { 'idempotency-key': key });
    return this.finish(service, job, onProgress);
  }

  /** Waits for a job's end; throws when it failed or was cancelled. */
  async finish(
    service: 'customers' | 'sales' | 'analytics',
    { id, kind }: Pick<Job, 'id' | 'kind'>,
    onProgress: (progress: Job['progress']) => void = () => undefined,
  ): Promise<Job> {
    const job = await until(
      `the job ${kind} of ${service}`,
      async () => {
        const state: Job = await this.#send('GET', service, `/jobs/${id}`);
        onProgress(state.progress);
        return ['succeeded', 'failed', 'cancelled'].includes(state.state) && state;
      },
      { timeoutMs: 600_000, everyMs: 200 },
    );
    // A list of which every row fails is a result, too: a preview may ask for no more.
    if (job.state !== 'succeeded' && job.problem?.code !== 'every_row_failed')
      throw new Error(
        `The job ${kind} of ${service} ${job.state}: ${job.problem?.detail ?? job.problem?.title ?? JSON.stringify(job.problem)}`,
      );
    return job;
  }

  async #onCurrent<T>(service: Service, path: string, work: (etag: string) => Promise<T>): Promise<T> {
    for (let tries = 0; ; tries++) {
      const { headers } = await this.#answer('GET', service, path);
      try {
        return await work(headers.get('etag') ?? '');
      } catch (error) {
        if (!(error instanceof Refused) || error.status !== 412 || tries === 5) throw error;
      }
    }
  }

  async #send(
    method: string,
    service: Service,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Received['body']> {
    const answer = await this.#answer(method, service, path, body, headers);
    if (method === 'POST') this.replayed = answer.headers.get('idempotency-replayed') === 'true';
    return answer.body;
  }

  async #answer(
    method: string,
    service: Service,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Received> {
    const url = this.address(service, `/v1${path}`);
    const deadline = Date.now() + PATIENCE_MS;
    for (let wait = 50; ; wait = Math.min(wait * 2, 2_000)) {
      const answer = await this.#once(method, url, body, headers);
      if (answer.status >= 200 && answer.status < 400) return answer;
      const mayPass = answer.status === 0 || [409, 429, 502, 503, 504].includes(answer.status);
      const soon = answer.status !== 409 || ['request_in_progress', 'not_known_here_yet'].includes(answer.body?.code);
      if (!mayPass || !soon || Date.now() > deadline) throw new Refused(method, url, answer.status, answer.body);
      await sleep(Number(answer.headers.get('retry-after')) * 1_000 || wait);
    }
  }

  async #once(method: string, url: string, body: unknown, headers: Record<string, string>): Promise<Received> {
    const form = body instanceof FormData ? body : undefined;
    try {
      const response = await fetch(url, {
        method,
        headers: {
          authorization: `Bearer ${await this.#bearer()}`,
          accept: 'application/json',
          'accept-language': 'en',
          ...(body === undefined || form
            ? {}
            : { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' }),
          ...headers,
        },
        body: form ?? (body === undefined ? body : JSON.stringify(body)),
        signal: AbortSignal.timeout(60_000),
      });
      const text = await response.text();
      const json = /json/.test(response.headers.get('content-type') ?? '') && text !== '';
      return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
    } catch (error) {
      const { cause, message } = error as Error & { cause?: { code?: string } };
      return { status: 0, headers: new Headers(), body: { title: `unreachable (${cause?.code ?? message})` } };
    }
  }

  async #bearer() {
    if (Date.now() < this.#expires) return this.#token;
    const { url, clientId, clientSecret } = this.#endpoints.token;
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).toString('base64')}`,
      },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok) throw new Error(`no token from ${url}: ${response.status} ${await response.text()}`);
    const token = (await response.json()) as { access_token: string; expires_in: number };
    this.#token = token.access_token;
    this.#expires = Date.now() + (token.expires_in - 60) * 1_000;
    return this.#token;
  }
}

/**
 * Asks again every few milliseconds until `look` gives something; throws after `timeoutMs`, saying what was awaited.
 */
export async function until<T>(
  what: string,
  look: () => Promise<T>,
  { timeoutMs = 180_000, everyMs = 10 } = {},
): Promise<Exclude<T, undefined | null | false>> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== null && found !== false) return found as Exclude<T, undefined | null | false>;
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs / 1000} s in vain for ${what}`);
    await sleep(everyMs);
  }
}

/** What has to be there; fails with its name where it is not. */
export function present<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new Error(`There is no ${what}.`);
  return value;
}

/** All records of a list, page by page. */
export function all<S extends Service, P extends string>(
  gateways: Gateways,
  service: S,
  path: P,
  ..._known: Known<S, 'GET', P>
): Promise<RecordOf<Answer<S, 'GET', P>>[]> {
  return gateways.records(service, path);
}
