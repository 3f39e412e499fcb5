/**
 * A process of a service with nothing in it but messaging: a relay, or one consumer, as the service's own process has
 * it. Arguments: database URL, brokers, namespace, `relay`, `bulk` or `single`. Does what its parent tells it, see
 * messaging-child.ts.
 */
import { Registry } from 'prom-client';
import { GroupConsumer } from '@quen/messaging/internal/consuming/group-consumer.js';
import { ReactionGroup } from '@quen/messaging/internal/consuming/reaction-group.js';
import { kafkaClient } from '@quen/messaging/internal/kafka/kafka-client.js';
import { MessagingMetrics } from '@quen/messaging/internal/metrics.js';
import { Relay } from '@quen/messaging/internal/producing/relay.js';
import { defaultTuning } from '@quen/messaging/internal/settings.js';
import { dataSource, labClient } from '@quen/messaging/internal/testing/lab.js';
import { BulkEffectReactions, EffectReactions } from '@quen/messaging/internal/testing/reactions.js';
import type { Json } from '@quen/testing';
import { Recorder } from './recorder.js';

const [url = '', brokers = '', namespace = '', kind = 'relay'] = process.argv.slice(2);
const recorder = new Recorder();
const db = await dataSource(url);
const kafka = kafkaClient({ ...labClient(), brokers: brokers.split(','), namespace }, `bench-${process.pid}`);
const metrics = new MessagingMetrics(new Registry());
const work = kind === 'relay' ? new Relay(db, kafka, defaultTuning, metrics) : consumer();
const counter = kind === 'relay' ? metrics.outboxSent : metrics.consumed;

function consumer() {
  const [group] = ReactionGroup.of([kind === 'bulk' ? new BulkEffectReactions() : new EffectReactions()]);
  if (!group) throw new Error('no reactions');
  return new GroupConsumer(group, {
    service: 'lab',
    db,
    kafka,
    metrics,
    tuning: defaultTuning,
    wake: () => undefined,
    guards: { fence: true, inbox: true },
    onFatal: (error) => {
      throw error;
    },
  });
}

async function done() {
  return (await counter.get()).values.reduce((sum, { value }) => sum + value, 0);
}

/** From the `from`th record after now to the `to`th. */
async function watch(from: number, to: number) {
  const base = await done();
  process.send?.({ watching: true });
  const reached = async (count: number) => {
    for (;;) {
      const now = (await done()) - base;
      if (now >= count) return { count: now, at: performance.now(), cpu: process.cpuUsage() };
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const begin = await reached(from);
  const end = await reached(to);
  const cpu = (end.cpu.user + end.cpu.system - begin.cpu.user - begin.cpu.system) / 1e6;
  process.send?.({
    watched: {
      count: end.count - begin.count,
      seconds: (end.at - begin.at) / 1000,
      cpuSeconds: cpu,
      peakMb: process.resourceUsage().maxRSS / 1024,
    },
  });
}

const commands: Record<string, (message: Json) => unknown> = {
  start: () => work.start(),
  stop: () => work.stop(),
  record: () => recorder.start(),
  recorded: () => recorder.stop(),
};
process.on('message', async (message: Json) => {
  if (message.watch) return void watch(message.watch.from, message.watch.to);
  process.send?.({ answer: (await commands[message.command]?.(message)) ?? null });
});
// ends with the benchmark, even when that was killed
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.once('SIGTERM', () => void work.stop().then(() => process.exit(0)));
process.send?.({ answer: 'ready' });
