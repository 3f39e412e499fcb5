import { join } from 'node:path';
import { requireJava, run } from '@quen/engines';
import type { Engines } from './engines.js';

/**
 * Kafka's own measure of a producer: random values without key or headers, as fast as the broker acknowledges them to
 * all replicas. The Java client's defaults (linger.ms 5, batch.size 16384, idempotent, five requests in flight) unless
 * `settings` say otherwise.
 * @returns over the whole run, its cold start included
 */
export async function producerPerformance(
  engines: Engines,
  {
    topic,
    records,
    recordBytes,
    settings = {},
  }: { topic: string; records: number; recordBytes: number; settings?: Record<string, string | number> },
): Promise<{ perSecond: number }> {
  const properties = Object.entries({ 'bootstrap.servers': engines.brokers, acks: 'all', ...settings }).map(
    ([name, value]) => `${name}=${value}`,
  );
  const output = await run(requireJava(), [
    '-Xms256m',
    '-Xmx256m',
    '-XX:+UseSerialGC',
    '-cp',
    join(engines.jars, '*'),
    'org.apache.kafka.tools.ProducerPerformance',
    '--topic',
    topic,
    '--num-records',
    String(records),
    '--record-size',
    String(Math.round(recordBytes)),
    '--throughput',
    '-1',
    '--producer-props',
    ...properties,
  ]);
  const perSecond = Number([...output.matchAll(/records sent, ([\d.]+) records\/sec/g)].at(-1)?.[1]);
  if (!perSecond) throw new Error(`ProducerPerformance said nothing:\n${output}`);
  return { perSecond };
}
