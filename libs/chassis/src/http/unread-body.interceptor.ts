import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { invalid } from '../problems/problems.js';
import { fieldPointer } from './validation.pipe.js';

const readsBodyKey = 'quen:reads-body';

/** Says of a route that a parameter's decorator of our own reads its body; `@Body` needs no such word. */
export function readsBody(target: object, method: string | symbol): void {
  Reflect.defineMetadata(readsBodyKey, true, target, method);
}

/**
 * Refuses JSON that nobody would read. Who sends fields to an action that takes none believes in an effect that they do
 * not have. `{}` says nothing and passes. Forms pass too, since mail programs send them to unsubscribe (RFC 8058).
 */
@Injectable()
export class UnreadBodyInterceptor implements NestInterceptor {
  intercept(host: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (host.getType() !== 'http') return next.handle();
    const { body, headers } = host.switchToHttp().getRequest<FastifyRequest>();
    if (body === undefined || !headers['content-type']?.includes('json') || isRead(host)) return next.handle();
    if (typeof body !== 'object' || body === null || Array.isArray(body))
      throw invalid({ pointer: '', code: 'unknown_field', message: 'takes no body', vi: 'không nhận nội dung' });
    const fields = Object.keys(body);
    if (fields.length)
      throw invalid(
        ...fields.map((name) => ({
          pointer: fieldPointer('', name),
          code: 'unknown_field',
          message: 'is not known here',
          vi: 'không có trường này',
        })),
      );
    return next.handle();
  }
}

function isRead(host: ExecutionContext): boolean {
  const type = host.getClass();
  const { name } = host.getHandler();
  const parameters = Object.keys((Reflect.getMetadata(ROUTE_ARGS_METADATA, type, name) ?? {}) as object);
  return (
    parameters.some((each) => each.startsWith(`${RouteParamtypes.BODY}:`)) ||
    Reflect.hasMetadata(readsBodyKey, type.prototype as object, name)
  );
}
