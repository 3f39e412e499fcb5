import type { INestApplication } from '@nestjs/common';
import type { DiscoveryService } from '@nestjs/core';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { routesOf } from '../access/check-access.js';
import type { ServiceConfig } from '../config/service.config.js';
import type { ServiceOptions } from '../slices/service-module.js';
import { completeOperation, type Operation } from './complete-operation.js';
import { completeSchemas } from './complete-schemas.js';
import { problemSchema } from './problem-schema.js';
import { toSchema2020 } from './schema-2020.js';

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;

/**
 * The service's OpenAPI 3.1 document. What follows from conventions (problem answers, security, permissions, headers)
 * is added to each operation here.
 */
export function openApiDocument(
  app: INestApplication,
  options: ServiceOptions,
  config: ServiceConfig,
  discovery: DiscoveryService,
): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle(options.title)
    .setDescription(`${options.description}\n\n${conventions}`)
    .setVersion(options.version ?? '1.0.0')
    .setLicense('Proprietary', 'https://quen.example/license')
    .setContact('Quen', 'https://quen.example', 'api@quen.example')
    .addServer(config.PUBLIC_URL?.replace(/\/$/, '') ?? '/', 'This gateway')
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: `Access token of ${config.OIDC_ISSUER}.` },
      'bearer',
    );
  for (const { name, description } of [
    ...(options.tags ?? []),
    { name: 'Jobs', description: 'Long work in the background: state, progress, failed rows, results.' },
    {
      name: 'Bus',
      description: 'Operating the bus: consumers, parked records, replays, and an account of who did what.',
    },
  ])
    builder.addTag(name, description);
  const document = SwaggerModule.createDocument(app, builder.build(), {
    operationIdFactory: (_controller, method) => method,
  });

  const routes = new Map(routesOf(discovery).map((route) => [route.operationId, route]));
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of methods) {
      const operation = item[method] as Operation | undefined;
      if (operation)
        completeOperation(operation, method, path, routes.get(operation.operationId ?? '')?.access, options.access);
    }
  }
  describeTags(document);
  completeSchemas(document, discovery);
  const components = (document.components ??= {});
  components.schemas = { ...components.schemas, Problem: problemSchema };
  components.parameters = {
    IdempotencyKey: {
      name: 'Idempotency-Key',
      in: 'header',
      required: false,
      schema: { type: 'string', minLength: 1, maxLength: 255 },
      description:
        'Makes the request safe to repeat for 24 hours: a repetition gets the stored answer with `Idempotency-Replayed: true`.',
    },
  };
  joinLines(document);
  return toSchema2020(document);
}

/** Lines of one paragraph of a comment are one line in the document; paragraphs and lists stay as they are. */
function joinLines(node: unknown): void {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node as Record<string, unknown>)) {
    if ((key === 'description' || key === 'summary') && typeof value === 'string')
      (node as Record<string, unknown>)[key] = value.replace(/(?<=\S)\n(?=[^\s\-*|#@])/g, ' ');
    else joinLines(value);
  }
}

const conventions = [
  'Errors are `application/problem+json` (RFC 9457) with a stable `code`; texts follow `Accept-Language` (vi, en).',
  'Every POST takes `Idempotency-Key`. Records carry a strong `ETag`; changes of shared records need `If-Match`.',
  'Lists page by opaque cursor. Times are UTC instants, money is `{amount, currency}` with decimal text.',
].join(' ');

/** A tag that was used and not described still gets a sentence. */
function describeTags(document: OpenAPIObject): void {
  const tags = (document.tags ??= []);
  const used = new Set(
    Object.values(document.paths).flatMap((item) => methods.flatMap((method) => item[method]?.tags ?? [])),
  );
  for (const name of used) {
    if (!tags.some((tag) => tag.name === name))
      tags.push({ name, description: `Operations on ${name.toLowerCase()}.` });
  }
  document.tags = tags.filter(
    (tag, index) => used.has(tag.name) && tags.findIndex((other) => other.name === tag.name) === index,
  );
}
