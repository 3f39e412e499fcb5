import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { context } from '@quen/messaging';
import type { Scope } from '../database/scope.js';
import { forbidden, unauthenticated } from '../problems/problems.js';
import { AccessTable } from './access-table.js';
import { routeAccessKey, setPrincipal, type RouteAccess } from './decorators.js';
import { RateLimiter } from './rate-limiter.js';
import { TokenVerifier, type Identity } from './token-verifier.js';

/** Lets a request through when its route says so, and binds the rest of the request to the caller and the scope. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: TokenVerifier,
    private readonly table: AccessTable,
    private readonly limiter: RateLimiter,
  ) {}

  async canActivate(host: ExecutionContext): Promise<boolean> {
    if (host.getType() !== 'http') return true;
    const access = this.reflector.getAllAndOverride<RouteAccess | undefined>(routeAccessKey, [
      host.getHandler(),
      host.getClass(),
    ]);
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    if (access?.kind === 'public') {
      this.limiter.take(request.ip, host.switchToHttp().getResponse());
      return true;
    }
    const identity = await this.identified(request, host.switchToHttp().getResponse());
    this.limiter.take(identity.subject, host.switchToHttp().getResponse());
    const scope = this.scopeOf(access, identity);
    setPrincipal(request, { ...identity, scope });
    Object.assign(context.get(), {
      actor: identity.subject,
      actorName: identity.name,
      branch: identity.branchId,
      roles: identity.roles,
      scope,
    });
    return true;
  }

  /** Who calls. A caller without a good token counts by address, so that trying tokens has an end. */
  private async identified(request: FastifyRequest, reply: FastifyReply): Promise<Identity> {
    try {
      return await this.tokens.verify(bearerOf(request.headers.authorization));
    } catch (error) {
      this.limiter.take(request.ip, reply);
      throw error;
    }
  }

  private scopeOf(access: RouteAccess | undefined, identity: Identity): Scope {
    if (access?.kind === 'signed-in') return 'own';
    const scope =
      access?.kind === 'permission' ? this.table.scopeOf(identity.roles, access.resource, access.action) : undefined;
    if (!scope)
      throw forbidden(
        access?.kind === 'permission'
          ? { resource: access.resource, action: access.action }
          : { resource: '', action: '' },
      );
    return scope;
  }
}

function bearerOf(header: string | undefined): string {
  const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(header ?? '')?.[1];
  if (!token) throw unauthenticated();
  return token;
}
