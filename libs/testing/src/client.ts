import type { Actor, TestIssuer } from './issuer.js';

/** An answer of a gateway; the body is parsed when it is JSON, else it is the text. */
export interface Answer<T> {
  status: number;
  headers: Headers;
  body: T;
}

/** A parsed JSON body whose shape the test itself asserts. */
export type Json = ReturnType<typeof JSON.parse>;

/** Calls one gateway as one person; a body is sent as JSON unless it is a form or text. */
export class Client {
  /** @param issuer without one the calls carry no token */
  constructor(
    readonly url: string,
    private readonly issuer?: TestIssuer,
    readonly actor: Actor = {},
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

  private async send<T>(
    method: string,
    path: string,
    body: unknown,
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
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') && text !== '';
    return { status: response.status, headers: response.headers, body: (json ? JSON.parse(text) : text) as T };
  }
}
