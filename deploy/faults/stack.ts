import { randomUUID } from 'node:crypto';
import { BranchState, build } from '@quen/events';
import { eventually, newNamespace, startService, type ServiceProcess, type TestService } from '@quen/testing';
import { startEngines, type EngineOptions } from './engines.js';

export type ServiceName = 'customers' | 'marketing' | 'sales' | 'support' | 'analytics';
type Services = Partial<Record<ServiceName, TestService>> & {
  customers: TestService;
  sales: TestService;
  analytics: TestService;
};

/**
 * What a case needs to run on. Two cases with equal needs share a stack. guardsOff: guards of messaging that are off in
 * every service; env: further settings of every service; partitions: of each topic
 */
export type Needs = EngineOptions & {
  services?: readonly ServiceName[];
  guardsOff?: readonly string[];
  env?: Record<string, string>;
  partitions?: number;
};

/** Those that a customer's order touches at the least; customers, sales and analytics are always there. */
export const fewServices = ['customers', 'sales', 'analytics'] as const;
export const allServices = ['customers', 'marketing', 'sales', 'support', 'analytics'] as const;

type Engines = Awaited<ReturnType<typeof startEngines>>;

/**
 * The real services as processes, on engines of their own, every part of which can be killed, frozen and started again.
 */
export class FaultStack {
  readonly postgres: Engines['postgres'];
  readonly brokers: Engines['brokers'];
  readonly folder: string;
  readonly stopEngines: Engines['stop'];

  /** processes besides the first of each service */
  #extra: ServiceProcess[] = [];

  constructor(
    engines: Engines,
    readonly services: Services,
    readonly ground: { branchId: string; productId: string },
  ) {
    this.postgres = engines.postgres;
    this.brokers = engines.brokers;
    this.folder = engines.folder;
    this.stopEngines = engines.stop;
  }

  /** The names of the services that run. */
  get names() {
    return Object.keys(this.services) as ServiceName[];
  }

  get all(): TestService[] {
    return Object.values(this.services);
  }

  static async start({
    services: names = allServices,
    guardsOff = [],
    env = {},
    partitions = 4,
    ...engineOptions
  }: Needs = {}) {
    const engines = await startEngines(engineOptions);
    const started: TestService[] = [];
    try {
      const namespace = newNamespace();
      const cluster = engines.brokers.length > 1 ? { replication: 3, minInSyncReplicas: 2 } : {};
      for (const name of names) {
        started.push(
          await startService(name, {
            namespace,
            engines: {
              databaseUrl: engines.databaseUrl,
              brokers: engines.bootstrap,
              topics: { partitions, ...cluster },
              forServices: engines.forServices,
            },
            env: {
              HTTP_GRACE_MS: '1000',
              ...(guardsOff.length ? { QUEN_TEST_GUARDS_OFF: guardsOff.join(',') } : {}),
              ...env,
            },
          }),
        );
      }
      const services = Object.fromEntries(started.map((service) => [service.name, service])) as Services;
      return new FaultStack(engines, services, await prepare(services));
    } catch (error) {
      await Promise.all(started.map((service) => service.kill()));
      await Promise.all(started.map((service) => service.leave()));
      await engines.stop();
      throw error;
    }
  }

  /** One more process of a service, on a port of its own; ends with the stack at the latest. */
  async another(name: ServiceName, env?: Record<string, string>) {
    const process_ = await (this.services[name] as TestService).another(env);
    this.#extra.push(process_);
    return process_;
  }

  /** Whatever a fault left down or frozen runs again, and only the first process of each service. */
  async mend() {
    for (const engine of [this.postgres, ...this.brokers]) engine.thaw();
    await Promise.all(this.#extra.splice(0).map((process_) => process_.end('SIGKILL')));
    for (const { process: process_ } of this.all) {
      process_.signal('SIGCONT');
      if (!process_.pid) process_.start();
    }
    await Promise.all(this.all.map(({ process: process_ }) => process_.untilReady(90_000)));
  }

  /** Ends everything and removes its data. */
  async stop() {
    await Promise.all(
      [...this.#extra, ...this.all.map((service) => service.process)].map((process_) => process_.end('SIGKILL')),
    );
    await Promise.all(this.all.map((service) => service.leave()));
    await this.stopEngines();
  }
}

/** What every write refers to: a branch that all know, and a product. */
async function prepare(services: Services) {
  const branchId = randomUUID();
  await services.sales.receive(
    build(BranchState, { branchId, version: 1, code: 'HN', name: 'Hà Nội', path: branchId, active: true }),
  );
  await Promise.all(
    Object.values(services).map((service) =>
      eventually(
        async () => {
          if (!(await service.sql('select 1 from branch where id = $1', [branchId])).length)
            throw new Error(`${service.name} has not heard of the branch`);
        },
        { timeoutMs: 60_000 },
      ),
    ),
  );
  const { body: product, status } = await services.sales.as({ roles: ['administrator'] }).post('/v1/products', {
    code: 'RO-1',
    name: 'Máy lọc nước',
    unit: 'chiếc',
    listPrice: { amount: '5000000', currency: 'VND' },
    cost: { amount: '3000000', currency: 'VND' },
  });
  if (status !== 201) throw new Error(`The product was not created: ${status} ${JSON.stringify(product)}`);
  return { branchId, productId: product.id as string };
}
