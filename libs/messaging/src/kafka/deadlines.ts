import { setTimeout as delay } from 'node:timers/promises';

/** Below the lease's time to live, so that a send ends before another relay may own the shard. */
const sendDeadlineMs = 20_000;

/** How long a broker may take to create topics and to tell of them. */
export const topicCreationMs = 60_000;

/** Waits for a send, but not for longer than a lease allows. How it ends after that does not matter any more. */
export async function withinSendDeadline(send: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`Kafka did not acknowledge within ${sendDeadlineMs} ms`)),
      sendDeadlineMs,
    );
  });
  try {
    await Promise.race([send, deadline]);
  } finally {
    clearTimeout(timer);
    send.catch(() => undefined);
  }
}

/**
 * Waits until a topic that was just created can be used. At first it may be unknown, or its partitions without a
 * leader, and the next caller would get an error.
 */
export async function untilTopicAnswers(ask: () => Promise<unknown>): Promise<void> {
  const deadline = performance.now() + topicCreationMs;
  for (;;) {
    try {
      await ask();
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await delay(100);
    }
  }
}
