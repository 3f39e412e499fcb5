import type { Server } from 'node:http';
import { Server as TcpServer } from 'node:net';
import { setTimeout as sleep, setImmediate as turnOfLoop } from 'node:timers/promises';
import { promisify } from 'node:util';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import qs from 'qs';
import { context } from '@quen/messaging';
import type { ServiceConfig } from '../config/service.config.js';
import { contextOfRequest } from '../operations/bind-context.js';
import type { Log } from '../operations/log.js';
import { ProblemFilter } from '../problems/problem.filter.js';
import { reservedName } from '../problems/problems.js';
import { pagePolicy, securityHeaders } from './security-headers.js';
import { answerUnreadable } from './unreadable-requests.js';

/** The HTTP server: nested query strings, size limits, the request's context, security headers and the request log. */
export function makeAdapter(config: ServiceConfig, log: Log): FastifyAdapter {
  const problems = new ProblemFilter(config, log);
  return new FastifyAdapter({
    bodyLimit: config.BODY_LIMIT_BYTES,
    trustProxy: config.TRUST_PROXY ? config.TRUST_PROXY.split(',') : false,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    requestTimeout: 120_000,
    routerOptions: {
      maxParamLength: 500,
      querystringParser: (text: string) =>
        qs.parse(text, {
          depth: 4,
          arrayLimit: 200,
          parameterLimit: 500,
          allowDots: false,
          plainObjects: true,
        }) as Record<string, string>,
    },
    multipart: false,
    clientErrorHandler: answerUnreadable,
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
      problems.answer(error, request, reply),
  });
}

/** `__proto__` as a name in the query string, which its parser drops without a word: a filter would be gone. */
const reservedInQuery = /(?:^|[&[])__proto__(?:[\]=&[]|$)/;

/** Refuses a query string with a name that its parser would drop. */
export function refuseReservedNames(server: FastifyInstance): void {
  server.addHook('onRequest', ({ url }, _reply, done) => {
    const query = url
      .slice(url.indexOf('?') + 1)
      .replace(/%5f/gi, '_')
      .replace(/%5b/gi, '[')
      .replace(/%5d/gi, ']');
    done(reservedInQuery.test(query) ? reservedName() : undefined);
  });
}

/**
 * Answers are not guessed, framed or cached, and load nothing, unless a route says otherwise. The headers are set on
 * the raw answer, too: an issuer, for example, takes over from the framework and sends that one.
 */
export function addSecurityHeaders(server: FastifyInstance, secure: boolean): void {
  const headers = Object.entries(securityHeaders(secure));
  server.addHook('onRequest', (_request, { raw }, done) => {
    for (const [name, value] of headers) raw.setHeader(name, value);
    done();
  });
  server.addHook('onSend', (_request, reply, payload, done) => {
    if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
    if (!reply.hasHeader('content-security-policy') && String(reply.getHeader('content-type')).startsWith('text/html'))
      void reply.header('content-security-policy', pagePolicy);
    done(null, payload);
  });
}

/**
 * A process that is about to stop ends each connection with its answer. No connection is left on which a request could
 * meet the end.
 */
export function endConnectionsWhen(stopping: () => boolean, server: FastifyInstance): void {
  server.addHook('onSend', (_request, reply, payload, done) => {
    if (stopping()) void reply.header('connection', 'close');
    done(null, payload);
  });
}

/**
 * Takes no more connections. Waits until each open one has ended with the answer to its next request, or `graceMs` have
 * passed. Node closes idle connections at once, which would cut off a request that is on its way.
 */
export async function finishConnections(server: Server, graceMs: number): Promise<void> {
  // Waiting connections are let in first: the system resets those that wait at a port that closes.
  await turnOfLoop();
  TcpServer.prototype.close.call(server);
  const open = promisify(server.getConnections.bind(server));
  for (const deadline = performance.now() + graceMs; performance.now() < deadline && (await open()) > 0;)
    await sleep(20);
}

/** One line a request, without query string, which may hold personal data. */
export function logRequests(server: FastifyInstance, log: Log): void {
  server.addHook('onResponse', (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    const route = request.routeOptions.url ?? 'none';
    if (!route.startsWith('/healthz')) {
      context.run(contextOfRequest(request), () =>
        log.info(
          {
            event: 'request',
            method: request.method,
            route,
            status: reply.statusCode,
            ms: Math.round(reply.elapsedTime * 10) / 10,
          },
          'request',
        ),
      );
    }
    done();
  });
}
