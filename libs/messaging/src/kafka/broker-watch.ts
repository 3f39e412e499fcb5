import type { KafkaClient } from './port.js';

/** So long may the brokers be silent; electing leaders anew takes a few seconds. */
const patienceMs = 15_000;

/**
 * Whether the brokers answer. They are asked regularly, because a process with nothing to send or to read would not
 * notice.
 */
export class BrokerWatch {
  private answeredAt = performance.now();
  private lastError = '';

  constructor(private readonly kafka: Pick<KafkaClient, 'clusterId'>) {}

  /** Starts the clock anew, when a process starts. */
  begin(): void {
    this.answeredAt = performance.now();
  }

  /** Asks once; never throws. */
  async ask(): Promise<void> {
    try {
      await this.kafka.clusterId();
      this.answeredAt = performance.now();
    } catch (error) {
      this.lastError = error instanceof Error ? error.message : String(error);
    }
  }

  /** Since when the brokers have been silent, if that is too long. */
  get problem(): string | undefined {
    const silentMs = performance.now() - this.answeredAt;
    return silentMs > patienceMs
      ? `the brokers have not answered for ${Math.round(silentMs / 1000)} s ${this.lastError}`.trim()
      : undefined;
  }
}
