import type { DataSource } from 'typeorm';
import { eventually } from '@quen/testing';
import type { GroupListener, GroupReader, KafkaClient } from '../kafka/port.js';
import { MessagingMetrics } from '../metrics.js';
import { defaultTuning } from '../settings.js';
import { counterStateTopic } from '../testing/declarations.js';
import { ReplicaReactions } from '../testing/reactions.js';
import { GroupConsumer } from './group-consumer.js';
import { ReactionGroup } from './reaction-group.js';

/** A client that has joined and to which nothing is ever delivered, as kafkajs at a hole that compaction left. */
function silentKafka(high: bigint): { kafka: KafkaClient; seeks: bigint[] } {
  const seeks: bigint[] = [];
  let fetches = 0;
  const reader: GroupReader = {
    start: async (listener: GroupListener) => listener.joined(new Map([[counterStateTopic.name, [0]]])),
    seek: (_topic, _partition, offset) => void seeks.push(offset),
    fetches: () => (fetches += 20),
    pause: () => undefined,
    resume: () => undefined,
    stop: async () => undefined,
  };
  const kafka: KafkaClient = {
    reader: () => reader,
    offsets: async () => [{ partition: 0, low: 0n, high }],
    clusterId: async () => 'cluster',
    sender: async () => {
      throw new Error('nothing is sent here');
    },
    createTopics: async () => [],
    close: async () => undefined,
  };
  return { kafka, seeks };
}

describe('The watchdog of compacted topics', () => {
  it('steps over offsets at which nothing arrives, and ends at the end', async () => {
    const { kafka, seeks } = silentKafka(3n);
    const advanced: string[] = [];
    const db = {
      query: async (sql: string) => {
        const moved = /^update inbox_position set next_offset = (\d+)/.exec(sql)?.[1];
        if (moved) advanced.push(moved);
        return sql.startsWith('select topic')
          ? [{ topic: counterStateTopic.name, part: 0, next_offset: '0', epoch: '0' }]
          : [];
      },
    } as unknown as DataSource;
    const consumer = new GroupConsumer(ReactionGroup.of([new ReplicaReactions()])[0]!, {
      service: 'lab',
      db,
      kafka,
      metrics: new MessagingMetrics(),
      tuning: { ...defaultTuning, stuckMs: -1 },
      wake: () => undefined,
      guards: { fence: true, inbox: true },
      onFatal: (error) => {
        throw error;
      },
    });
    consumer.start();
    await eventually(() => expect(seeks).toEqual([0n]));
    await consumer.measure();
    expect(consumer.problems().live).toEqual([`crm.lab.replica is stuck in ${counterStateTopic.name}/0 at 1`]);
    await consumer.measure();
    expect(advanced).toEqual([]);
    await consumer.measure();
    await consumer.measure();
    expect(seeks).toEqual([0n, 1n, 2n, 3n]);
    expect(advanced).toEqual(['3']);
    expect(consumer.problems().live).toEqual([]);
    await consumer.stop();
  });
});
