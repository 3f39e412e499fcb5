import type { DataSource } from 'typeorm';
import { eventually } from '@quen/testing';
import type { GroupListener, KafkaClient } from '../kafka/port.js';
import { MessagingMetrics } from '../metrics.js';
import { defaultTuning } from '../settings.js';
import { counterStateTopic } from '../testing/declarations.js';
import { ReplicaReactions } from '../testing/reactions.js';
import { GroupConsumer } from './group-consumer.js';
import { ReactionGroup } from './reaction-group.js';

const topic = counterStateTopic.name;

describe('what a consumer tells of its lag', () => {
  it('goes with a partition that moves to another process, and with the end', async () => {
    const metrics = new MessagingMetrics();
    let join: GroupListener['joined'] = () => undefined;
    const kafka: KafkaClient = {
      reader: () => ({
        start: async (listener) => {
          join = (assignment) => listener.joined(assignment);
        },
        seek: () => undefined,
        fetches: () => 0,
        pause: () => undefined,
        resume: () => undefined,
        stop: async () => undefined,
      }),
      offsets: async () => [0, 1].map((partition) => ({ partition, low: 0n, high: 5n })),
      clusterId: async () => 'cluster',
      sender: async () => {
        throw new Error('nothing is sent here');
      },
      createTopics: async () => [],
      close: async () => undefined,
    };
    const db = {
      query: async (sql: string) =>
        sql.startsWith('select topic') ? [0, 1].map((part) => ({ topic, part, next_offset: '2', epoch: '0' })) : [],
    } as unknown as DataSource;
    const consumer = new GroupConsumer(ReactionGroup.of([new ReplicaReactions()])[0]!, {
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
    const told = async (name: string): Promise<string[]> =>
      (await metrics.registry.metrics()).split('\n').filter((line) => line.startsWith(`${name}{`));
    const lag = (partition: number): string =>
      `kafka_consumergroup_lag{consumergroup="crm.lab.replica",topic="${topic}",partition="${partition}"} 3`;
    const partitions = (count: number): string => `crm_consumer_partitions{consumergroup="crm.lab.replica"} ${count}`;

    try {
      consumer.start();
      join(new Map([[topic, [0, 1]]]));
      await eventually(async () => expect(await told('crm_consumer_partitions')).toEqual([partitions(2)]));
      expect(await told('kafka_consumergroup_lag')).toEqual([]);
      await consumer.measure();
      expect(await told('kafka_consumergroup_lag')).toEqual([lag(0), lag(1)]);
      expect(await told('kafka_consumergroup_lag_seconds')).toHaveLength(2);

      join(new Map([[topic, [1]]]));
      await eventually(async () => expect(await told('crm_consumer_partitions')).toEqual([partitions(1)]));
      await consumer.measure();
      expect(await told('kafka_consumergroup_lag')).toEqual([lag(1)]);
      expect(await told('kafka_consumergroup_lag_seconds')).toHaveLength(1);
    } finally {
      await consumer.stop();
    }
    expect(await told('kafka_consumergroup_lag')).toEqual([]);
    expect(await told('crm_consumer_partitions')).toEqual([partitions(0)]);
  });
});
