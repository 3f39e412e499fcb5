import { eventually } from './eventually.js';
import type { Actor, TokenSource } from './issuer.js';

/** An answer of a gateway; the body is parsed when it is JSON, else it is the text. */
export interface Answer<T = Json> {
  status: number;
  headers: Headers;
  body: T;
}

/** A parsed JSON body whose shape the test itself asserts. */
export type Json = ReturnType<typeof JSON.parse>;

/** Calls one gateway as one person; a body is sent as JSON unless it is a form or text. */
export class Client {
  /**
   * @param issuer without one the calls carry no token
   * @param complain says why there may be no answer, e.g. what the service logged before it ended
   */
  constructor(
    readonly url: string,
    private readonly issuer?: TokenSource,
    readonly actor: Actor = {},
    private readonly complain: () => string = () => '',
  ) {}

  get<T = Json>(path: string, headers?: Record<string, string>): Promise<Answer<T>> {
    return this.send('GET', path, undefined, headers);
  }
  post<T = Json>(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<T>> {
    return this.send('POST', path, body, headers);
  }
  put<T = Json>(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<T>> {
    return this.send('PUT', path, body, headers);
  }
  patch<T = Json>(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<T>> {
    return this.send('PATCH', path, body, headers);
  }
  delete<T = Json>(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<T>> {
    return this.send('DELETE', path, body, headers);
  }

  /**
   * Waits until a job has ended, well or badly.
   * @param job its id, its address, or the answer that started it
   * @returns the job as it ended, with state, progress, result and problem
   */
  async jobResult<T = Json>(job: string | Answer<{ id: string }>, timeoutMs = 120_000): Promise<T> {
    const id = typeof job === 'string' ? job.slice(job.lastIndexOf('/') + 1) : job.body.id;
    return eventually(
      async () => {
        const { status, body } = await this.get(`/v1/jobs/${id}`);
        if (body.state !== 'succeeded' && body.state !== 'failed')
          throw new Error(`The job ${id} has not ended: ${status} ${JSON.stringify(body)}`);
        return body as T;
      },
      { timeoutMs },
    );
  }

  /** Calls by a method that a test is given. */
  async send<T = Json>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const raw = typeof body === 'string' || body instanceof FormData || body instanceof Uint8Array;
    const response = await fetch(new URL(path, this.url), {
      method,
      redirect: 'manual',
      headers: {
        ...(this.issuer ? { authorization: `Bearer ${await this.issuer.token(this.actor)}` } : {}),
        ...(body !== undefined && !raw ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      ...(body !== undefined ? { body: raw ? body : JSON.stringify(body) } : {}),
    }).catch((error: unknown) => {
      throw new Error(`${method} ${path} has no answer. ${this.complain()}`, { cause: error });
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') && text !== '';
    return { status: response.status, headers: response.headers, body: (json ? JSON.parse(text) : text) as T };
  }
}

/** The header that names the version of a record that the caller has seen. */
export function match({ version }: { version: number }): Record<string, string> {
  return { 'if-match': `"${version}"` };
}
