import 'reflect-metadata';
import { Module, type DynamicModule, type INestApplicationContext, type Provider, type Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { MigrationInterface } from 'typeorm';
import type { AccessTable } from '../access/access-table.js';
import type { StateSource } from '../bus/state-source.js';
import type { JobRunner } from '../jobs/job-handler.js';
import { branchStore, type DerivedStore } from '../rebuilds/derived-store.js';

/** What a service consists of. */
export interface ServiceOptions {
  /** The service's name, e.g. `sales`: its schema, the source of its events, the owner of its topics. */
  name: string;
  /** Title of its documents, e.g. `Quen Sales`. */
  title: string;
  description: string;
  version?: string;
  /** TypeORM entity classes. */
  entities: readonly (new () => object)[];
  /** Migration classes, whose names end in a timestamp of 13 digits after 1767225600002. */
  migrations: readonly (new () => MigrationInterface)[];
  /** Who may do what. */
  access: AccessTable;
  /** Controllers and reactions. */
  controllers: readonly Type<unknown>[];
  providers?: readonly Provider[];
  /** `@JobHandler` classes. */
  jobs?: readonly Type<JobRunner<never>>[];
  /** How each of its state topics is published again; one for every one. */
  states?: readonly StateSource[];
  imports?: readonly (Type<unknown> | DynamicModule)[];
  /** Descriptions of the tags that controllers use (`@ApiTags`). */
  tags?: readonly { name: string; description: string }[];
  /** False for the service that owns the branch tree: it makes the table `branch` with `id` and `path` itself. */
  branchReplica?: boolean;
  /** What of it is made from topics alone and can be rebuilt from them; the branch tree is added by itself. */
  derived?: readonly DerivedStore[];
  /** Paths that controllers serve outside of `/v1`, e.g. `.well-known/openid-configuration`. */
  outsidePrefix?: readonly string[];
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

const optionsKey = 'quen:service';

/** Declares a service's one module: the list of its slices. */
export function ServiceModule(options: ServiceOptions): ClassDecorator {
  return (target) => {
    Module({
      imports: [...(options.imports ?? [])],
      controllers: [...options.controllers],
      providers: [...(options.providers ?? []), ...(options.jobs ?? [])],
    })(target);
    Reflect.defineMetadata(optionsKey, options, target);
  };
}

/** What `@ServiceModule` said. @throws Error for a class without it */
export function serviceOptionsOf(module: Type<unknown>): ServiceOptions {
  const options = Reflect.getMetadata(optionsKey, module) as ServiceOptions | undefined;
  if (!options) throw new Error(`${module.name} is not declared with @ServiceModule`);
  return options;
}

/** Every store of a service that is made from topics alone. */
export function derivedStoresOf(options: ServiceOptions): DerivedStore[] {
  return [...(options.derived ?? []), ...(options.branchReplica === false ? [] : [branchStore(options.name)])];
}
