import { join } from 'node:path';
import pg from 'pg';
import { engineFolder, freePort, postgresFolders, randomSecret, startKafka, startPostgres } from '@quen/engines';
import { startReaper } from '../local/reaper.js';
import { readSettings } from '../local/settings.js';

/** Postgres and Kafka of a benchmark run. */
export interface Engines {
  /** of the superuser */
  databaseUrl: string;
  brokers: string;
  pids: { postgres: number; kafka: number };
  /** for files of the run; deleted with the engines */
  folder: string;
  jars: string;
  stop: () => Promise<void>;
}

/**
 * Starts both for this run alone, on free ports and in a folder of their own. Postgres keeps its ordinary promises:
 * every commit waits for the disk.
 */
export async function startEngines(say: (line: string) => void): Promise<Engines> {
  const { cache } = readSettings([]);
  const folder = engineFolder('quen-bench-');
  const data = join(folder, 'postgres');
  const ports = [await freePort(), await freePort()];
  const { launched, stop } = startReaper([folder, ...postgresFolders(data)]);
  const [postgres, kafka] = await Promise.all([
    // the time of each commit is what latencies are taken from
    startPostgres({
      folder: data,
      port: ports[0] ?? 0,
      password: randomSecret(),
      logFile: join(folder, 'postgres.log'),
      settings: { track_commit_timestamp: 'on' },
      launched,
    }),
    startKafka({
      folder: join(folder, 'kafka'),
      cache,
      port: ports[1] ?? 0,
      logFile: join(folder, 'kafka.log'),
      say,
      launched,
    }),
  ]).catch(async (error) => {
    await stop();
    throw error;
  });
  return {
    databaseUrl: postgres.url,
    brokers: kafka.brokers,
    folder,
    jars: join(cache, 'kafka-4.1.0'),
    stop,
    pids: { postgres: postgres.running.pid, kafka: kafka.running.pid },
  };
}

/** What Postgres is set to, as far as it decides what a commit costs. */
export async function postgresSettings(databaseUrl: string): Promise<Record<string, string>> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query(`select name, current_setting(name) as setting from pg_settings
      where name = any('{server_version,fsync,synchronous_commit,full_page_writes,wal_level,shared_buffers,max_connections}')`);
    return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
  } finally {
    await client.end();
  }
}
