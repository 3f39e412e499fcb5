import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/**
 * Jest's global setup: one Postgres and one Kafka for the whole run, or those that DATABASE_URL (a superuser's) and
 * KAFKA_BROKERS name. Says which.
 */
export default async function setup() {
  const { DATABASE_URL, KAFKA_BROKERS } = process.env;
  if (DATABASE_URL && KAFKA_BROKERS) return say('DATABASE_URL and KAFKA_BROKERS, as given');
  const holder = spawn(process.execPath, [join(import.meta.dirname, 'engines.js')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  for await (const line of createInterface({ input: holder.stdout })) {
    const { engine, databaseUrl, brokers } = JSON.parse(line);
    process.env.DATABASE_URL = databaseUrl;
    process.env.KAFKA_BROKERS = brokers;
    Object.assign(globalThis, { testEngines: holder });
    return say(`${engine}: Postgres at ${new URL(databaseUrl).host}, Kafka at ${brokers}`);
  }
  throw new Error('Postgres and Kafka for the tests did not start; the reason is above.');
}

function say(what: string) {
  process.stderr.write(`Tests run on ${what}\n`);
}
