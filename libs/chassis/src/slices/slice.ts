import { Module, type DynamicModule, type Provider, type Type } from '@nestjs/common';
import type { Grant, Role } from '../access/access-table.js';
import type { StateSource } from '../bus/state-source.js';
import type { JobRunner } from '../jobs/job-handler.js';
import type { DerivedStore } from '../rebuilds/derived-store.js';
import type { Replica } from '../replicas/replica.js';

/** What roles may do with the resources of a slice, by resource and role; the administrator may do everything. */
export type SliceAccess = Readonly<Record<string, Readonly<Partial<Record<Role, Grant>>>>>;

/** What one noun consists of: Nest's own keys, and what the platform has to know of it. */
export interface SliceOptions {
  /** Modules of slices whose services this one uses. */
  imports?: readonly (Type<unknown> | DynamicModule)[];
  controllers?: readonly Type<unknown>[];
  providers?: readonly Provider[];
  /** Services that other slices may use. */
  exports?: readonly Type<unknown>[];
  /** TypeORM entity classes; the slice owns their tables. */
  entities?: readonly (new () => object)[];
  /** `@Reactions` classes. */
  reactions?: readonly Type<unknown>[];
  /** `@JobHandler` classes. */
  jobs?: readonly Type<JobRunner<never>>[];
  /** How each of its state topics is published again. */
  states?: readonly StateSource[];
  /** Its tables that follow states of other services; branches and staff come by themselves. */
  replicas?: readonly Replica[];
  /** What else of it is made from topics alone and can be rebuilt from them; replicas are added by themselves. */
  derived?: readonly DerivedStore[];
  /** Tables besides those of entities that it owns, and tables of other slices that its SQL reads or writes. */
  tables?: {
    readonly owns?: readonly string[];
    readonly reads?: readonly string[];
    readonly writes?: readonly string[];
  };
  access?: SliceAccess;
  /** Descriptions of the tags that its controllers use (`@ApiTags`). */
  tags?: readonly { name: string; description: string }[];
  /** Paths that its controllers serve outside of `/v1`. */
  outsidePrefix?: readonly string[];
}

const sliceKey = 'quen:slice';

/** Declares a noun's module: all that a service has to know of it stands here. */
export function Slice(options: SliceOptions): ClassDecorator {
  return (target) => {
    Module({
      imports: [...(options.imports ?? [])],
      controllers: [...(options.controllers ?? []), ...(options.reactions ?? [])],
      providers: [...(options.providers ?? []), ...(options.jobs ?? [])],
      exports: [...(options.exports ?? [])],
    })(target);
    Reflect.defineMetadata(sliceKey, options, target);
  };
}

/** What `@Slice` said. @throws Error for a class without it */
export function sliceOptionsOf(module: Type<unknown>): SliceOptions {
  const options = Reflect.getOwnMetadata(sliceKey, module) as SliceOptions | undefined;
  if (!options) throw new Error(`${module.name} is not declared with @Slice`);
  return options;
}

/**
 * Grants by role, as access tables have them.
 * @throws Error for a resource that two slices grant, since it belongs to one of them
 */
export function grantsOf(slices: readonly SliceAccess[]): Partial<Record<Role, Record<string, Grant>>> {
  const byRole: Partial<Record<Role, Record<string, Grant>>> = {};
  const seen = new Set<string>();
  for (const access of slices) {
    for (const [resource, roles] of Object.entries(access)) {
      if (seen.has(resource)) throw new Error(`two slices grant access to ${resource}`);
      seen.add(resource);
      for (const [role, grant] of Object.entries(roles) as [Role, Grant][]) (byRole[role] ??= {})[resource] = grant;
    }
  }
  return byRole;
}
