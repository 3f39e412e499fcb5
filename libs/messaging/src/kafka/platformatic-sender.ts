import { Producer } from '@platformatic/kafka';
import { murmur2 } from '../murmur2.js';
import type { KafkaSettings } from '../settings.js';
import { withinSendDeadline } from './deadlines.js';
import { calm, closeAll, connectionOptions } from './platformatic-connection.js';
import type { OutgoingRecord, Sender } from './port.js';

type Bytes = Buffer | null;

/** Sends with a producer of its own. */
export class PlatformaticSender implements Sender {
  private readonly headerNames = new Map<string, Buffer>();

  private constructor(private readonly producer: Producer<Bytes, Bytes, Buffer, Buffer>, private readonly prefix: string) {}

  /** Connects and signs in, so that wrong settings show at once. */
  static async open(settings: KafkaSettings, clientId: string, mode: 'idempotent' | 'plain'): Promise<PlatformaticSender> {
    const producer = calm(new Producer<Bytes, Bytes, Buffer, Buffer>({
      ...connectionOptions(settings, clientId),
      idempotent: mode === 'idempotent',
      acks: -1,
      // The relay reads the outbox again after an error. The client takes one try or none of an idempotent producer for «without end».
      retries: mode === 'idempotent' ? 2 : 1,
      // Its own partitioner reads the hash without its sign, where Java drops the sign bit: another partition unless their number is a power of two.
      partitioner: (_message, key) => (key ? murmur2(key) & 0x7fffffff : 0),
    }));
    try {
      await producer.metadata({ topics: [] });
    } catch (error) {
      await closeAll(producer);
      throw error;
    }
    return new PlatformaticSender(producer, settings.namespace ?? '');
  }

  async send(records: readonly OutgoingRecord[]): Promise<void> {
    const messages = records.map(({ topic, key, value, headers }) => ({
      topic: this.prefix + topic, key: Buffer.from(key), value: value === null ? null : Buffer.from(value), headers: this.bytesOf(headers),
    }));
    await withinSendDeadline(this.producer.send({ messages, acks: -1 }));
  }

  async close(): Promise<void> {
    await closeAll(this.producer);
  }

  private bytesOf(headers: Readonly<Record<string, string>>): Map<Buffer, Buffer> {
    const bytes = new Map<Buffer, Buffer>();
    for (const [name, value] of Object.entries(headers)) {
      let known = this.headerNames.get(name);
      if (!known) this.headerNames.set(name, (known = Buffer.from(name)));
      bytes.set(known, Buffer.from(value));
    }
    return bytes;
  }
}
