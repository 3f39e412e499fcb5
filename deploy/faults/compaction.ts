import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { topics, topicSpec } from '@quen/events';
import type { TestBus } from '@quen/testing';
import type { FaultStack } from './stack.js';
import { Wire, wireSource } from './wire.js';

/** Kafka's numbers for what a setting belongs to. */
const topicResource = 2,
  brokerResource = 4;

/** What makes a broker compact within seconds what it otherwise does within a day. */
const hurried = {
  'segment.ms': '400',
  'min.cleanable.dirty.ratio': '0.001',
  'min.compaction.lag.ms': '0',
  'max.compaction.lag.ms': '400',
  'file.delete.delay.ms': '50',
};

/**
 * Has the broker compact state topics until each holds every key once, and waits until it has. Afterwards the settings
 * are what they should be again, so that what is written then stays until somebody has judged it.
 * @param names without the namespace
 * @param gone keys whose tombstones are removed, too; those that a compaction before has kept stay as long as it was
 * told
 */
export async function compact(stack: FaultStack, names: readonly string[], gone: readonly string[] = []) {
  const { bus } = stack.services.customers;
  await Wire.open(bus, async (wire) => {
    const cleanEvery = async (ms: number) => {
      for (const n of stack.brokers.keys())
        await set(wire, brokerResource, String(n + 1), { 'log.cleaner.backoff.ms': String(ms) });
    };
    await cleanEvery(300);
    for (const name of names) {
      await set(wire, topicResource, bus.namespace + name, {
        ...settingsOf(name),
        ...hurried,
        ...(gone.length ? { 'delete.retention.ms': '1' } : {}),
      });
    }
    let left = 0;
    for (const deadline = performance.now() + 90_000; performance.now() < deadline; await sleep(600)) {
      // a segment is closed by the first record after its time, and the open one is never compacted
      for (const name of names) await closeSegments(wire, name);
      left = await superfluous(bus, names, new Set(gone));
      if (!left) break;
    }
    for (const name of names) await set(wire, topicResource, bus.namespace + name, settingsOf(name));
    await cleanEvery(15_000);
    if (left) throw new Error(`after 90 s ${left} records are not compacted yet`);
  });
}

function settingsOf(name: string) {
  const topic = topics().find((each) => each.name === name);
  if (!topic) throw new Error(`${name} is no topic`);
  return topicSpec(topic, {}).config;
}

async function set(wire: Wire, type: number, name: string, settings: Readonly<Record<string, string>>) {
  await wire.admin.alterConfigs({
    validateOnly: false,
    resources: [{ type, name, configEntries: Object.entries(settings).map(([key, value]) => ({ name: key, value })) }],
  });
}

/** One record in each partition that no consumer reacts to: a version of a state that is not known yet. */
async function closeSegments(wire: Wire, name: string) {
  const partitions = await wire.admin.fetchTopicOffsets(wire.namespace + name);
  const type = `${name.replace(/\.state\.v1$/, '')}-state.v2`;
  const messages = partitions.map(({ partition }) => ({
    partition,
    key: `close-${partition}`,
    value: null,
    headers: {
      ce_specversion: '1.0',
      ce_id: randomUUID(),
      ce_type: type,
      ce_source: wireSource,
      ce_sequence: '0',
      ce_time: new Date().toISOString(),
    },
  }));
  await wire.producer.send({ topic: wire.namespace + name, acks: -1, messages });
}

/** How many records lie before a later one of their key, or are tombstones that should be gone. */
async function superfluous(bus: TestBus, names: readonly string[], gone: ReadonlySet<string>) {
  const seen: Map<string, number> = new Map();
  let left = 0;
  await bus.scan(names, ({ topic, key, value, headers }) => {
    if (headers.ce_source === wireSource && key.startsWith('close-')) return;
    const place = `${topic}|${key}`;
    if (seen.has(place) || (value === null && gone.has(key))) left++;
    seen.set(place, 1);
  });
  return left;
}
