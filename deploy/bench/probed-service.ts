import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { deserialize } from 'node:v8';
import { freePort } from '@quen/engines';
import { startService, type Json } from '@quen/testing';
import type { Engines } from './engines.js';

/**
 * A real service as a process of its own, on a fresh database and topics, which answers a few questions about itself.
 */
export async function startProbed(
  engines: Engines,
  name: string,
  { env = {}, namespace }: { env?: Record<string, string>; namespace?: string } = {},
) {
  process.env.DATABASE_URL = engines.databaseUrl;
  process.env.KAFKA_BROKERS = engines.brokers;
  const port = await freePort();
  const probe = pathToFileURL(join(import.meta.dirname, 'service-probe.js')).href;
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
  const ask = async (question: 'record' | 'recorded' | 'usage' | 'database' | 'profile' | 'profiled'): Promise<Json> =>
    deserialize(Buffer.from(await (await fetch(`http://127.0.0.1:${port}/${question}`)).arrayBuffer()));
  return { service, ask };
}
