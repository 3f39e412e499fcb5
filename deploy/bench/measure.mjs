/** @typedef {{ median: number, min: number, max: number, samples: number[] }} Stat */

/** @param {number[]} samples @returns {Stat} */
export function stat(samples) {
  return { median: percentile(samples, 0.5), min: Math.min(...samples), max: Math.max(...samples), samples };
}

/**
 * The value below which this share lies; between two samples it is interpolated. @param {readonly number[]} samples
 * @param {number} share
 */
export function percentile(samples, share) {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  return low + ((sorted[Math.ceil(at)] ?? low) - low) * (at - Math.floor(at));
}

/**
 * Runs the contenders in turn, A B A B, so that what else the machine does meets all of them alike.
 * @template {Record<string, () => Promise<any>>} C
 * @param {number} rounds
 * @param {C} contenders
 * @returns {Promise<{ [K in keyof C]: Awaited<ReturnType<C[K]>>[] }>} results by contender, in order of the rounds
 */
export async function alternate(rounds, contenders) {
  /** @type {Record<string, any[]>} */
  const results = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(contenders)) results[name]?.push(await run());
  }
  return /** @type {any} */ (results);
}

/** Ratios of samples that were taken in the same round. @param {number[]} ours @param {number[]} raw @returns {Stat} */
export function ratio(ours, raw) {
  return stat(ours.map((value, round) => value / (raw[round] ?? Number.NaN)));
}

/**
 * Waits until `done` holds. @param {() => boolean | Promise<boolean>} done @param {string} what @param {number}
 * [timeoutMs]
 */
export async function until(done, what, timeoutMs = 120_000) {
  const deadline = performance.now() + timeoutMs;
  while (!(await done())) {
    if (performance.now() > deadline) throw new Error(`Not within ${timeoutMs / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
