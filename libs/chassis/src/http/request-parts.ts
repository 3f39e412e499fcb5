import {
  createParamDecorator,
  Injectable,
  Param,
  type ArgumentMetadata,
  type ExecutionContext,
  type PipeTransform,
} from '@nestjs/common';
import { ApiHeader, ApiParam } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ifMatchMalformed, ifMatchRequired, invalid } from '../problems/problems.js';

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** An id in the path, in lower case. @throws Problem validation_failed when it is no UUID */
export function parseUuid(name: string, value: string): string {
  if (!uuidPattern.test(value))
    throw invalid({ pointer: `/${name}`, code: 'is_uuid', message: 'must be a UUID', vi: 'phải là UUID' });
  return value.toLowerCase();
}

@Injectable()
class UuidPipe implements PipeTransform<string, string> {
  transform(value: string, { data }: ArgumentMetadata): string {
    return parseUuid(data ?? 'id', value);
  }
}

/** An id in the path; 400 when it is no UUID. */
export function UuidParam(name: string): ParameterDecorator {
  return (target, method, index) => {
    if (method)
      ApiParam({ name, schema: { type: 'string', format: 'uuid' } })(
        target,
        method,
        Object.getOwnPropertyDescriptor(target, method) ?? {},
      );
    Param(name, UuidPipe)(target, method, index);
  };
}

/** The version in an If-Match header such as `"3"`. @throws Problem if_match_required or if_match_malformed */
export function parseIfMatch(header: string | undefined): number {
  if (header === undefined || header.trim() === '') throw ifMatchRequired();
  const version = /^"(\d{1,15})"$/.exec(header.trim())?.[1];
  if (version === undefined) throw ifMatchMalformed();
  return Number(version);
}

const ifMatchVersion = createParamDecorator((_: unknown, host: ExecutionContext): number =>
  parseIfMatch(host.switchToHttp().getRequest<FastifyRequest>().headers['if-match']),
);

/**
 * The version of the record that the caller saw, from `If-Match`: missing → 428, malformed → 400. Compare it with
 * `lock(tx, Entity, id, version)`.
 */
export function IfMatch(): ParameterDecorator {
  return (target, method, index) => {
    if (method) {
      ApiHeader({
        name: 'If-Match',
        required: true,
        description: 'ETag of the version that you read.',
        schema: { type: 'string', pattern: '^"\\d{1,15}"$' },
        example: '"3"',
      })(target, method, Object.getOwnPropertyDescriptor(target, method) ?? {});
    }
    ifMatchVersion()(target, method, index);
  };
}
