import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

/** @typedef {import('../../libs/testing/dist/index.js').TestService} TestService */
/** @typedef {{ status: number, body: any, headers: Headers }} GatewayAnswer */
/** @typedef {{ method: 'POST' | 'PATCH', path: string, body: unknown, version?: number, key?: string, notYet: number[], patienceMs: number }} Write key: of idempotency; default: one of its own */

/** No gateway takes so long for a write, unless it is frozen or cut off. */
const answerMs = 15_000;

/** A caller of the gateways who does not give up: each write is repeated under the same key until it is answered. */
export class Gateway {
  /** Answers that were no acknowledgement, by status, `refused` (no connection) or `cut: …` (a connection that broke). @type {Record<string, number>} */
  answers = {};
  /** @type {string[]} */
  wrong = [];
  /** @type {Promise<string> | undefined} */
  #token;
  /** The same one by one, with the time of `performance.now()`. @type {{ at: number, service: string, what: string }[]} */
  refusals = [];

  /** @param {string} branchId */
  constructor(branchId) {
    this.actor = { roles: ['administrator'], branchId, subject: randomUUID(), expiresIn: 7200, claims: /** @type {Record<string, unknown>} */ ({}) };
  }

  /**
   * Sends a write until it is acknowledged, or answered by one of `notYet`.
   * @param {TestService} service @param {Write} write @returns {Promise<GatewayAnswer>}
   * @throws Error when it is refused for good, or not acknowledged in time
   */
  async write(service, write) {
    const key = write.key ?? randomUUID();
    for (const deadline = performance.now() + write.patienceMs; performance.now() < deadline; await sleep(50)) {
      const answer = await this.send(service, write.method, write.path, write.body, { 'idempotency-key': key, ...(write.version === undefined ? {} : { 'if-match': `"${write.version}"` }) });
      if ((answer.status > 0 && answer.status < 300) || (write.notYet.includes(answer.status) && answer.body.code !== 'request_in_progress')) return answer;
      this.#count(service, answer);
      if (answer.status === 412 && write.method === 'PATCH') {
        const present = await this.#isDone(service, write, deadline);
        if (present) return present;
      }
      // 409: the first try still runs in a process that is being killed, or its session has not ended yet
      if (answer.status && answer.status !== 409 && answer.status !== 503) {
        const logged = answer.body.traceId && service.log.split('\n').find(line => line.includes(answer.body.traceId));
        this.wrong.push(`${service.name}: ${write.method} ${write.path} answered ${answer.status} ${JSON.stringify(answer.body)}${logged ? `; it logged ${logged.slice(0, 800)}` : ''}`);
        if (answer.status < 500) throw new Error(this.wrong.at(-1));
      }
    }
    throw new Error(`${service.name}: ${write.method} ${write.path} was not acknowledged within ${write.patienceMs / 1000} s`);
  }

  /**
   * @param {TestService} service @param {string} method @param {string} path @param {unknown} [body] @param {Record<string, string>} [headers]
   * @returns {Promise<GatewayAnswer>} status 0 when there was no answer; then `body` says `refused` or `cut: …`
   */
  async send(service, method, path, body, headers = {}) {
    try {
      const response = await fetch(new URL(path, service.url), {
        method, signal: AbortSignal.timeout(answerMs),
        headers: { authorization: `Bearer ${await (this.#token ??= service.issuer.token(this.actor))}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: text && response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text, headers: response.headers };
    } catch (error) {
      const code = /** @type {{ cause?: { code?: string } }} */ (error).cause?.code;
      return { status: 0, body: code === 'ECONNREFUSED' ? 'refused' : `cut: ${code ?? error}`, headers: new Headers() };
    }
  }

  /**
   * A change has no key to repeat it under: the version tells whether the try whose answer was lost was done, once somebody answers.
   * @param {TestService} service @param {Write} write @param {number} deadline
   */
  async #isDone(service, { path, version = 0, body }, deadline) {
    for (; performance.now() < deadline; await sleep(50)) {
      const answer = await this.send(service, 'GET', path);
      if (answer.status !== 200) continue;
      return answer.body.version === version + 1 && answer.body.displayName === /** @type {{ displayName: string }} */ (body).displayName ? answer : undefined;
    }
    return undefined;
  }

  /** @param {TestService} service @param {GatewayAnswer} answer */
  #count(service, { status, body }) {
    // with the problem's code: a service has several reasons to answer 503
    const what = status ? [status, body.code].filter(Boolean).join(' ') : body;
    this.answers[what] = (this.answers[what] ?? 0) + 1;
    this.refusals.push({ at: performance.now(), service: service.name, what });
  }
}
