import type { DataSource } from 'typeorm';
import { eventually } from '@quen/testing';
import type { GroupListener, GroupReader, KafkaClient } from '../kafka/port.js';
import { MessagingMetrics } from '../metrics.js';
import { defaultTuning } from '../settings.js';
import { counterStateTopic } from '../testing/declarations.js';
import { ReplicaReactions } from '../testing/reactions.js';
import { GroupConsumer } from './group-consumer.js';
import { ReactionGroup } from './reaction-group.js';

/**
 * A consumer whose client has joined and delivers nothing; `world` says how many records there are and how many fetches
 * were completed.
 */
async function silentConsumer(
  world: { high: bigint; fetches: number },
  stuckMs: number,
): Promise<{ consumer: GroupConsumer; seeks: bigint[] }> {
  const seeks: bigint[] = [];
  const reader: GroupReader = {
    start: async (listener: GroupListener) => listener.joined(new Map([[counterStateTopic.name, [0]]])),
    fetches: () => world.fetches,
    seek: (_topic, _partition, offset) => void seeks.push(offset),
    pause: () => undefined,
    resume: () => undefined,
    stop: async () => undefined,
  };
  const kafka: KafkaClient = {
    reader: () => reader,
    offsets: async () => [{ partition: 0, low: 0n, high: world.high }],
    clusterId: async () => 'cluster',
    sender: async () => {
      throw new Error('nothing is sent here');
    },
    createTopics: async () => [],
    close: async () => undefined,
  };
  const db = {
    query: async (sql: string) =>
      sql.startsWith('select topic') ? [{ topic: counterStateTopic.name, part: 0, next_offset: '0', epoch: '0' }] : [],
  } as unknown as DataSource;
  const consumer = new GroupConsumer(ReactionGroup.of([new ReplicaReactions()])[0]!, {
    service: 'lab',
    db,
    kafka,
    metrics: new MessagingMetrics(),
    tuning: { ...defaultTuning, stuckMs },
    wake: () => undefined,
    guards: { fence: true, inbox: true },
    onFatal: (error) => {
      throw error;
    },
  });
  consumer.start();
  await eventually(() => expect(seeks).toEqual([0n]));
  return { consumer, seeks };
}

describe('A partition of a compacted topic whose records do not arrive', () => {
  it('is left alone while the client completes no fetches: it is slow, and a step would lose a record', async () => {
    const { consumer, seeks } = await silentConsumer({ high: 1n, fetches: 7 }, -1);
    await consumer.measure();
    await consumer.measure();
    expect(seeks).toEqual([0n]);
    await consumer.stop();
  });

  it('is left alone when its records have just been written, however long it was idle', async () => {
    const world = { high: 0n, fetches: 0 };
    const { consumer, seeks } = await silentConsumer(world, 600_000);
    await consumer.measure();
    Object.assign(world, { high: 1n, fetches: 1_000 });
    await consumer.measure();
    await consumer.measure();
    expect(seeks).toEqual([0n]);
    expect(consumer.problems().live).toEqual([]);
    await consumer.stop();
  });

  it('is stepped over one by one when many fetches bring nothing of it', async () => {
    const world = { high: 2n, fetches: 0 };
    const { consumer, seeks } = await silentConsumer(world, -1);
    for (let round = 0; round < 5; round++) {
      await consumer.measure();
      world.fetches += 20;
    }
    expect(seeks).toEqual([0n, 1n, 2n]);
    await consumer.stop();
  });
});
