import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Actor, Json, TestService } from '@quen/testing';

export type GatewayAnswer = { status: number; body: Json; headers: Headers };
/**
 * key: of idempotency; default: one of its own; moves: versions at most that events may have added to the record since
 * the one that the caller knows
 */
type Write = {
  method: 'POST' | 'PATCH';
  path: string;
  body: unknown;
  version?: number;
  key?: string;
  notYet: number[];
  patienceMs: number;
  moves?: number;
};

/** No gateway takes so long for a write, unless it is frozen or cut off. */
const answerMs = 15_000;

/** A caller of the gateways who does not give up: each write is repeated under the same key until it is answered. */
export class Gateway {
  readonly actor: Actor;

  /**
   * Answers that were no acknowledgement, by status, `refused` (no connection) or `cut: …` (a connection that broke).
   */
  answers: Record<string, number> = {};
  wrong: string[] = [];
  #token: Promise<string> | undefined;
  /** The same one by one, with the time of `performance.now()`. */
  refusals: { at: number; service: string; what: string }[] = [];

  constructor(branchId: string) {
    this.actor = {
      roles: ['administrator'],
      branchId,
      subject: randomUUID(),
      expiresIn: 7200,
      claims: {},
    };
  }

  /**
   * Sends a write until it is acknowledged, or answered by one of `notYet`.
   * @throws Error when it is refused for good, or not acknowledged in time
   */
  async write(service: TestService, write: Write): Promise<GatewayAnswer> {
    let key = write.key ?? randomUUID();
    for (const deadline = performance.now() + write.patienceMs; performance.now() < deadline; await sleep(50)) {
      const answer = await this.send(service, write.method, write.path, write.body, {
        'idempotency-key': key,
        ...(write.version === undefined ? {} : { 'if-match': `"${write.version}"` }),
      });
      if (
        (answer.status > 0 && answer.status < 300) ||
        (write.notYet.includes(answer.status) && answer.body.code !== 'request_in_progress')
      )
        return answer;
      if (answer.status === 412 && write.method === 'PATCH') {
        const { version = 0, moves = 0 } = write;
        const present = await this.#present(service, write.path, deadline);
        const ahead = present ? present.body.version - version : 0;
        const done = present?.body.displayName === (write.body as { displayName: string }).displayName;
        // what its customer bought has moved the record on meanwhile: so would an editor read it again and repeat the
        // change
        if (!done && ahead >= 1 && ahead <= moves) {
          write = { ...write, version: version + ahead, moves: moves - ahead };
          key = randomUUID();
          continue;
        }
        this.#count(service, answer);
        if (present && done && ahead >= 1 && ahead <= 1 + moves) return present;
      } else this.#count(service, answer);
      // 409: the first try still runs in a process that is being killed, or its session has not ended yet
      if (answer.status && answer.status !== 409 && answer.status !== 503) {
        const logged =
          answer.body.traceId && service.log.split('\n').find((line) => line.includes(answer.body.traceId));
        this.wrong.push(
          `${service.name}: ${write.method} ${write.path} answered ${answer.status} ${JSON.stringify(answer.body)}${logged ? `; it logged ${logged.slice(0, 800)}` : ''}`,
        );
        if (answer.status < 500) throw new Error(this.wrong.at(-1));
      }
    }
    throw new Error(
      `${service.name}: ${write.method} ${write.path} was not acknowledged within ${write.patienceMs / 1000} s`,
    );
  }

  /** @returns status 0 when there was no answer; then `body` says `refused` or `cut: …` */
  async send(
    service: TestService,
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<GatewayAnswer> {
    try {
      const response = await fetch(new URL(path, service.url), {
        method,
        signal: AbortSignal.timeout(answerMs),
        headers: {
          authorization: `Bearer ${await (this.#token ??= service.issuer.token(this.actor))}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return {
        status: response.status,
        body: text && response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text,
        headers: response.headers,
      };
    } catch (error) {
      const code = (error as { cause?: { code?: string } }).cause?.code;
      return { status: 0, body: code === 'ECONNREFUSED' ? 'refused' : `cut: ${code ?? error}`, headers: new Headers() };
    }
  }

  /**
   * The record as it is, once somebody answers: its version and name tell whether a change whose answer was lost was
   * done.
   */
  async #present(service: TestService, path: string, deadline: number) {
    for (; performance.now() < deadline; await sleep(50)) {
      const answer = await this.send(service, 'GET', path);
      if (answer.status === 200) return answer;
    }
    return undefined;
  }

  #count(service: TestService, { status, body }: GatewayAnswer) {
    // with the problem's code: a service has several reasons to answer 503
    const what = status ? [status, body.code].filter(Boolean).join(' ') : body;
    this.answers[what] = (this.answers[what] ?? 0) + 1;
    this.refusals.push({ at: performance.now(), service: service.name, what });
  }
}
