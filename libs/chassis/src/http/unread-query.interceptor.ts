import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { routeAccessKey, type RouteAccess } from '../access/decorators.js';
import { invalid } from '../problems/problems.js';

const readsQueryKey = 'quen:reads-query';

/**
 * Says of a route that a decorator of ours reads its query string and refuses what it does not know. `@Query` needs no
 * such word.
 */
export function readsQuery(target: object, method: string | symbol): void {
  Reflect.defineMetadata(readsQueryKey, true, target, method);
}

/**
 * Refuses query parameters that nobody would read. Who sends `limit` or `expand` to a route without them believes in an
 * effect that they do not have. Public routes are left out: mail programs and trackers put parameters of their own onto
 * links.
 */
@Injectable()
export class UnreadQueryInterceptor implements NestInterceptor {
  constructor(private readonly reflector: Reflector) {}

  intercept(host: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (host.getType() !== 'http') return next.handle();
    const given = Object.keys((host.switchToHttp().getRequest<FastifyRequest>().query ?? {}) as object);
    if (!given.length) return next.handle();
    const access = this.reflector.getAllAndOverride<RouteAccess | undefined>(routeAccessKey, [
      host.getHandler(),
      host.getClass(),
    ]);
    const known = access?.kind === 'public' ? undefined : readBy(host);
    const unread = known ? given.filter((name) => !known.includes(name)) : [];
    const allowed = known?.length ? `must be one of ${known.join(', ')}` : 'is not known here';
    const vi = known?.length ? `phải là một trong: ${known.join(', ')}` : 'không có tham số này';
    if (unread.length)
      throw invalid(...unread.map((name) => ({ pointer: `?${name}`, code: 'unknown_field', message: allowed, vi })));
    return next.handle();
  }
}

/** Names that a route reads one by one; undefined when it reads the whole query string, and checks it itself. */
function readBy(host: ExecutionContext): string[] | undefined {
  const type = host.getClass();
  const { name } = host.getHandler();
  if (Reflect.hasMetadata(readsQueryKey, type.prototype as object, name)) return undefined;
  const parameters = Object.entries(
    (Reflect.getMetadata(ROUTE_ARGS_METADATA, type, name) ?? {}) as Record<string, { data?: unknown }>,
  ).filter(([key]) => key.startsWith(`${RouteParamtypes.QUERY}:`));
  return parameters.some(([, { data }]) => typeof data !== 'string')
    ? undefined
    : parameters.map(([, { data }]) => data as string);
}
