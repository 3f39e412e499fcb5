import type { Book, Delay } from './book.js';
import { until, type Gateways } from './gateways.js';

/** What a commit at one service brings about in another. */
export interface Effect {
  what: string;
  from: string;
  to: string;
  /** Gives something truthy once the effect is there, 'none' when there is none to wait for. */
  look: () => Promise<unknown>;
}

/**
 * Waits until a commit shows in other services and notes how long each took, from the answer that told of the commit to
 * the first GET that shows the effect. Nothing is noted when the answer was a replayed one: its commit is long past.
 */
export async function watch({ gateways, book }: { gateways: Gateways; book: Book }, effects: Effect[]) {
  const since = performance.now();
  const { replayed } = gateways;
  await Promise.all(
    effects.map(async ({ what, from, to, look }) => {
      const seen = await until(what, look, { everyMs: 10 });
      if (!replayed && seen !== 'none') book.delay(what, from, to, performance.now() - since);
    }),
  );
}

/** One line for each effect that was timed. */
export function delayLines(delays: Delay[]) {
  const sorted = delays.map(({ ms }) => ms).sort((a, b) => a - b);
  if (sorted.length === 0) return ['nothing was timed: every step was taken up again after an interruption'];
  return [
    ...delays.map(({ what, from, to, ms }) => `${String(ms).padStart(6)} ms  ${from} → ${to}: ${what}`),
    `median ${sorted[Math.floor(sorted.length / 2)]} ms, slowest ${sorted.at(-1)} ms (from the answer to the request until a GET elsewhere shows it)`,
  ];
}
