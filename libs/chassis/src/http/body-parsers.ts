import { isUtf8 } from 'node:buffer';
import multipart from '@fastify/multipart';
import type { FastifyInstance } from 'fastify';
import qs from 'qs';
import { bodyTooDeep, malformedJson, reservedName, unsupportedMediaType } from '../problems/problems.js';

/** Deeper than any body of ours. A deeper one would exhaust the stack of the code that walks over it. */
const deepest = 100;

/** A character set that is named and not ours. */
const otherCharset = /;\s*charset\s*=\s*"?(?!utf-?8\b|us-ascii\b)/i;

/**
 * Which bodies the gateway reads: JSON, merge patches, uploads; other forms only where a service asks for them.
 * Anything else is 415, and so is a compressed body. The bytes stay in `request.rawBody`, for webhooks whose signature
 * covers them.
 */
export function acceptBodies(
  server: FastifyInstance,
  { forms, uploadLimit }: { forms: boolean; uploadLimit: number },
): void {
  server.removeAllContentTypeParsers();
  server.addHook('preParsing', (request, _reply, _payload, done) => {
    // Nothing is inflated here: a small body that becomes a large one would pass every limit.
    const encoding = request.headers['content-encoding'] ?? 'identity';
    done(
      encoding === 'identity' && !otherCharset.test(request.headers['content-type'] ?? '')
        ? null
        : unsupportedMediaType(),
    );
  });
  void server.register(multipart, { limits: { fileSize: uploadLimit, files: 1, fields: 50, fieldSize: 1_048_576 } });
  const parseJson = server.getDefaultJsonParser('error', 'error');
  server.addContentTypeParser(
    ['application/json', 'application/merge-patch+json'],
    { parseAs: 'buffer' },
    (request, body, done) => {
      Object.assign(request, { rawBody: body });
      // Programs send the content type on actions without a body, too. A route that needs a body says so.
      if (!body.length) return done(null, undefined);
      // JSON is UTF-8 (RFC 8259); read as that, what is not would be altered without a word
      if (!isUtf8(body as Buffer)) return done(malformedJson());
      const text = body.toString('utf8');
      void parseJson(request, text, (error, value: unknown) => {
        if (error) done(isJson(text) ? reservedName() : malformedJson());
        else if (tooDeep(value)) done(bodyTooDeep({ levels: deepest }));
        else done(null, value);
      });
    },
  );
  if (!forms) return;
  server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'buffer' }, (request, body, done) => {
    Object.assign(request, { rawBody: body });
    done(null, qs.parse(body.toString('utf8'), { depth: 2, parameterLimit: 200, plainObjects: true }));
  });
}

/** Of what the parser refused: names that would change an object's prototype stand in well-formed JSON. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Goes level by level. A walk that calls itself is exactly what such a body breaks. */
function tooDeep(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; depth <= deepest; depth += 1) {
    level = level.flatMap((item): unknown[] => (typeof item === 'object' && item !== null ? Object.values(item) : []));
    if (!level.length) return false;
  }
  return true;
}
