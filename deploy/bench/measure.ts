import type { Json } from '@quen/testing';

export type Stat = { median: number; min: number; max: number; samples: number[] };

export function stat(samples: number[]): Stat {
  return { median: percentile(samples, 0.5), min: Math.min(...samples), max: Math.max(...samples), samples };
}

/** The value below which this share lies; between two samples it is interpolated. */
export function percentile(samples: readonly number[], share: number) {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  return low + ((sorted[Math.ceil(at)] ?? low) - low) * (at - Math.floor(at));
}

/**
 * Runs the contenders in turn, A B A B, so that what else the machine does meets all of them alike.
 * @returns results by contender, in order of the rounds
 */
export async function alternate<C extends Record<string, () => Promise<Json>>>(
  rounds: number,
  contenders: C,
): Promise<{ [K in keyof C]: Awaited<ReturnType<C[K]>>[] }> {
  const results: Record<string, Json[]> = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(contenders)) results[name]?.push(await run());
  }
  return results as { [K in keyof C]: Awaited<ReturnType<C[K]>>[] };
}

/** Ratios of samples that were taken in the same round. */
export function ratio(ours: number[], raw: number[]): Stat {
  return stat(ours.map((value, round) => value / (raw[round] ?? Number.NaN)));
}

/** Waits until `done` holds. */
export async function until(done: () => boolean | Promise<boolean>, what: string, timeoutMs: number = 120_000) {
  const deadline = performance.now() + timeoutMs;
  while (!(await done())) {
    if (performance.now() > deadline) throw new Error(`Not within ${timeoutMs / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
