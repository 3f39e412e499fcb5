import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Type } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { ConsumerStrategy, Messaging } from '@quen/messaging';
import type { ServiceConfig } from '../config/service.config.js';
import { asyncApiDocument, eventsPage, eventsPolicy } from '../documentation/events-page.js';
import { openApiDocument } from '../documentation/openapi.js';
import { serveSwagger } from '../documentation/swagger-page.js';
import {
  addSecurityHeaders,
  endConnectionsWhen,
  finishConnections,
  logRequests,
  refuseReservedNames,
} from '../http/server.js';
import { JobWorker } from '../jobs/job-worker.js';
import { bindContext } from '../operations/bind-context.js';
import { HealthChecks, type Health } from '../operations/health.js';
import { Log } from '../operations/log.js';
import { serveMetrics, type MetricsServer } from '../operations/metrics-server.js';
import { measureHealth, measurePool, measureRequests } from '../operations/metrics.js';
import { ProblemFilter } from '../problems/problem.filter.js';
import { routeNotFound } from '../problems/problems.js';
import { Scheduler } from '../schedules/scheduler.js';
import { serviceOptionsOf, type ServiceOptions } from '../slices/service-module.js';
import { buildApplication } from './application.js';

/**
 * A request may take so long after the process was told to stop. A caller who merely holds a connection open would else
 * keep it from ending.
 */
const answerWithinMs = 20_000;

/** A service that serves. */
export interface RunningService {
  readonly app: NestFastifyApplication;
  readonly url: string;
  readonly metricsUrl: string;
  /**
   * Stops in order: not ready, no more jobs and no more connections, no more consuming, outbox handed over, pool
   * closed.
   */
  stop(): Promise<void>;
}

/** Starts a service and waits until it listens. */
export async function serve<C extends ServiceConfig>(
  module: Type<unknown>,
  configType: Type<C>,
  config: C,
): Promise<RunningService> {
  const options = serviceOptionsOf(module);
  const log = new Log(options.name, config.LOG_LEVEL);
  const app = await buildApplication(module, configType, config, log);
  const dataSource = app.get(DataSource);
  const messaging = app.get(Messaging);
  const health = new HealthChecks(dataSource, messaging, config.hasRole('http'));
  prepareServer(app, options, config, health, log);
  await connect(dataSource, log);
  await warnOfPrivileges(dataSource, log);
  app.connectMicroservice({ strategy: app.get(ConsumerStrategy) });
  await app.init();
  await options.configure?.(app);
  const metrics = await serveMetrics(app.get(Registry), config.METRICS_PORT, config.HOST);
  const url = await app.listen(config.PORT, config.HOST).then(() => app.getUrl());
  await app.startAllMicroservices();
  await messaging.start();
  if (config.hasRole('consumer')) {
    app.get(JobWorker).start();
    await app.get(Scheduler).start();
  }
  log.info({ event: 'started', url, metrics: metrics.url, roles: config.ROLES }, `${options.title} listens`);
  let stopped: Promise<void> | undefined;
  return {
    app,
    url,
    metricsUrl: metrics.url,
    stop: () => (stopped ??= stop(app, metrics, health, config.HTTP_GRACE_MS, log)),
  };
}

async function stop(
  app: NestFastifyApplication,
  metrics: MetricsServer,
  health: HealthChecks,
  graceMs: number,
  log: Log,
): Promise<void> {
  health.stop();
  log.info({ event: 'stopping' }, 'stopping');
  const server = app.getHttpServer() as Server;
  setTimeout(() => server.closeAllConnections(), answerWithinMs).unref();
  await Promise.all([app.get(JobWorker).stop(), app.get(Scheduler).stop(), finishConnections(server, graceMs)]);
  await app.get(Messaging).stop();
  await app.close();
  const dataSource = app.get(DataSource);
  if (dataSource.isInitialized) await dataSource.destroy();
  await metrics.stop();
  log.info({ event: 'stopped' }, 'stopped');
}

/** Hooks, and the routes that are no use cases: documents, health, metrics. */
function prepareServer(
  app: NestFastifyApplication,
  options: ServiceOptions,
  config: ServiceConfig,
  health: HealthChecks,
  log: Log,
): void {
  const server = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  const registry = app.get<Registry>(Registry);
  bindContext(server);
  refuseReservedNames(server);
  addSecurityHeaders(server, config.PUBLIC_URL?.startsWith('https:') ?? false);
  endConnectionsWhen(() => health.isStopping, server);
  logRequests(server, log);
  measureRequests(server, registry);
  measurePool(app.get(DataSource), registry);
  measureHealth(health, registry);
  server.get('/healthz/live', (_request, reply) => answer(reply, health.live()));
  server.get('/healthz/ready', async (_request, reply) => answer(reply, await health.ready()));
  if (config.hasRole('http')) serveDocuments(app, server, options, config);
  else refuseUseCases(server, app.get(ProblemFilter));
}

function serveDocuments(
  app: NestFastifyApplication,
  server: FastifyInstance,
  options: ServiceOptions,
  config: ServiceConfig,
): void {
  const discovery = app.get(DiscoveryService);
  let openApi: object | undefined;
  server.get('/openapi.json', () => (openApi ??= openApiDocument(app, options, config, discovery)));
  server.get('/asyncapi.json', () => asyncApiDocument(options, discovery));
  server.get('/events', (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', eventsPolicy)
      .send(eventsPage(options, discovery)),
  );
  serveSwagger(server, options.title, config.PUBLIC_URL);
}

/** A process without the role `http` answers for its health and nothing else. */
function refuseUseCases(server: FastifyInstance, problems: ProblemFilter): void {
  server.addHook('onRequest', (request, reply, done) => {
    if (request.url.startsWith('/healthz/')) done();
    else problems.answer(routeNotFound(), request, reply);
  });
}

function answer(reply: FastifyReply, health: Health): FastifyReply {
  return reply.status(health.ok ? 200 : 503).send(health);
}

/** Connects to the database, which may come up later than the service, for a minute. */
async function connect(dataSource: DataSource, log: Log): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await dataSource.initialize();
      return;
    } catch (error) {
      if (attempt >= 30) throw error;
      log.warn({ event: 'database_unreachable', attempt, err: error }, 'the database cannot be reached yet');
      await sleep(2_000);
    }
  }
}

/** Row-level security does not bind superusers, nor roles that may bypass it. Then only the first barrier is left. */
async function warnOfPrivileges(dataSource: DataSource, log: Log): Promise<void> {
  const [me]: { above: boolean }[] = await dataSource.query(
    'select rolsuper or rolbypassrls as above from pg_roles where rolname = current_user',
  );
  if (me?.above)
    log.warn(
      { event: 'privileged_role' },
      'the database role is above row-level security; give the service a role of its own',
    );
}
