import { join } from 'node:path';
import {
  engineFolder,
  freePort,
  newClusterId,
  postgresFolders,
  randomSecret,
  startKafka,
  startPostgres,
  type Running,
} from '@quen/engines';
import { startReaper } from '../local/reaper.js';
import { root } from '../local/settings.js';
import { signalTree } from '../local/signals.js';

const cache = process.env.QUEN_CACHE ?? join(root, '.local/cache');

/** A process of the stack that a fault may hit: Postgres or a broker. It keeps its data and its port. */
interface Engine {
  name: string;
  /** where it listens */
  port: number;
  /** its data */
  folder: string;
  pid: () => number;
  /** again, and wait until it answers */
  start: () => Promise<void>;
  /** as a crash would, with all processes below it; waits until it is gone */
  kill: () => Promise<void>;
  /** SIGSTOP, to it and all below it */
  freeze: () => void;
  thaw: () => void;
}

/** How a stack's engines are made. */
export interface EngineOptions {
  /** 1 or 3; three are a cluster with replication 3 and min ISR 2 */
  brokers?: number;
  /** of their data, e.g. on a small disk */
  folders?: { postgres?: string; kafka?: string };
  /** beyond the usual ones */
  postgresSettings?: Record<string, string>;
  /** puts something between the services and an engine; returns the port that the services use */
  proxy?: (engine: 'postgres' | 'kafka', port: number) => Promise<number>;
}

/** One Postgres (with fsync) and one or three brokers, for a fault run alone. */
export async function startEngines({
  brokers: count = 1,
  folders = {},
  postgresSettings = {},
  proxy = async (_, port) => port,
}: EngineOptions = {}) {
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
    /** As the services reach it. */
    forServices: (databaseUrl: string) => Object.assign(new URL(databaseUrl), { port: String(servicesPort) }).href,
    bootstrap: brokers.map((broker) => `127.0.0.1:${broker.advertisedPort}`).join(','),
    stop,
  };
}

async function engine(
  name: string,
  folder: string,
  launch: (port: number, folder: string, advertisedPort: number) => Promise<Running>,
  advertise: (port: number) => Promise<number> = async (port) => port,
): Promise<Engine & { advertisedPort: number }> {
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
