import { setTimeout as delay } from 'node:timers/promises';

/** Repeats `attempt` until it does not throw; throws its last failure when the time is over. */
export async function eventually<T>(attempt: () => T | Promise<T>, timeoutMs = 20_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() >= deadline) throw error;
      await delay(25);
    }
  }
}
