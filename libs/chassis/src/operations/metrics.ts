import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import type { Checks, HealthChecks } from './health.js';

/** A service's metrics; services in one process do not share them. */
export function makeRegistry(service: string, version: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  new Gauge({
    registers: [registry],
    name: 'crm_build_info',
    help: 'Always 1; which version runs.',
    labelNames: ['version', 'node'],
  }).set({ version, node: process.version }, 1);
  return registry;
}

/** Measures every request by method, route template and status. */
export function measureRequests(server: FastifyInstance, registry: Registry): void {
  const duration = new Histogram({
    registers: [registry],
    name: 'http_request_duration_seconds',
    help: 'Duration of HTTP requests.',
    labelNames: ['method', 'route', 'status_code'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  });
  server.addHook('onResponse', (request, reply, done) => {
    duration.observe(
      { method: request.method, route: request.routeOptions.url ?? 'none', status_code: reply.statusCode },
      reply.elapsedTime / 1000,
    );
    done();
  });
}

interface Pool {
  totalCount: number;
  idleCount: number;
  waitingCount: number;
  options?: { max: number };
}

/**
 * A scrape waits so long for the database. When the pool has no connection to spare, the other metrics matter all the
 * more.
 */
const scrapePatienceMs = 250;

/**
 * Tells what readiness depends on: 1 for what is well. It asks the database as the probe does. An answer that comes
 * late is told at the next scrape.
 */
export function measureHealth(health: HealthChecks, registry: Registry): void {
  let known: Checks | undefined;
  let asking: Promise<void> | undefined;
  const ask = (): Promise<void> =>
    (asking ??= health
      .checks()
      .then((checks) => {
        known = checks;
      })
      .finally(() => {
        asking = undefined;
      }));
  new Gauge({
    registers: [registry],
    name: 'crm_ready',
    help: '1 for each part of readiness that is well, else 0.',
    labelNames: ['check'],
    async collect() {
      await Promise.race([ask(), sleep(scrapePatienceMs, undefined, { ref: false })]);
      for (const [check, reasons] of Object.entries(known ?? {}) as [string, string[]][])
        this.set({ check }, reasons.length ? 0 : 1);
    },
  });
}

/** How runs of work in the background ended: a job or a schedule by its name. */
export type RunOutcomes = Counter<'name' | 'outcome'>;

/** Counts the runs of one sort of background work, each name from zero, so that its first failure is seen. */
export function countRuns(registry: Registry, metric: string, help: string): RunOutcomes {
  return new Counter({ registers: [registry], name: metric, help, labelNames: ['name', 'outcome'] });
}

/** Tells how busy the connection pool is. */
export function measurePool(dataSource: DataSource, registry: Registry): void {
  new Gauge({
    registers: [registry],
    name: 'crm_database_connections',
    help: 'Connections of the pool by state; waiting are callers without one.',
    labelNames: ['state'],
    collect() {
      const pool = (dataSource.driver as unknown as { master?: Pool }).master;
      if (!pool) return;
      this.set({ state: 'busy' }, pool.totalCount - pool.idleCount);
      this.set({ state: 'idle' }, pool.idleCount);
      this.set({ state: 'waiting' }, pool.waitingCount);
    },
  });
  new Gauge({
    registers: [registry],
    name: 'crm_database_connections_most',
    help: 'Connections that the pool may have.',
    collect() {
      this.set((dataSource.driver as unknown as { master?: Pool }).master?.options?.max ?? 0);
    },
  });
}
