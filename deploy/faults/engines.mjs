import { join, resolve } from 'node:path';
import { newClusterId, startKafka } from '../local/kafka.mjs';
import { engineFolder, postgresFolders, startPostgres } from '../local/postgres.mjs';
import { freePort } from '../local/processes.mjs';
import { randomSecret } from '../local/provision.mjs';
import { startReaper } from '../local/reaper.mjs';
import { signalTree } from '../local/signals.mjs';

const cache = process.env.QUEN_CACHE ?? resolve(import.meta.dirname, '../../.local/cache');

/**
 * A process of the stack that a fault may hit: Postgres or a broker. It keeps its data and its port.
 * @typedef {object} Engine
 * @property {string} name
 * @property {number} port where it listens
 * @property {string} folder its data
 * @property {() => number} pid
 * @property {() => Promise<void>} start again, and wait until it answers
 * @property {() => Promise<void>} kill as a crash would, with all processes below it; waits until it is gone
 * @property {() => void} freeze SIGSTOP, to it and all below it
 * @property {() => void} thaw
 */

/**
 * How a stack's engines are made.
 * @typedef {object} EngineOptions
 * @property {number} [brokers] 1 or 3; three are a cluster with replication 3 and min ISR 2
 * @property {{ postgres?: string, kafka?: string }} [folders] of their data, e.g. on a small disk
 * @property {Record<string, string>} [postgresSettings] beyond the usual ones
 * @property {(engine: 'postgres' | 'kafka', port: number) => Promise<number>} [proxy] puts something between the
 * services and an engine; returns the port that the services use
 */

/**
 * One Postgres (with fsync) and one or three brokers, for a fault run alone.
 * @param {EngineOptions} options
 */
export async function startEngines({
  brokers: count = 1,
  folders = {},
  postgresSettings = {},
  proxy = async (_, port) => port,
} = {}) {
  const folder = engineFolder('quen-faults-');
  const data = folders.postgres ?? join(folder, 'postgres');
  const { launched, stop } = startReaper([folder, ...postgresFolders(data)]);
  const password = randomSecret();
  const controllerPorts = await Promise.all(Array.from({ length: count }, freePort));
  const clusterId = newClusterId();
  let url = '';
  const postgres = await engine('postgres', data, async (port) => {
    const started = await startPostgres({
      folder: data,
      port,
      password,
      logFile: join(folder, 'postgres.log'),
      launched,
      settings: postgresSettings,
    });
    url = started.url;
    return started.running;
  });
  const brokers = await Promise.all(
    controllerPorts.map((_, n) =>
      engine(
        count === 1 ? 'kafka' : `kafka-${n + 1}`,
        join(folders.kafka ?? folder, `kafka-${n + 1}`),
        async (port, data, advertisedPort) => {
          const started = await startKafka({
            folder: data,
            cache,
            port,
            advertisedPort,
            logFile: join(folder, `kafka-${n + 1}.log`),
            launched,
            ...(count > 1 ? { node: { id: n + 1, clusterId, controllerPorts } } : {}),
          });
          return started.running;
        },
        (port) => proxy('kafka', port),
      ),
    ),
  );
  const servicesPort = await proxy('postgres', postgres.port);
  return {
    folder,
    postgres,
    brokers,
    /** A superuser's, without a proxy. */
    databaseUrl: url,
    /** As the services reach it. @param {string} databaseUrl */
    forServices: (databaseUrl) => Object.assign(new URL(databaseUrl), { port: String(servicesPort) }).href,
    bootstrap: brokers.map((broker) => `127.0.0.1:${broker.advertisedPort}`).join(','),
    stop,
  };
}

/**
 * @param {string} name
 * @param {string} folder
 * @param {(port: number, folder: string, advertisedPort: number) => Promise<import('../local/processes.mjs').Running>}
 * launch
 * @param {(port: number) => Promise<number>} [advertise]
 * @returns {Promise<Engine & { advertisedPort: number }>}
 */
async function engine(name, folder, launch, advertise = async (port) => port) {
  const port = await freePort();
  const advertisedPort = await advertise(port);
  let running = await launch(port, folder, advertisedPort);
  return {
    name,
    port,
    folder,
    advertisedPort,
    pid: () => running.pid,
    start: async () => {
      running = await launch(port, folder, advertisedPort);
    },
    kill: async () => {
      signalTree(running.pid, 'SIGKILL');
      await running.exited;
    },
    freeze: () => signalTree(running.pid, 'SIGSTOP'),
    thaw: () => signalTree(running.pid, 'SIGCONT'),
  };
}
