import { setTimeout as sleep } from 'node:timers/promises';

/** How long a gateway may be away (restarting, say) before a step gives up. */
const PATIENCE_MS = 90_000;

/** An answer that a step did not expect; its text is what a person needs to see. */
export class Refused extends Error {
  constructor(method, url, status, body) {
    const problem = typeof body === 'object' && body !== null ? body : {};
    const errors = (problem.errors ?? [])
      .map((error) => `\n      ${error.pointer ?? ''} ${error.message ?? error.code}`)
      .join('');
    super(
      `${method} ${url} answered ${status} ${problem.code ?? ''}: ${problem.detail ?? problem.title ?? JSON.stringify(body)}${errors}`,
    );
    this.status = status;
    this.code = problem.code;
    this.body = body;
  }
}

/**
 * The services' public gateways, with one administrator's token. Every POST carries an idempotency key, so that a
 * request
 * whose answer was lost (the service was killed, the line broke) is simply sent again.
 */
export class Gateways {
  #endpoints;
  #token;
  #expires = 0;
  /** Whether the last act was only told again: it was done before an interruption. */
  replayed = false;

  /** @param endpoints what `npm start` writes to `.local/endpoints.json` */
  constructor(endpoints) {
    this.#endpoints = endpoints;
  }

  /** The address of a path at a service, for people to look at. */
  address(service, path = '') {
    return this.#endpoints.services[service].url.replace(/\/$/, '') + path;
  }

  get mail() {
    return this.#endpoints.mail;
  }

  get(service, path) {
    return this.#send('GET', service, path);
  }

  /** Like `get`, but undefined for a record that is not there (yet). */
  find(service, path) {
    return this.unless([404], () => this.get(service, path));
  }

  /** What `work` gives, or undefined when it is refused with one of the statuses. */
  async unless(statuses, work) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Refused && statuses.includes(error.status)) return undefined;
      throw error;
    }
  }

  /** @param key the same for the same act, in this run and after a crash */
  post(service, path, key, body = undefined, headers = {}) {
    return this.#send('POST', service, path, body, { 'idempotency-key': key, ...headers });
  }

  /** A POST on a record as it is now: reads its version, and reads it again when somebody else was quicker. */
  async act(service, path, action, key, body = {}) {
    return this.#onCurrent(service, path, (etag) =>
      this.post(service, `${path}/${action}`, key, body, { 'if-match': etag }),
    );
  }

  /** A merge patch on a record as it is now. */
  async patch(service, path, body) {
    return this.#onCurrent(service, path, (etag) => this.#send('PATCH', service, path, body, { 'if-match': etag }));
  }

  /** Replaces a part of a record as it is now. */
  async put(service, path, part, body) {
    return this.#onCurrent(service, path, (etag) =>
      this.#send('PUT', service, `${path}/${part}`, body, { 'if-match': etag }),
    );
  }

  /** Uploads a CSV file and waits for the job that takes it in. Gives the finished job. */
  async upload(service, path, key, { name, content, fields = {} }, onProgress = () => {}) {
    const form = new FormData();
    for (const [field, value] of Object.entries(fields)) form.append(field, value);
    form.append('file', new Blob([content], { type: 'text/csv' }), name);
    return this.finish(service, await this.post(service, path, key, form), onProgress);
  }

  /** Waits for a job's end; throws when it failed or was cancelled. */
  async finish(service, { id, kind }, onProgress = () => {}) {
    const job = await until(
      `the job ${kind} of ${service}`,
      async () => {
        const state = await this.get(service, `/jobs/${id}`);
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

  async #onCurrent(service, path, work) {
    for (let tries = 0; ; tries++) {
      const { headers } = await this.#answer('GET', service, path);
      try {
        return await work(headers.get('etag'));
      } catch (error) {
        if (!(error instanceof Refused) || error.status !== 412 || tries === 5) throw error;
      }
    }
  }

  async #send(method, service, path, body, headers) {
    const answer = await this.#answer(method, service, path, body, headers);
    if (method === 'POST') this.replayed = answer.headers.get('idempotency-replayed') === 'true';
    return answer.body;
  }

  async #answer(method, service, path, body, headers = {}) {
    const url = this.address(service, `/v1${path}`);
    const deadline = Date.now() + PATIENCE_MS;
    for (let wait = 50; ; wait = Math.min(wait * 2, 2_000)) {
      const answer = await this.#once(method, url, body, headers);
      if (answer.status >= 200 && answer.status < 400) return answer;
      const mayPass = answer.status === 0 || [409, 429, 502, 503, 504].includes(answer.status);
      const soon = answer.status !== 409 || ['request_in_progress', 'not_known_here_yet'].includes(answer.body?.code);
      if (!mayPass || !soon || Date.now() > deadline) throw new Refused(method, url, answer.status, answer.body);
      await sleep(Number(answer.headers?.get('retry-after')) * 1_000 || wait);
    }
  }

  async #once(method, url, body, headers) {
    const form = body instanceof FormData;
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
        body: body === undefined || form ? body : JSON.stringify(body),
        signal: AbortSignal.timeout(60_000),
      });
      const text = await response.text();
      const json = /json/.test(response.headers.get('content-type') ?? '') && text !== '';
      return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
    } catch (error) {
      return { status: 0, body: { title: `unreachable (${error.cause?.code ?? error.message})` } };
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
    const token = await response.json();
    this.#token = token.access_token;
    this.#expires = Date.now() + (token.expires_in - 60) * 1_000;
    return this.#token;
  }
}

/**
 * Asks again every few milliseconds until `look` gives something; throws after `timeoutMs`, saying what was awaited.
 */
export async function until(what, look, { timeoutMs = 180_000, everyMs = 10 } = {}) {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== null && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs / 1000} s in vain for ${what}`);
    await sleep(everyMs);
  }
}

/** All records of a list, page by page. */
export async function all(gateways, service, path) {
  const records = [];
  for (let cursor = ''; cursor !== null;) {
    const page = await gateways.get(
      service,
      `${path}${path.includes('?') ? '&' : '?'}limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    records.push(...page.data);
    cursor = page.hasMore ? page.nextCursor : null;
  }
  return records;
}
