import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort, startKafka, type KafkaOptions } from '@quen/engines';

/** What a broker of a test's own has besides what every local one has. */
export type BrokerOptions = Pick<KafkaOptions, 'listener' | 'properties'>;

/** A broker that a test may kill without disturbing others; its data stay. */
export interface OwnBroker {
  readonly address: string;
  start(): Promise<void>;
  kill(): Promise<void>;
  remove(): Promise<void>;
}

export async function ownBroker(options: BrokerOptions = {}): Promise<OwnBroker> {
  const root = resolve(import.meta.dirname, '../../../..');
  const folder = await mkdtemp(join(tmpdir(), 'quen-broker-'));
  const port = await freePort();
  const launch = (): ReturnType<typeof startKafka> =>
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
