import 'reflect-metadata';
import { Module, type INestApplicationContext, type Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { MigrationInterface } from 'typeorm';
import { defineAccess, roles, type AccessTable, type Grant, type Role } from '../access/access-table.js';
import { branchReplica } from '../branches/branch.replica.js';
import type { StateSource } from '../bus/state-source.js';
import type { JobRunner } from '../jobs/job-handler.js';
import type { DerivedStore } from '../rebuilds/derived-store.js';
import { storesWith } from '../replicas/replica-stores.js';
import type { Replica } from '../replicas/replica.js';
import { staffReplica } from '../replicas/staff.replica.js';
import { grantsOf, sliceOptionsOf, type SliceOptions } from './slice.js';

/** What a service says of itself; what it consists of is said by its slices. */
export interface ServiceDeclaration {
  /** The service's name, e.g. `sales`: its schema, the source of its events, the owner of its topics. */
  name: string;
  /** Title of its documents, e.g. `Quen Sales`. */
  title: string;
  description: string;
  version?: string;
  /** Modules declared with `@Slice`. */
  slices: readonly Type<unknown>[];
  /**
   * Migrations: the folder of its compiled files (`import.meta.dirname`), below which they are the `*.migration.js`; or
   * classes, whose names end in a timestamp of 13 digits after 1767225600002.
   */
  migrations: string | readonly (new () => MigrationInterface)[];
  /** Grants of what the platform gives every service (`bus`, `rebuild`), by role; the administrator has all of them. */
  access?: Readonly<Record<string, Readonly<Record<string, Grant>>>>;
  /** False for the service that owns the branch tree: it makes the table `branch` with `id` and `path` itself. */
  branchReplica?: boolean;
  /** True for a service that has to do with members of staff: it gets the table `staff`. */
  staffReplica?: boolean;
  /**
   * True to read `application/x-www-form-urlencoded` too: one-click unsubscription, sign-in forms. Everywhere else
   * bodies are JSON.
   */
  forms?: boolean;
  /**
   * Mounts what is no Nest controller on the application, before it begins to listen and after its modules are
   * initialised.
   */
  configure?: (app: NestFastifyApplication) => void | Promise<void>;
  /**
   * Commands of its own, e.g. `node dist/main.js create-administrator …`: run with a database and without serving; the
   * text returned is printed.
   */
  commands?: Readonly<Record<string, (app: INestApplicationContext, args: readonly string[]) => Promise<string>>>;
}

/** What a service consists of: its own declaration and those of its slices together. */
export interface ServiceOptions extends Omit<ServiceDeclaration, 'access'> {
  readonly entities: readonly (new () => object)[];
  readonly jobs: readonly Type<JobRunner<never>>[];
  readonly states: readonly StateSource[];
  readonly replicas: readonly Replica[];
  readonly derived: readonly DerivedStore[];
  readonly tags: readonly { name: string; description: string }[];
  readonly outsidePrefix: readonly string[];
  readonly access: AccessTable;
}

const optionsKey = 'quen:service';

/**
 * Declares a service's one module: the list of its slices.
 * @throws Error for a module that is no slice, or a resource that two slices grant
 */
export function ServiceModule(declaration: ServiceDeclaration): ClassDecorator {
  return (target) => {
    Module({ imports: [...declaration.slices] })(target);
    const slices = declaration.slices.map(sliceOptionsOf);
    const all = <K extends 'entities' | 'jobs' | 'states' | 'replicas' | 'derived' | 'tags' | 'outsidePrefix'>(
      key: K,
    ) => slices.flatMap((slice) => [...(slice[key] ?? [])]) as NonNullable<SliceOptions[K]>[number][];
    const options: ServiceOptions = {
      ...declaration,
      entities: all('entities'),
      jobs: all('jobs'),
      states: all('states'),
      replicas: all('replicas'),
      derived: all('derived'),
      tags: all('tags'),
      outsidePrefix: all('outsidePrefix'),
      access: accessOf(declaration, slices),
    };
    Reflect.defineMetadata(optionsKey, options, target);
  };
}

function accessOf({ access = {} }: ServiceDeclaration, slices: readonly SliceOptions[]): AccessTable {
  const bySlices = grantsOf(slices.flatMap((slice) => (slice.access ? [slice.access] : [])));
  const grants = (role: string) => ({ ...bySlices[role as Role], ...access[role] });
  const named = new Set([...roles, ...Object.keys(access)].filter((role) => role in bySlices || role in access));
  return defineAccess({
    administrator: '*',
    ...Object.fromEntries([...named].filter((role) => role !== 'administrator').map((role) => [role, grants(role)])),
  });
}

/** What `@ServiceModule` said. @throws Error for a class without it */
export function serviceOptionsOf(module: Type<unknown>): ServiceOptions {
  const options = Reflect.getMetadata(optionsKey, module) as ServiceOptions | undefined;
  if (!options) throw new Error(`${module.name} is not declared with @ServiceModule`);
  return options;
}

/** Every store of a service that is made from topics alone. */
export function derivedStoresOf(options: ServiceOptions): DerivedStore[] {
  return storesWith(replicasOf(options), options.derived);
}

/** Every replica of a service, branches and staff included. */
export function replicasOf({
  name,
  replicas,
  branchReplica: branches,
  staffReplica: staff,
}: ServiceOptions): Replica[] {
  return [...replicas, ...(branches === false ? [] : [branchReplica(name)]), ...(staff ? [staffReplica(name)] : [])];
}
