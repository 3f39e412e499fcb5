import { deadLetterTopic, topicSpec, type Topic } from '@quen/events';
import type { MessagingSettings } from '../settings.js';
import { kafkaClient } from './kafka-client.js';

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
