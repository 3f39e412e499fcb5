import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { kafkaClient } from '@quen/messaging/internal/kafka/kafka-client.js';
import { kafkaClients } from '@quen/messaging/internal/settings.js';
import type { Json } from '@quen/testing';
import type { Engines } from './engines.js';
import { alternate, stat } from './measure.js';
import type { Options } from './options.js';
import { fine, spread, whole, type Part } from './report.js';

const partitions = 12;
const pace = 300;

/**
 * The Kafka clients behind the port, side by side: what sending, reading and the way between cost with each, without
 * Postgres.
 */
export async function clients(
  { brokers }: Pick<Engines, 'brokers'>,
  { quick, rounds, say }: Pick<Options, 'quick' | 'rounds' | 'say'>,
): Promise<Part> {
  const count = quick ? 20_000 : 100_000;
  const namespace = `clients${process.pid}.`;
  const kafka = kafkaClient({ brokers: brokers.split(','), namespace }, 'bench');
  let topics = 0;
  const topic = async () => {
    const name = `crm.bench.${(topics += 1)}.v1`;
    await kafka.createTopics([
      { name, partitions, replication: 1, config: { 'message.timestamp.type': 'LogAppendTime' } },
    ]);
    return name;
  };
  const children = new Map(
    kafkaClients.map((client) => [
      client,
      fork(join(import.meta.dirname, 'client-process.js'), [client, brokers, namespace], {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        execArgv: ['--no-warnings'],
      }),
    ]),
  );
  try {
    const ask = async (child: ChildProcess, message: object) => {
      child.send(message);
      const heard = new AbortController();
      const ended = once(child, 'exit', heard).then(([code]) => {
        throw new Error(`The process of a client ended with ${code}`);
      });
      const [answer] = await Promise.race([once(child, 'message', heard), ended]).finally(() => heard.abort());
      return answer;
    };
    const sideBySide = (command: string, records: number, topicOf: () => Promise<string>) => {
      say(`clients: ${command}`);
      return alternate(
        rounds,
        Object.fromEntries(
          [...children].map(([client, child]) => [
            client,
            async () => ask(child, { command, topic: await topicOf(), count: records, pace }),
          ]),
        ),
      );
    };
    let filled = '';
    const sent = await sideBySide('send', count, async () => (filled = await topic()));
    const read = await sideBySide('read', count, async () => filled);
    const late = await sideBySide('latency', quick ? 3_000 : 6_000, topic);
    const row = (samples: Record<string, Json[]>, of: (sample: Json) => number, format: (value: number) => string) =>
      kafkaClients.map((client) => spread(stat((samples[client] ?? []).map(of)), format));
    const ms = (value: number) => value.toFixed(1);
    const rate = (sample: Json) => sample.count / sample.seconds;
    const cpu = (sample: Json) => (sample.cpuSeconds / sample.count) * 1e6;
    return {
      name: 'Kafka clients',
      conditions: [
        `records of about 600 bytes with key and eight headers, ${partitions} partitions, acks=all, idempotent; each client in a process of its own, one after the other`,
        `sending: ${whole(count)} records in batches of 500, one in flight; reading: the same ${whole(count)} from zero, 4 partitions at a time, the handler does nothing; of both the first tenth is not counted`,
        `latency: from the moment a record is due, at ${pace} a second, until a handler has it; sender and reader in the same process`,
      ],
      tables: [
        {
          columns: ['', ...kafkaClients],
          rows: [
            ['sent, records/s', ...row(sent, rate, whole)],
            ['sent, processor µs per record', ...row(sent, cpu, fine)],
            ['read, records/s', ...row(read, rate, whole)],
            ['read, processor µs per record', ...row(read, cpu, fine)],
            ['latency p50, ms', ...row(late, ({ p50 }) => p50, ms)],
            ['latency p95, ms', ...row(late, ({ p95 }) => p95, ms)],
            ['latency p99, ms', ...row(late, ({ p99 }) => p99, ms)],
            [`sent and read at ${pace}/s, processor µs per record`, ...row(late, cpu, fine)],
            ['most memory by then, MiB', ...row(late, ({ peakMb }) => peakMb, whole)],
          ],
        },
      ],
      aims: [],
      data: { sent, read, late },
    };
  } finally {
    for (const child of children.values()) child.disconnect();
    await kafka.close();
  }
}
