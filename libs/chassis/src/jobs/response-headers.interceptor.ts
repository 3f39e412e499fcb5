import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { Job } from './job.dto.js';

/** Says in headers what the body is: a strong `ETag` for a record with a version, 202 and `Location` for a job. */
@Injectable()
export class ResponseHeadersInterceptor implements NestInterceptor {
  intercept(host: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (host.getType() !== 'http') return next.handle();
    const http = host.switchToHttp();
    return next
      .handle()
      .pipe(
        map((body: unknown) => withHeaders(body, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>())),
      );
  }
}

function withHeaders(body: unknown, request: FastifyRequest, reply: FastifyReply): unknown {
  if (body instanceof Job) {
    if (request.method === 'POST' || request.method === 'PUT')
      void reply.status(202).header('location', `/v1/jobs/${body.id}`);
    return body;
  }
  const version =
    typeof body === 'object' && body !== null && !Array.isArray(body)
      ? (body as { version?: unknown }).version
      : undefined;
  if (typeof version !== 'number' || reply.hasHeader('etag')) return body;
  // For If-Match only. It never answers 304: the body may show more than the row, such as what was calculated of it
  // since.
  void reply.header('etag', `"${version}"`);
  return body;
}
