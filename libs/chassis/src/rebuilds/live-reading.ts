import type { HeldReason, Operations } from '@quen/messaging';

/** How far the live consumer of a rebuilt store is: what it has not read was compared in neither store. */
export interface LiveReading {
  consumer: string;
  /** Records to be read yet; null when the brokers do not tell. */
  unread: number | null;
  /**
   * Why partitions are not read. Of what only the process that consumes knows, such as the breaker, that process alone
   * tells.
   */
  held: HeldReason[];
}

/** How far these groups are now. */
export async function liveReadingOf({ overview }: Operations, groups: readonly string[]): Promise<LiveReading[]> {
  const consumers = await overview.consumers();
  return consumers
    .filter(({ consumer }) => groups.includes(consumer))
    .map(({ consumer, lag, partitions }) => ({
      consumer,
      unread: lag,
      held: [...new Set(partitions.flatMap(({ held }) => held ?? []))],
    }));
}
