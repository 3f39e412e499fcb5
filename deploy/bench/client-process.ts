/**
 * A process with nothing in it but one of the Kafka clients, behind the port. Arguments: client, brokers, namespace.
 * Does what its parent tells it, see clients.ts, and answers with what it took.
 */
import { kafkaClient } from '@quen/messaging/internal/kafka/kafka-client.js';
import type { PartitionBatch } from '@quen/messaging/internal/kafka/port.js';
import { kafkaClients } from '@quen/messaging/internal/settings.js';
import { percentile, until } from './measure.js';

const [name, brokers = '', namespace = ''] = process.argv.slice(2);
const client = kafkaClients.find((known) => known === name);
const kafka = kafkaClient({ client, brokers: brokers.split(','), namespace }, `bench-${process.pid}`);
const value = JSON.stringify({ note: 'x'.repeat(300) });
const headers = Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`ce_header${n}`, 'y'.repeat(20)]));
const keys = Array.from({ length: 1_000 }, (_, n) => `018f3c5e-7b1a-7c3d-9e4f-${String(n).padStart(12, '0')}`);

function record(topic: string, n: number, text: string = value) {
  return { topic, key: keys[n % keys.length] ?? '', value: text, headers };
}

/** What a stretch of work took; the first tenth is not counted, so that code is compiled by then. */
class Stretch {
  begun = performance.now();
  cpu = process.cpuUsage();

  again() {
    this.begun = performance.now();
    this.cpu = process.cpuUsage();
  }

  end(count: number) {
    const { user, system } = process.cpuUsage(this.cpu);
    return {
      count,
      seconds: (performance.now() - this.begun) / 1000,
      cpuSeconds: (user + system) / 1e6,
      peakMb: process.resourceUsage().maxRSS / 1024,
    };
  }
}

async function read(topic: string, each: (batch: PartitionBatch) => void) {
  const reader = kafka.reader({
    group: `bench.${process.pid}.${performance.now()}`,
    topics: [topic],
    partitionsConcurrently: 4,
    sessionTimeoutMs: 10_000,
    heartbeatMs: 2_000,
  });
  let joined = false;
  await reader.start({
    joined: () => {
      joined = true;
    },
    crashed: (error) => {
      throw error;
    },
    batch: async (batch) => {
      each(batch);
      batch.resolve(batch.endOffset);
      await batch.commit(batch.endOffset);
    },
  });
  await until(() => joined, 'joining the group');
  return reader;
}

const commands: Record<string, (topic: string, count: number, pace: number) => Promise<unknown>> = {
  /** Batches of 500, one in flight. */
  send: async (topic, count) => {
    const sender = await kafka.sender('idempotent');
    const stretch = new Stretch();
    for (let sent = 0; sent < count; sent += 500) {
      if (sent === count / 10) stretch.again();
      await sender.send(Array.from({ length: 500 }, (_, n) => record(topic, sent + n)));
    }
    const result = stretch.end(count * 0.9);
    await sender.close();
    return result;
  },
  /** A topic from its first record to its last. */
  read: async (topic, count) => {
    let seen = 0;
    let counted = 0;
    let stretch: Stretch | undefined;
    let result: ReturnType<Stretch['end']> | undefined;
    const reader = await read(topic, ({ records }) => {
      seen += records.length;
      if (!stretch && seen >= count / 10) {
        stretch = new Stretch();
        counted = seen;
      }
      if (seen >= count) result ??= stretch?.end(seen - counted);
    });
    await until(() => result !== undefined, `reading ${count} records`);
    await reader.stop();
    return result;
  },
  /**
   * From the call that sends a record until a handler has it, at this many a second; what comes together is sent
   * together, as a relay does.
   */
  latency: async (topic, count, pace) => {
    const latencies: number[] = [];
    const reader = await read(topic, ({ records }) => {
      const now = performance.now();
      for (const { value: text } of records) latencies.push(now - Number(text));
    });
    const sender = await kafka.sender('idempotent');
    await sender.send([record(topic, 0, String(performance.now()))]);
    await until(() => latencies.length === 1, 'the first record');
    const stretch = new Stretch();
    for (let sent = 0; sent < count;) {
      const due = Math.min(Math.floor(((performance.now() - stretch.begun) / 1000) * pace) + 1, count);
      if (due > sent) {
        await sender.send(
          Array.from({ length: due - sent }, (_, n) =>
            record(topic, sent + n, String(stretch.begun + ((sent + n) / pace) * 1000)),
          ),
        );
        sent = due;
      } else await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await until(() => latencies.length >= count, `${count} records`);
    const result = stretch.end(count);
    await Promise.all([sender.close(), reader.stop()]);
    const counted = latencies.slice(Math.ceil(count / 10));
    return { ...result, p50: percentile(counted, 0.5), p95: percentile(counted, 0.95), p99: percentile(counted, 0.99) };
  },
};

process.on(
  'message',
  async ({ command, topic, count, pace }: { command: string; topic: string; count: number; pace: number }) => {
    process.send?.(await commands[command]?.(topic, count, pace));
  },
);
process.once('disconnect', () => process.exit(0));
