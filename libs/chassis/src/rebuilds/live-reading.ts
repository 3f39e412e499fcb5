import type { HeldReason, Operations } from '@quen/messaging';

/** How far the live consumer of a rebuilt store is. Neither store was compared beyond that. */
export interface LiveReading {
  consumer: string;
  /** Records to be read yet; null when the brokers do not tell. */
  unread: number | null;
  /** Why partitions are not read. Only the process that consumes knows some reasons, such as the breaker. */
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
