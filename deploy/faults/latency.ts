import { setTimeout as sleep } from 'node:timers/promises';
import type { TestService } from '@quen/testing';

/**
 * Measures how long records take from being sent until their effect can be seen in a consumer's database, to within a
 * look.
 */
export class LatencyWatch {
  /** Milliseconds by event id. */
  latencies: Map<string, number> = new Map();
  #sent = new Map();
  #watching = true;
  #done: Promise<void>;

  constructor(
    readonly service: TestService,
    readonly consumer: string,
  ) {
    this.#done = this.#watch();
  }

  sent(eventId: string) {
    this.#sent.set(eventId, performance.now());
  }

  /** Ends watching. */
  async stop() {
    this.#watching = false;
    await this.#done;
  }

  /**
   * A quantile over these events; what was never seen counts as endless.
   * @returns milliseconds
   */
  quantile(eventIds: readonly string[], share: number): number {
    const sorted = eventIds.map((id) => this.latencies.get(id) ?? Infinity).sort((one, other) => one - other);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  }

  async #watch() {
    for (let since = new Date(0); this.#watching; await sleep(100)) {
      const rows = await this.service.sql(
        'select event_id, processed_at from inbox where consumer = $1 and processed_at > $2',
        [this.consumer, since],
      );
      const now = performance.now();
      for (const { event_id: id } of rows) {
        const at = this.#sent.get(id);
        if (at !== undefined && !this.latencies.has(id)) this.latencies.set(id, now - at);
      }
      // a transaction that began earlier may be seen later
      const newest = Math.max(...rows.map((row) => row.processed_at.getTime()), 0);
      if (newest - 2_000 > since.getTime()) since = new Date(newest - 2_000);
    }
  }
}
