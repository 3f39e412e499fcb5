import { PATH_METADATA } from '@nestjs/common/constants.js';
import type { DiscoveryService } from '@nestjs/core';
import { reactionsOf } from '@quen/messaging';
import { routeAccessKey, type RouteAccess } from './decorators.js';

/** One route of one controller, by its method's name, which is its operationId. */
export interface DeclaredRoute {
  readonly controller: string;
  readonly operationId: string;
  readonly access: RouteAccess | undefined;
}

type Class = new (...args: never[]) => object;

/** Classes of all controllers, reactions among them. */
export function controllersOf(discovery: DiscoveryService): Class[] {
  return discovery
    .getControllers()
    .flatMap(({ metatype }) => (typeof metatype === 'function' ? [metatype as Class] : []));
}

/** Every route of every controller. */
export function routesOf(discovery: DiscoveryService): DeclaredRoute[] {
  return controllersOf(discovery)
    .filter((type) => !reactionsOf(type))
    .flatMap((type) =>
      methodsOf(type).map(({ name, method }) => ({
        controller: type.name,
        operationId: name,
        access: (Reflect.getMetadata(routeAccessKey, method) ?? Reflect.getMetadata(routeAccessKey, type)) as
          RouteAccess | undefined,
      })),
    );
}

/**
 * Refuses to start a service that leaves anything open by omission.
 * @throws Error naming every route without `@Allow`, `@SignedIn` or `@Public`, every operationId used twice and every
 * consumer group of another service
 */
export function checkAccess(discovery: DiscoveryService, service: string): void {
  const routes = routesOf(discovery);
  const open = routes
    .filter(({ access }) => !access)
    .map(
      ({ controller, operationId }) =>
        `${controller}.${operationId} declares no permission: @Allow(resource, action), @SignedIn() or @Public()`,
    );
  const twice = routes
    .filter(({ operationId }, index) => routes.findIndex((other) => other.operationId === operationId) !== index)
    .map(({ controller, operationId }) => `${controller}.${operationId}: another route has the same operationId`);
  const foreign = controllersOf(discovery).flatMap((type) => {
    const group = reactionsOf(type)?.group;
    return group && !group.startsWith(`crm.${service}.`)
      ? [`${type.name} declares the consumer group ${group}, which is not of ${service}`]
      : [];
  });
  const problems = [...open, ...twice, ...foreign];
  if (problems.length)
    throw new Error(`The service does not start:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
}

function methodsOf(type: Class): { name: string; method: object }[] {
  const found = new Map<string, object>();
  for (
    let prototype = type.prototype as object | null;
    prototype && prototype !== Object.prototype;
    prototype = Object.getPrototypeOf(prototype) as object | null
  ) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype)) as [
      string,
      PropertyDescriptor,
    ][]) {
      if (
        name !== 'constructor' &&
        typeof value === 'function' &&
        !found.has(name) &&
        Reflect.hasMetadata(PATH_METADATA, value as object)
      )
        found.set(name, value as object);
    }
  }
  return [...found].map(([name, method]) => ({ name, method }));
}
