import { setTimeout as delay } from 'node:timers/promises';
import {
  Base,
  Connection,
  ConnectionPool,
  type BaseOptions,
  type SASLMechanismValue,
  type SASLOptions,
} from '@platformatic/kafka';
import type { KafkaSasl, KafkaSettings } from '../settings.js';

/** How long a broker may take to answer; it blocks a request for longer only when asked to. */
export const requestTimeoutMs = 6_000;

/** How clients reach the brokers, and how often they try by themselves. */
export function connectionOptions(settings: KafkaSettings, clientId: string): BaseOptions {
  return {
    clientId,
    bootstrapBrokers: settings.brokers,
    autocreateTopics: false,
    connectTimeout: 3_000,
    requestTimeout: requestTimeoutMs,
    timeout: requestTimeoutMs,
    retries: 2,
    retryDelay: 100,
    metadataMaxAge: 60_000,
    ...(settings.ssl ? { tls: settings.ssl === true ? {} : settings.ssl } : {}),
    ...(settings.sasl ? { sasl: saslOf(settings.sasl) } : {}),
  };
}

function saslOf(sasl: KafkaSasl): SASLOptions {
  if (sasl.mechanism === 'oauthbearer') return { mechanism: 'OAUTHBEARER', token: sasl.token };
  return {
    mechanism: sasl.mechanism.toUpperCase() as SASLMechanismValue,
    username: sasl.username,
    password: sasl.password,
  };
}

const ignore = (): void => undefined;

/**
 * Hears the errors of a pool's connections. A caller who waits for an answer gets the error as well. But a connection
 * may emit a second error, e.g. a reset after a refused password, which would end the process if nobody listened.
 */
export function hearErrors(pool: ConnectionPool): ConnectionPool {
  return pool.on('connecting', ({ connection }) => connection.on('error', ignore));
}

/** The same for a client and its own pool. */
export function calm<T extends Base>(client: T): T {
  client.on('error', ignore);
  hearErrors(client.connections);
  return client;
}

/**
 * Closes for good. A connection to a broker that does not read would wait for ever until its last bytes are taken, so
 * it is cut after a second.
 */
export async function closeAll(...closing: readonly (Base | ConnectionPool)[]): Promise<void> {
  const connections: Connection[] = closing.flatMap((each) =>
    [...(each instanceof ConnectionPool ? each : each.connections)].map(([, connection]) => connection),
  );
  const limit = new AbortController();
  await Promise.race([
    Promise.allSettled(closing.map((each) => each.close())),
    delay(1_000, undefined, { signal: limit.signal }).catch(ignore),
  ]);
  limit.abort();
  // Undefined while a connection has not begun to connect, though its type does not say so.
  for (const connection of connections) (connection.socket as Connection['socket'] | undefined)?.destroy();
}
