import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

interface LocalKafka {
  startKafka(
    options: { folder: string; cache: string; port: number; logFile: string } & BrokerOptions,
  ): Promise<{ kill: () => Promise<void> }>;
}

/** What a broker of a test's own has besides what every local one has; see deploy/local/kafka.mjs. */
export interface BrokerOptions {
  readonly listener?: string;
  readonly properties?: Readonly<Record<string, string | number>>;
}

/** A broker that a test may kill without disturbing others; its data stay. */
export interface OwnBroker {
  readonly address: string;
  start(): Promise<void>;
  kill(): Promise<void>;
  remove(): Promise<void>;
}

export async function ownBroker(options: BrokerOptions = {}): Promise<OwnBroker> {
  const root = resolve(import.meta.dirname, '../../../..');
  const { startKafka } = (await import(pathToFileURL(join(root, 'deploy/local/kafka.mjs')).href)) as LocalKafka;
  const folder = await mkdtemp(join(tmpdir(), 'quen-broker-'));
  const port = await freePort();
  const launch = (): ReturnType<LocalKafka['startKafka']> =>
    startKafka({
      folder,
      cache: process.env['QUEN_CACHE'] ?? join(root, '.local/cache'),
      port,
      logFile: join(folder, 'kafka.log'),
      ...options,
    });
  let running = await launch();
  return {
    address: `127.0.0.1:${port}`,
    start: async () => {
      running = await launch();
    },
    kill: () => running.kill(),
    remove: async () => {
      await running.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A port that nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
