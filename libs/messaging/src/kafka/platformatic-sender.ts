import { murmur2 } from '../murmur2.js';
import type { KafkaSettings } from '../settings.js';
import { withinSendDeadline } from './deadlines.js';
import { calm, closeAll, connectionOptions } from './platformatic-connection.js';
import { RecordProducer } from './platformatic-requests.js';
import type { OutgoingRecord, Sender } from './port.js';

/** Sends with a producer of its own. */
export class PlatformaticSender implements Sender {
  private constructor(
    private readonly producer: RecordProducer,
    private readonly prefix: string,
  ) {}

  /** Connects and signs in, so that wrong settings show at once. */
  static async open(
    settings: KafkaSettings,
    clientId: string,
    mode: 'idempotent' | 'plain',
  ): Promise<PlatformaticSender> {
    const producer = calm(
      new RecordProducer({
        ...connectionOptions(settings, clientId),
        idempotent: mode === 'idempotent',
        acks: -1,
        // The relay reads the outbox again after an error. For an idempotent producer the client takes one try, or
        // none, to mean «without end».
        retries: mode === 'idempotent' ? 2 : 1,
        // The library's own partitioner reads the hash as a number without a sign, where Java drops the sign bit. The
        // partition is then another one, unless the number of partitions is a power of two.
        partitioner: ({ key }) => murmur2(Buffer.from(key ?? '')) & 0x7fffffff,
      }),
    );
    try {
      await producer.metadata({ topics: [] });
    } catch (error) {
      await closeAll(producer);
      throw error;
    }
    return new PlatformaticSender(producer, settings.namespace ?? '');
  }

  async send(records: readonly OutgoingRecord[]): Promise<void> {
    const messages = records.map((record) => ({ topic: this.prefix + record.topic, key: record.key, value: record }));
    await withinSendDeadline(this.producer.send({ messages, acks: -1 }));
  }

  async close(): Promise<void> {
    await closeAll(this.producer);
  }
}
