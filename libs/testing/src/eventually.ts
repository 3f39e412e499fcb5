import { setTimeout as delay } from 'node:timers/promises';

export interface EventuallyOptions {
  /** Milliseconds until the last failure is thrown; default 20 s. */
  timeoutMs?: number;
  /** Milliseconds between two tries; default 25. */
  everyMs?: number;
}

/**
 * Repeats `attempt` until it does not throw, and returns what it returned: how a test waits for an effect that travels
 * over
 * Kafka. Throws the last failure when the time is over.
 */
export async function eventually<T>(attempt: () => T | Promise<T>, options: EventuallyOptions = {}): Promise<T> {
  const deadline = Date.now() + (options.timeoutMs ?? 20_000);
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() >= deadline) throw error;
      await delay(options.everyMs ?? 25);
    }
  }
}
