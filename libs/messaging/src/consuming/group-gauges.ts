import { heldReasons, type HeldReason } from './holds.js';
import { placeKey } from './positions.js';
import type { Reading } from './reading.js';
import type { SliceDependencies } from './slice-processor.js';

/** The gauges that tell how one group's reading goes in this process. */
export class GroupGauges {
  private told: { topic: string; partition: string }[] = [];

  constructor(
    private readonly consumergroup: string,
    private readonly metrics: SliceDependencies['metrics'],
  ) {}

  /**
   * Tells how reading goes. Partitions that went to another process are taken back, so that their last lag does not
   * stand for ever.
   */
  tell(
    { held, stuck }: { held: (reason: HeldReason) => number; stuck: number },
    reading: ReadonlyMap<string, Reading>,
    lags: ReadonlyMap<string, bigint>,
  ): void {
    const { metrics, consumergroup } = this;
    for (const reason of heldReasons) metrics.paused.set({ consumergroup, reason }, held(reason));
    metrics.partitions.set({ consumergroup }, reading.size);
    metrics.stuck.set({ consumergroup }, stuck);
    const now = performance.now();
    const telling = [...reading.values()].flatMap(({ topic, partition, next, age }) => {
      const lag = lags.get(placeKey(topic, partition));
      const labels = { consumergroup, topic, partition: String(partition) };
      if (lag === undefined) return [];
      metrics.lag.set(labels, Number(lag));
      metrics.lagSeconds.set(labels, age.seconds(next, now));
      return [labels];
    });
    const keys = new Set(telling.map(({ topic, partition }) => `${topic}/${partition}`));
    for (const { topic, partition } of this.told) {
      if (keys.has(`${topic}/${partition}`)) continue;
      metrics.lag.remove({ consumergroup, topic, partition });
      metrics.lagSeconds.remove({ consumergroup, topic, partition });
    }
    this.told = telling;
  }
}
