import { join } from 'node:path';
import { launch, run, untilReady, type Logins, type Running } from '@quen/engines';
import { root, type ServiceName, type Settings } from './settings.js';

/** What all services of a run share. */
export interface Ground {
  /** to the database, by service */
  logins: Record<string, Logins>;
  brokers: string;
  issuer: string;
  /** of the local administrator's client */
  clientSecret: string;
}

/** The client with which a script gets an administrator's token; exists in local mode only. */
export const localClientId = 'quen-local';

/** How Node runs a service, as in the image. */
export const nodeFlags = ['--enable-source-maps', '--max-old-space-size=320'];

export function serviceUrl(settings: Settings, name: ServiceName) {
  return `http://localhost:${settings.ports[name]}`;
}

/** The environment of one service. */
export function serviceEnvironment(settings: Settings, ground: Ground, name: ServiceName): NodeJS.ProcessEnv {
  const own = name === 'identity' ? { LOCAL_CLIENT_ID: localClientId, LOCAL_CLIENT_SECRET: ground.clientSecret } : {};
  return {
    // one machine gains nothing from twelve partitions of each topic, and starts faster with three
    HOST: '127.0.0.1',
    KAFKA_PARTITIONS: '3',
    NODE_COMPILE_CACHE: join(settings.cache, 'compiled'),
    SMTP_URL: `smtp://127.0.0.1:${settings.ports.smtp}`,
    ...process.env,
    NODE_CHANNEL_FD: undefined,
    QUEN_MODE: 'local',
    DATABASE_URL: ground.logins[name]?.url,
    KAFKA_BROKERS: ground.brokers,
    OIDC_ISSUER: ground.issuer,
    PORT: String(settings.ports[name]),
    METRICS_PORT: String(settings.metricsPorts[name]),
    PUBLIC_URL: serviceUrl(settings, name),
    ...own,
  };
}

function mainFile(name: ServiceName) {
  return join(root, 'services', name, 'dist/main.js');
}

/** Brings a service's tables and topics up to date. */
export async function migrateService(settings: Settings, ground: Ground, name: ServiceName) {
  await run(process.execPath, [...nodeFlags, mainFile(name), 'migrate'], {
    env: { ...serviceEnvironment(settings, ground, name), MIGRATION_DATABASE_URL: ground.logins[name]?.migrationUrl },
  });
}

/** Starts a service as a process of its own and waits until it is ready. */
export async function startService(
  settings: Settings,
  ground: Ground,
  name: ServiceName,
  launched: (running: Running) => void,
) {
  const running = await launch(name, process.execPath, [...nodeFlags, mainFile(name)], {
    logFile: join(settings.data, 'logs', `${name}.log`),
    env: serviceEnvironment(settings, ground, name),
  });
  launched(running);
  await untilReady(running, async () => {
    try {
      return (
        await fetch(`http://127.0.0.1:${settings.ports[name]}/healthz/ready`, { signal: AbortSignal.timeout(2_000) })
      ).ok;
    } catch {
      return false;
    }
  });
}
