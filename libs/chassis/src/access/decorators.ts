import { createParamDecorator, SetMetadata, type CustomDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Principal } from './principal.js';

/** What a route declares: a permission, that signing in is enough, or that anybody may call it. */
export type RouteAccess =
  | { readonly kind: 'permission'; readonly resource: string; readonly action: string }
  | { readonly kind: 'signed-in' }
  | { readonly kind: 'public' };

export const routeAccessKey = 'quen:access';

/** The route needs this permission; the scope that the caller's roles give for it bounds every row it reaches. */
export function Allow(resource: string, action: string): CustomDecorator {
  return SetMetadata(routeAccessKey, { kind: 'permission', resource, action } satisfies RouteAccess);
}

/**
 * The route needs a signed-in caller and no particular permission; its use case limits it to the caller's own things
 * (scope `own`).
 */
export function SignedIn(): CustomDecorator {
  return SetMetadata(routeAccessKey, { kind: 'signed-in' } satisfies RouteAccess);
}

/**
 * Anybody may call the route, without a token. It is for documents, health, links in mails, and webhooks that check
 * their own signature.
 */
export function Public(): CustomDecorator {
  return SetMetadata(routeAccessKey, { kind: 'public' } satisfies RouteAccess);
}

/** The caller as a parameter of a route that is not public. */
export const CurrentUser = createParamDecorator((_: unknown, host: ExecutionContext): Principal =>
  principalOf(host.switchToHttp().getRequest<FastifyRequest>()),
);

const principals = new WeakMap<object, Principal>();

/** Notes who makes a request. */
export function setPrincipal(request: object, principal: Principal): void {
  principals.set(request, principal);
}

/** Who makes a request, if the caller is signed in. */
export function findPrincipal(request: object): Principal | undefined {
  return principals.get(request);
}

/** @throws Error on a public route, where there is no caller: a programming error. */
export function principalOf(request: object): Principal {
  const principal = principals.get(request);
  if (!principal) throw new Error('There is no current user on a public route');
  return principal;
}
