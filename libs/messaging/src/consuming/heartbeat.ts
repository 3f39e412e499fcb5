import type { PartitionBatch } from '../kafka/port.js';

/** Beats while a batch is being worked on, since the client itself does so only between batches. */
export class Heartbeat {
  /** The client's own error, e.g. a rebalance; the batch ends and the error is for the client. */
  failure: Error | undefined;
  private readonly timer: NodeJS.Timeout;

  constructor(batch: Pick<PartitionBatch, 'heartbeat'>, everyMs: number) {
    this.timer = setInterval(() => {
      batch.heartbeat().catch((error: unknown) => {
        this.failure ??= error instanceof Error ? error : new Error(String(error));
      });
    }, everyMs);
  }

  stop(): void {
    clearInterval(this.timer);
  }
}
