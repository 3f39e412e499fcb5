import type { Topic } from './topic.js';

export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  readonly replication: number;
  readonly config: Readonly<Record<string, string>>;
}

/** How the topics job creates topics. */
export interface TopicSettings {
  /** Partitions of a new topic; default 12. Never changed afterwards. */
  partitions?: number;
  /** Default 1; 3 in a cluster. */
  replication?: number;
  /** Default 1; 2 in a cluster. */
  minInSyncReplicas?: number;
  /** How long facts are kept, in milliseconds; default −1, without limit, because every store is rebuilt from them. */
  factRetentionMs?: number;
}

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
