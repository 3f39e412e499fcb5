import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { deserialize } from 'node:v8';
import { startService } from '../../libs/testing/dist/index.js';
import { freePort } from '../local/processes.mjs';

/**
 * A real service as a process of its own, on a fresh database and topics, which answers a few questions about itself.
 * @param {import('./engines.mjs').Engines} engines
 * @param {string} name
 * @param {{ env?: Record<string, string>, namespace?: string }} [options]
 */
export async function startProbed(engines, name, { env = {}, namespace } = {}) {
  process.env.DATABASE_URL = engines.databaseUrl;
  process.env.KAFKA_BROKERS = engines.brokers;
  const port = await freePort();
  const probe = pathToFileURL(join(import.meta.dirname, 'service-probe.mjs')).href;
  const service = await startService(name, {
    ...(namespace ? { namespace } : {}),
    // as in an installation: the request log is written, the partitions are the usual twelve
    env: {
      NODE_ENV: 'production',
      LOG_LEVEL: 'info',
      KAFKA_PARTITIONS: '12',
      NODE_OPTIONS: `--import ${probe}`,
      BENCH_PROBE_PORT: String(port),
      ...env,
    },
  });
  /** @param {'record' | 'recorded' | 'usage' | 'database' | 'profile' | 'profiled'} question @returns {Promise<any>} */
  const ask = async (question) =>
    deserialize(Buffer.from(await (await fetch(`http://127.0.0.1:${port}/${question}`)).arrayBuffer()));
  return { service, ask };
}
