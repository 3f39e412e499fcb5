import { join } from 'node:path';
import { launch, run, untilReady } from './processes.mjs';
import { root } from './settings.mjs';

/** @typedef {import('./settings.mjs').Settings} Settings */
/** @typedef {import('./settings.mjs').ServiceName} ServiceName */

/**
 * What all services of a run share.
 * @typedef {object} Ground
 * @property {Record<string, import('./provision.mjs').Logins>} logins to the database, by service
 * @property {string} brokers
 * @property {string} issuer
 * @property {string} clientSecret of the local administrator's client
 */

/** The client with which a script gets an administrator's token; exists in local mode only. */
export const localClientId = 'quen-local';

/** How Node runs a service, as in the image. */
export const nodeFlags = ['--enable-source-maps', '--max-old-space-size=320'];

/** @param {Settings} settings @param {ServiceName} name */
export function serviceUrl(settings, name) {
  return `http://localhost:${settings.ports[name]}`;
}

/**
 * The environment of one service.
 * @param {Settings} settings
 * @param {Ground} ground
 * @param {ServiceName} name
 * @returns {NodeJS.ProcessEnv}
 */
export function serviceEnvironment(settings, ground, name) {
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

/** @param {ServiceName} name */
function mainFile(name) {
  return join(root, 'services', name, 'dist/main.js');
}

/**
 * Brings a service's tables and topics up to date.
 * @param {Settings} settings
 * @param {Ground} ground
 * @param {ServiceName} name
 */
export async function migrateService(settings, ground, name) {
  await run(process.execPath, [...nodeFlags, mainFile(name), 'migrate'], {
    env: { ...serviceEnvironment(settings, ground, name), MIGRATION_DATABASE_URL: ground.logins[name]?.migrationUrl },
  });
}

/**
 * Starts a service as a process of its own and waits until it is ready.
 * @param {Settings} settings
 * @param {Ground} ground
 * @param {ServiceName} name
 * @param {(running: import('./processes.mjs').Running) => void} launched
 */
export async function startService(settings, ground, name, launched) {
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
