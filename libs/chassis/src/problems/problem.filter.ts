import { Catch, Injectable, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ServiceConfig } from '../config/service.config.js';
import { contextOfRequest } from '../operations/bind-context.js';
import { Log } from '../operations/log.js';
import { languageOf, traceIdOf } from '../operations/request-context.js';
import { documentOf, statusOf } from './problem-document.js';
import { problemOf } from './problem-of-error.js';
import { notKnownHereYet, requestInProgress } from './problems.js';

/** Conflicts that end by themselves within a second. */
const soonOver = new Set([requestInProgress.code, notKnownHereYet.code]);

/** The one place where an error becomes an answer. */
@Catch()
@Injectable()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly config: ServiceConfig,
    private readonly log: Log,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  /** Answers a request with the problem that an error amounts to. */
  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const uploading = request.headers['content-type']?.startsWith('multipart/');
    const problem = problemOf(error, uploading ? this.config.UPLOAD_LIMIT_BYTES : this.config.BODY_LIMIT_BYTES);
    const status = statusOf(problem);
    if (status >= 500)
      this.log.error(
        {
          event: 'request_failed',
          err: error,
          code: problem.code,
          method: request.method,
          route: request.routeOptions?.url,
        },
        'request failed',
      );
    if (reply.sent) return;
    const language = languageOf(request.headers['accept-language']);
    void reply.status(status);
    void reply.headers({
      'content-type': 'application/problem+json; charset=utf-8',
      'content-language': language,
      'cache-control': 'no-store',
    });
    if (status === 401)
      void reply.header('www-authenticate', request.headers.authorization ? 'Bearer error="invalid_token"' : 'Bearer');
    if ((status === 503 || soonOver.has(problem.code)) && !reply.hasHeader('retry-after'))
      void reply.header('retry-after', '1');
    if (status === 429) void reply.header('retry-after', String(problem.params['seconds'] ?? 1));
    void reply
      .serializer(JSON.stringify)
      .send(documentOf(problem, language, request.url.split('?')[0] ?? '/', traceIdOf(contextOfRequest(request))));
  }
}
