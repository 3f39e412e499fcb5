import type { Logger } from 'pino';
import type { KafkaSettings } from '../settings.js';
import { KafkajsClient } from './kafkajs-client.js';
import { PlatformaticClient } from './platformatic-client.js';
import type { KafkaClient } from './port.js';

/** The Kafka client that the settings ask for. */
export function kafkaClient(settings: KafkaSettings, clientId: string, logger?: Logger): KafkaClient {
  switch (settings.client ?? 'platformatic') {
    case 'kafkajs':
      return new KafkajsClient(settings, clientId, logger);
    case 'platformatic':
      return new PlatformaticClient(settings, clientId, logger);
  }
}
