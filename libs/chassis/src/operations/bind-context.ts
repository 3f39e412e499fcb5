import type { FastifyInstance, FastifyRequest } from 'fastify';
import { context, type MessageContext } from '@quen/messaging';
import { contextOf } from './request-context.js';

const contexts = new WeakMap<object, MessageContext>();

/** The context that a request runs in. */
export function contextOfRequest(request: FastifyRequest): MessageContext {
  return contexts.get(request) ?? contextOf(request.headers);
}

/**
 * Runs each request in a context of its own. Reading a body leaves asynchronous contexts behind, so the context is
 * entered again afterwards.
 */
export function bindContext(server: FastifyInstance): void {
  server.addHook('onRequest', (request, _reply, done) => {
    const begun = contextOf(request.headers);
    contexts.set(request, begun);
    context.run(begun, done);
  });
  server.addHook('preHandler', (request, _reply, done) => context.run(contextOfRequest(request), done));
}
