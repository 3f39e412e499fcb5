import 'reflect-metadata';
import { createHmac } from 'node:crypto';
import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { DiscoveryModule, DiscoveryService, NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { messagingMigrations, MessagingModule, type MessagingSettings } from '@quen/messaging';
import { AccessTable } from '../access/access-table.js';
import { AccessGuard } from '../access/access.guard.js';
import { checkAccess } from '../access/check-access.js';
import { IssuerKeys } from '../access/issuer-keys.js';
import { OutsideClaims } from '../access/outside-claims.js';
import { RateLimiter } from '../access/rate-limiter.js';
import { Rights } from '../access/rights.js';
import { TokenVerifier } from '../access/token-verifier.js';
import { busJobs } from '../bus/bus-jobs.js';
import { BusController } from '../bus/bus.controller.js';
import { RebuildsController } from '../bus/rebuilds.controller.js';
import { RereadController } from '../bus/reread.controller.js';
import { checkStates, StateSources } from '../bus/state-source.js';
import { ServiceConfig } from '../config/service.config.js';
import { Clock } from '../database/clock.js';
import { Database } from '../database/database.js';
import { everything, noteReach, reachSql } from '../database/scope.js';
import { Exports } from '../exports/exports.js';
import { ListExportJob } from '../exports/list-export.job.js';
import { acceptBodies } from '../http/body-parsers.js';
import { checkBodies, refuseInsteadOfThrowing } from '../http/check-bodies.js';
import { makeAdapter } from '../http/server.js';
import { UnreadBodyInterceptor } from '../http/unread-body.interceptor.js';
import { UnreadQueryInterceptor } from '../http/unread-query.interceptor.js';
import { QuenValidationPipe } from '../http/validation.pipe.js';
import { IdempotencyInterceptor } from '../idempotency/idempotency.interceptor.js';
import { jobKindOf, type JobRunner } from '../jobs/job-handler.js';
import { JobWorker } from '../jobs/job-worker.js';
import { JobsController } from '../jobs/jobs.controller.js';
import { Jobs } from '../jobs/jobs.js';
import { ResponseHeadersInterceptor } from '../jobs/response-headers.interceptor.js';
import { Cursors } from '../lists/cursor.js';
import { Log } from '../operations/log.js';
import { makeRegistry } from '../operations/metrics.js';
import { ProblemFilter } from '../problems/problem.filter.js';
import { derivedStores, Rebuilds } from '../rebuilds/rebuilds.js';
import { replicaReactionsOf } from '../replicas/replica-reactions.js';
import { Housekeeping } from '../schedules/housekeeping.js';
import { Scheduler } from '../schedules/scheduler.js';
import { derivedStoresOf, replicasOf, serviceOptionsOf, type ServiceOptions } from '../slices/service-module.js';
import { ViewInterceptor } from '../views/shows.js';
import { makeDataSource } from './data-source.js';
import { kafkaSettings } from './kafka-settings.js';

/** The module around a service's own: everything that the chassis gives, available everywhere. */
@Module({})
class Chassis {}

/** Where an application is not the one that serves. */
export interface ApplicationOptions {
  /** True for a store that is made anew: handlers publish nothing, and replicas tell business of nothing. */
  silent?: boolean;
}

/** What messaging has to know of a service. */
export function messagingSettings(
  config: ServiceConfig,
  options: ServiceOptions,
  log: Log,
  metrics?: Registry,
  { silent = false }: ApplicationOptions = {},
): MessagingSettings {
  return {
    service: options.name,
    silent,
    kafka: kafkaSettings(config),
    topics: {
      partitions: config.KAFKA_PARTITIONS,
      replication: config.KAFKA_REPLICATION,
      minInSyncReplicas: config.KAFKA_MIN_INSYNC,
      factRetentionMs: config.KAFKA_FACT_RETENTION_DAYS < 0 ? -1 : config.KAFKA_FACT_RETENTION_DAYS * 86_400_000,
    },
    roles: { consumer: config.hasRole('consumer'), relay: config.hasRole('relay') },
    logger: log.pino,
    metrics,
    guardsOff: config.guardsOff(),
    transaction: { beginWith: reachSql(everything), begin: (tx) => noteReach(tx, everything) },
  };
}

function chassis<C extends ServiceConfig>(
  module: Type<unknown>,
  configType: Type<C>,
  config: C,
  options: ServiceOptions,
  log: Log,
  how: ApplicationOptions,
): DynamicModule {
  const registry = makeRegistry(options.name, options.version ?? '1.0.0');
  const secret =
    config.CURSOR_SECRET ??
    createHmac('sha256', config.DATABASE_URL ?? '')
      .update('quen cursors')
      .digest('hex');
  const shared = [
    { provide: ServiceConfig, useValue: config },
    ...(configType === (ServiceConfig as Type<unknown>) ? [] : [{ provide: configType, useValue: config }]),
    { provide: IssuerKeys, useValue: new IssuerKeys(config) },
    { provide: AccessTable, useValue: options.access },
    { provide: derivedStores, useValue: derivedStoresOf(options) },
    { provide: Log, useValue: log },
    { provide: Registry, useValue: registry },
    { provide: StateSources, useValue: new StateSources(options.states) },
    { provide: Cursors, useValue: new Cursors(secret) },
    { provide: DataSource, useFactory: () => makeDataSource(config, options, messagingMigrations, log) },
    Database,
    Clock,
    OutsideClaims,
    TokenVerifier,
    Rights,
    RateLimiter,
    JobWorker,
    Jobs,
    Exports,
    Scheduler,
  ];
  return {
    module: Chassis,
    global: true,
    imports: [
      DiscoveryModule,
      MessagingModule.forRootAsync({ useFactory: () => messagingSettings(config, options, log, registry, how) }),
      module,
    ],
    controllers: [
      JobsController,
      BusController,
      RebuildsController,
      RereadController,
      ...replicaReactionsOf(replicasOf(options), how.silent ?? false),
    ],
    providers: [
      ...shared,
      ...busJobs,
      ListExportJob,
      Rebuilds,
      Housekeeping,
      AccessGuard,
      ProblemFilter,
      IdempotencyInterceptor,
      UnreadBodyInterceptor,
      UnreadQueryInterceptor,
      ResponseHeadersInterceptor,
      ViewInterceptor,
    ],
    exports: shared.map((each) => ('provide' in each ? each.provide : each)),
  };
}

/**
 * Builds a service's application without any I/O: modules, gateway rules, access checks.
 * @throws Error when a route declares no permission, or a state cannot be published again
 */
export async function buildApplication<C extends ServiceConfig>(
  module: Type<unknown>,
  configType: Type<C>,
  config: C,
  log: Log,
  how: ApplicationOptions = {},
): Promise<NestFastifyApplication> {
  const options = serviceOptionsOf(module);
  const app = await NestFactory.create<NestFastifyApplication>(
    chassis(module, configType, config, options, log, how),
    makeAdapter(config, log),
    { logger: log, abortOnError: false, bodyParser: false },
  );
  acceptBodies(app.getHttpAdapter().getInstance() as unknown as FastifyInstance, {
    forms: options.forms ?? false,
    uploadLimit: config.UPLOAD_LIMIT_BYTES,
  });
  app.setGlobalPrefix('v1', { exclude: [...options.outsidePrefix] });
  app.useGlobalGuards(app.get(AccessGuard));
  app.useGlobalPipes(new QuenValidationPipe());
  app.useGlobalFilters(app.get(ProblemFilter));
  app.useGlobalInterceptors(
    app.get(IdempotencyInterceptor),
    app.get(UnreadBodyInterceptor),
    app.get(UnreadQueryInterceptor),
    app.get(ResponseHeadersInterceptor),
    app.get(ViewInterceptor),
  );
  if (config.CORS_ORIGINS) {
    app.enableCors({
      origin: config.CORS_ORIGINS === '*' ? true : config.CORS_ORIGINS.split(','),
      methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
      exposedHeaders: ['etag', 'location', 'retry-after', 'ratelimit', 'ratelimit-policy', 'idempotency-replayed'],
      maxAge: 600,
    });
  }
  checkAccess(app.get(DiscoveryService), options.name);
  checkBodies(app.get(DiscoveryService));
  refuseInsteadOfThrowing();
  checkStates(options.name, options.states);
  const worker = app.get(JobWorker);
  for (const type of [...busJobs, ListExportJob, ...options.jobs]) {
    const kind = jobKindOf(type);
    if (!kind) throw new Error(`${type.name} is listed in jobs and has no @JobHandler`);
    worker.register(kind, app.get<JobRunner>(type, { strict: false }));
  }
  app.get(Scheduler).discover();
  return app;
}
