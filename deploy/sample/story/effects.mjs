import { until } from './gateways.mjs';

/**
 * Waits until a commit shows in other services and notes how long each took, from the answer that told of the commit to
 * the
 * first GET that shows the effect. Nothing is noted when the answer was a replayed one: its commit is long past.
 * @param effects `{ what, from, to, look }`; `look` gives something truthy once the effect is there, 'none' when there
 * is none to wait for
 */
export async function watch({ gateways, book }, effects) {
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
export function delayLines(delays) {
  const sorted = delays.map(({ ms }) => ms).sort((a, b) => a - b);
  if (sorted.length === 0) return ['nothing was timed: every step was taken up again after an interruption'];
  return [
    ...delays.map(({ what, from, to, ms }) => `${String(ms).padStart(6)} ms  ${from} → ${to}: ${what}`),
    `median ${sorted[Math.floor(sorted.length / 2)]} ms, slowest ${sorted.at(-1)} ms (from the answer to the request until a GET elsewhere shows it)`,
  ];
}
