import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { DataSource } from 'typeorm';

/** A service's metrics; services in one process do not share them. */
export function makeRegistry(service: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** Measures every request by method, route template and status. */
export function measureRequests(server: FastifyInstance, registry: Registry): void {
  const duration = new Histogram({
    registers: [registry], name: 'http_request_duration_seconds', help: 'Duration of HTTP requests.', labelNames: ['method', 'route', 'status_code'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  });
  server.addHook('onResponse', (request, reply, done) => {
    duration.observe({ method: request.method, route: request.routeOptions.url ?? 'none', status_code: reply.statusCode }, reply.elapsedTime / 1000);
    done();
  });
}

interface Pool {
  totalCount: number;
  idleCount: number;
  waitingCount: number;
}

/** Tells how busy the connection pool is. */
export function measurePool(dataSource: DataSource, registry: Registry): void {
  new Gauge({
    registers: [registry], name: 'crm_database_connections', help: 'Connections of the pool by state; waiting are callers without one.', labelNames: ['state'],
    collect() {
      const pool = (dataSource.driver as unknown as { master?: Pool }).master;
      if (!pool) return;
      this.set({ state: 'busy' }, pool.totalCount - pool.idleCount);
      this.set({ state: 'idle' }, pool.idleCount);
      this.set({ state: 'waiting' }, pool.waitingCount);
    },
  });
}
