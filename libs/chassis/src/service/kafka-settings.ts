import type { KafkaSettings } from '@quen/messaging';
import type { ServiceConfig } from '../config/service.config.js';

/** How the environment says that the brokers are reached. */
export function kafkaSettings(config: ServiceConfig): KafkaSettings {
  const {
    KAFKA_CA: ca,
    KAFKA_CERT: cert,
    KAFKA_KEY: key,
    KAFKA_KEY_PASSPHRASE: passphrase,
    KAFKA_SASL_MECHANISM: mechanism,
  } = config;
  const own = { ...(ca ? { ca } : {}), ...(cert && key ? { cert, key, ...(passphrase ? { passphrase } : {}) } : {}) };
  return {
    client: config.KAFKA_CLIENT,
    brokers: config.KAFKA_BROKERS.split(','),
    namespace: config.KAFKA_NAMESPACE,
    ...(Object.keys(own).length ? { ssl: own } : config.KAFKA_TLS === 'true' ? { ssl: true } : {}),
    ...(mechanism
      ? { sasl: { mechanism, username: config.KAFKA_USERNAME ?? '', password: config.KAFKA_PASSWORD ?? '' } }
      : {}),
  };
}
