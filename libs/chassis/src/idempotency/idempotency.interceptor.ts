import '@fastify/multipart';
import { createHash } from 'node:crypto';
import {
  Injectable,
  StreamableFile,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import pg from 'pg';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { findPrincipal } from '../access/decorators.js';
import { Database } from '../database/database.js';
import { shownOnceKey, withoutShownOnce } from '../http/shown-once.js';
import { idempotencyKeyMalformed, idempotencyKeyReused, requestInProgress } from '../problems/problems.js';
import { readUpload } from '../uploads/upload.js';

interface StoredAnswer {
  locked: boolean;
  request_hash: string | null;
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

const keptHeaders = ['etag', 'location', 'content-type'];

/**
 * Makes a POST with an `Idempotency-Key` safe to repeat. The use case and its answer commit in one transaction, and a
 * repetition gets that answer.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly database: Database,
    private readonly reflector: Reflector,
  ) {}

  intercept(host: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (host.getType() !== 'http') return next.handle();
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const key = request.headers['idempotency-key'];
    if (request.method !== 'POST' || key === undefined) return next.handle();
    if (typeof key !== 'string' || !/^[\x20-\x7e]{1,255}$/.test(key)) throw idempotencyKeyMalformed();
    return from(
      this.once(
        key,
        request,
        host.switchToHttp().getResponse<FastifyReply>(),
        next,
        this.reflector.get<string[] | undefined>(shownOnceKey, host.getHandler()),
      ),
    );
  }

  private async once(
    key: string,
    request: FastifyRequest,
    reply: FastifyReply,
    next: CallHandler,
    shownOnce?: readonly string[],
  ): Promise<unknown> {
    const hash = await hashOf(request);
    const id = [findPrincipal(request)?.subject ?? 'public', `${request.method} ${request.url}`, key];
    let stored: StoredAnswer | undefined;
    let keeping: string | undefined;
    return this.database.transaction(
      async () => {
        if (!stored?.locked) throw requestInProgress();
        if (stored.request_hash !== null) return replay(stored, hash, reply);
        const body: unknown = await lastValueFrom(next.handle(), { defaultValue: undefined });
        if (!(body instanceof StreamableFile) && !Buffer.isBuffer(body))
          keeping = keepSql(id, hash, reply, withoutShownOnce(body, shownOnce));
        return body;
      },
      {
        beginWith: `select * from quen_idempotent(${literals(id)})`,
        begin: (rows) => {
          [stored] = rows as StoredAnswer[];
          keeping = undefined;
        },
        endWith: () => keeping,
      },
    );
  }
}

function replay(stored: StoredAnswer, hash: string, reply: FastifyReply): unknown {
  if (stored.request_hash !== hash) throw idempotencyKeyReused();
  void reply.status(stored.status).headers({ ...stored.headers, 'idempotency-replayed': 'true' });
  return stored.body ?? undefined;
}

/** SQL that keeps the answer, to go along with the commit. */
function keepSql(id: string[], hash: string, reply: FastifyReply, body: unknown): string {
  const headers = Object.fromEntries(
    keptHeaders.flatMap((name) => (reply.hasHeader(name) ? [[name, String(reply.getHeader(name))]] : [])),
  );
  return `insert into idempotency (subject, route, key, request_hash, status, headers, body)
    values (${literals([...id, hash, String(reply.statusCode), JSON.stringify(headers), body === undefined ? null : JSON.stringify(body)])})`;
}

function literals(values: readonly (string | null)[]): string {
  return values.map((value) => (value === null ? 'null' : pg.escapeLiteral(value))).join(', ');
}

async function hashOf(request: FastifyRequest): Promise<string> {
  const hash = createHash('sha256');
  if (request.isMultipart()) {
    const { buffer, fields, filename } = await readUpload(request);
    hash.update(JSON.stringify([filename, canonical(fields)])).update(buffer);
  } else {
    hash.update(JSON.stringify(canonical(request.body)) ?? '');
  }
  return hash.digest('base64url');
}

/** The same value with members in the order of their names, so that equal bodies have equal texts. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, item]) => [name, canonical(item)]),
  );
}
