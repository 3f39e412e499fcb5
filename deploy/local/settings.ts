import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { randomSecret } from '@quen/engines';

export const root = resolve(import.meta.dirname, '../../..');

/** Everything that listens, with its usual port. Each is moved by `NAME_PORT` or `--name-port`. */
const usualPorts = {
  identity: 4000,
  customers: 4001,
  marketing: 4002,
  sales: 4003,
  support: 4004,
  analytics: 4005,
  kafka: 9092,
  postgres: 5432,
  smtp: 1025,
  mail: 8025,
};

export type Listener = keyof typeof usualPorts;

/** The services in the order in which they are started and shown. */
export const services = ['identity', 'customers', 'marketing', 'sales', 'support', 'analytics'] as const;

export type ServiceName = (typeof services)[number];

/** What the person wants, from flags and environment; a flag wins. */
export interface Settings {
  ports: Record<Listener, number>;
  /** where the services' metrics are read */
  metricsPorts: Record<ServiceName, number>;
  /** folder of this installation's data */
  data: string;
  /** folder of what is fetched once */
  cache: string;
  fresh: boolean;
  /** whether the sample story is played */
  story: boolean;
  customers: string | undefined;
  orders: string | undefined;
  databaseUrl: string | undefined;
  brokers: string | undefined;
  issuer: string | undefined;
  positionals: string[];
}

export function readSettings(args: string[] = process.argv.slice(2), env: NodeJS.ProcessEnv = process.env): Settings {
  const names = Object.keys(usualPorts) as Listener[];
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      fresh: { type: 'boolean' },
      'no-story': { type: 'boolean' },
      data: { type: 'string' },
      customers: { type: 'string' },
      orders: { type: 'string' },
      ...Object.fromEntries(names.map((name) => [`${name}-port`, { type: 'string' as const }])),
    },
  });
  const given = values as Record<string, string | undefined>;
  const files = [given.customers, given.orders];
  if (Boolean(files[0]) !== Boolean(files[1]))
    throw new Error('--customers and --orders belong together: the orders name the customers by their code.');
  for (const file of files) if (file && !existsSync(file)) throw new Error(`There is no file ${file}.`);
  const ports = Object.fromEntries(
    names.map((name) => [
      name,
      port(portVariable(name), given[`${name}-port`] ?? env[portVariable(name)], usualPorts[name], `--${name}-port`),
    ]),
  ) as Record<Listener, number>;
  return {
    ports,
    metricsPorts: Object.fromEntries(
      services.map((name) => [
        name,
        port(metricsVariable(name), env[metricsVariable(name)], aHundredFrom(ports[name])),
      ]),
    ) as Record<ServiceName, number>,
    data: resolve(given.data ?? env.QUEN_DATA ?? join(root, '.local')),
    cache: resolve(env.QUEN_CACHE ?? join(root, '.local', 'cache')),
    fresh: values.fresh === true,
    story: values['no-story'] !== true,
    customers: files[0] && resolve(files[0]),
    orders: files[1] && resolve(files[1]),
    databaseUrl: env.DATABASE_URL || undefined,
    brokers: env.KAFKA_BROKERS || undefined,
    issuer: env.OIDC_ISSUER || undefined,
    positionals,
  };
}

/** The variable that moves a port. */
export function portVariable(name: Listener) {
  return `${name.toUpperCase()}_PORT`;
}

/** The variable that moves the port of a service's metrics, which is a hundred above the service's. */
export function metricsVariable(name: ServiceName) {
  return `${name.toUpperCase()}_METRICS_PORT`;
}

function aHundredFrom(other: number) {
  return other + 100 > 65_535 ? other - 100 : other + 100;
}

function port(variable: string, value: string | undefined, usual: number, flag?: string) {
  if (value === undefined || value === '') return usual;
  if (!/^\d+$/.test(value) || Number(value) < 1 || Number(value) > 65_535)
    throw new Error(`${variable}${flag ? ` (${flag})` : ''} must be a port number, not "${value}".`);
  return Number(value);
}

/** What this installation made up for itself and keeps. */
type Secrets = {
  installation: string;
  postgres: string;
  clientSecret: string;
  roles: Record<string, string>;
  owners: Record<string, string>;
};

/** The kept secrets of a data folder; made at the first start. */
export function keptSecrets(data: string): Secrets {
  const file = join(data, 'secrets.json');
  const kept = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const each = () => Object.fromEntries(services.map((name) => [name, randomSecret()]));
  const secrets = {
    installation: randomUUID(),
    postgres: randomSecret(),
    clientSecret: randomSecret(),
    roles: each(),
    owners: each(),
    ...kept,
  };
  if (Object.keys(kept).length === Object.keys(secrets).length) return secrets;
  mkdirSync(data, { recursive: true });
  writeFileSync(file, JSON.stringify(secrets, undefined, 2), { mode: 0o600 });
  return secrets;
}
