import { deadLetterTopic, type Topic } from '@quen/events';
import type { MessagingSettings, TopicSettings } from '../settings.js';
import { kafkaClient } from './kafka-client.js';
import type { TopicSpec } from './port.js';

const day = 86_400_000;

/** How the broker has to keep a topic of this kind. */
export function topicSpec(topic: Topic, settings: TopicSettings = {}): TopicSpec {
  const config: Record<string, string> = {
    // Kafka refuses records stamped far ahead, so no application's clock may stamp them.
    'message.timestamp.type': 'LogAppendTime',
    'min.insync.replicas': String(settings.minInSyncReplicas ?? 1),
    ...retention(topic, settings),
  };
  return { name: topic.name, partitions: settings.partitions ?? 12, replication: settings.replication ?? 1, config };
}

function retention(topic: Topic, settings: TopicSettings): Record<string, string> {
  switch (topic.kind) {
    case 'facts':
      return {
        'cleanup.policy': 'delete',
        'retention.ms': String(settings.factRetentionMs ?? -1),
        'retention.bytes': '-1',
      };
    case 'state':
      return {
        'cleanup.policy': 'compact',
        'max.compaction.lag.ms': String(day),
        'segment.ms': String(day / 4),
        'delete.retention.ms': String(7 * day),
        'min.cleanable.dirty.ratio': '0.1',
      };
    case 'dead-letters':
      return { 'cleanup.policy': 'delete', 'retention.ms': String(14 * day) };
    case 'audit':
      return { 'cleanup.policy': 'delete', 'retention.ms': String(365 * day) };
  }
}

/**
 * Creates the topics that are missing and brings the settings of the others in line; partitions are never added.
 * The service's dead-letter topic is always among them. Safe to run from several services at once.
 * @returns the names of the topics that were created
 */
export async function createTopics(
  settings: Pick<MessagingSettings, 'service' | 'kafka' | 'topics' | 'logger'>,
  topics: readonly Topic[],
): Promise<string[]> {
  const client = kafkaClient(settings.kafka, `quen-${settings.service}-topics`, settings.logger);
  try {
    const wanted = new Map(
      [...topics, deadLetterTopic(settings.service)].map((topic) => [topic.name, topicSpec(topic, settings.topics)]),
    );
    return await client.createTopics([...wanted.values()]);
  } finally {
    await client.close();
  }
}
