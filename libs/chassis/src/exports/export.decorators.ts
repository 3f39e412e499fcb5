import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { ObjectLiteral } from 'typeorm';
import { readsQuery } from '../http/unread-query.interceptor.js';
import { ApiJob } from '../jobs/job.decorators.js';
import { listQueries } from '../lists/list.decorators.js';
import { languageOf } from '../operations/request-context.js';
import type { ExportDefinition } from './define-export.js';
import type { ExportRequest } from './exports.js';
import { exportFormats } from './list-export.job.js';

const rawQuery = createParamDecorator((definition: ExportDefinition, host: ExecutionContext): ExportRequest => {
  const request = host.switchToHttp().getRequest<FastifyRequest>();
  return {
    definition,
    query: request.query as Record<string, unknown>,
    language: languageOf(request.headers['accept-language']),
  };
});

/** What a route is asked to export: the list's query and the format. */
export function Export<E extends ObjectLiteral>(definition: ExportDefinition<E>): ParameterDecorator {
  return (target, method, index) => {
    if (method) readsQuery(target, method);
    rawQuery(definition as unknown as ExportDefinition)(target, method, index);
  };
}

/** Documents a route that exports a list: the list's query, the format, and the job that it answers with. */
export function ApiExport<E extends ObjectLiteral>({ list }: ExportDefinition<E>): MethodDecorator {
  return applyDecorators(
    ApiJob(),
    ...listQueries(list),
    ApiQuery({
      name: 'format',
      required: false,
      description: 'CSV in UTF-8 with byte order mark, or an Excel workbook.',
      schema: { type: 'string', enum: [...exportFormats], default: 'csv' },
    }),
  );
}
