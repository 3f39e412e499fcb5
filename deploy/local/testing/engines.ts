/**
 * Holds one Postgres and one Kafka for a test run. Prints their addresses as one line of JSON, and stops and removes
 * them when its standard input ends: that also happens when the test run is killed.
 */
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { engineFolder, freePort, randomSecret, removePostgres, startKafka, startPostgres } from '@quen/engines';
import { containersAvailable, startContainers } from './containers.js';

async function startLocal() {
  const folder = engineFolder('quen-test-');
  const [postgres, kafka] = await Promise.all([
    startPostgres({
      folder: join(folder, 'postgres'),
      port: await freePort(),
      password: randomSecret(),
      logFile: join(folder, 'postgres.log'),
      disposable: true,
    }),
    startKafka({
      folder: join(folder, 'kafka'),
      cache: process.env.QUEN_CACHE ?? resolve('.local/cache'),
      port: await freePort(),
      logFile: join(folder, 'kafka.log'),
      say: console.error,
      // a test that waits for compaction waits for the cleaner's next look, too
      properties: { 'log.cleaner.backoff.ms': 500 },
    }),
  ]);
  const stop = async () => {
    await Promise.all([postgres.stop(), kafka.kill()]);
    removePostgres(join(folder, 'postgres'));
    rmSync(folder, { recursive: true, force: true });
  };
  return { engine: 'deploy/local', databaseUrl: postgres.url, brokers: kafka.brokers, stop };
}

const engines = containersAvailable() ? await startContainers() : await startLocal();
console.log(JSON.stringify({ engine: engines.engine, databaseUrl: engines.databaseUrl, brokers: engines.brokers }));
process.stdin.resume().once('end', () => void engines.stop().then(() => process.exit(0)));
