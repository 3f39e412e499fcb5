/** Values to choose from, each with how often it is chosen beside the others. */
export type Weighted<T> = readonly (readonly [value: T, weight: number])[];

export type Random = ReturnType<typeof stream>;

/**
 * Random numbers that are the same on every machine: a named stream per thing that is made, so that customer 7 is the
 * same person whether 10 or 10,000 customers are asked for.
 */
function hash(text: string) {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return (h ^ (h >>> 15)) >>> 0;
}

/** A stream of random numbers for the given name parts (mulberry32). */
export function stream(...name: (string | number)[]) {
  let state = hash(name.join('/'));
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return {
    /** A number in [0, 1). */
    next,
    /** A whole number from `low` to `high`, both included. */
    between: (low: number, high: number) => low + Math.floor(next() * (high - low + 1)),
    chance: (probability: number) => next() < probability,
    pick: <T>(list: readonly T[]) => list[Math.floor(next() * list.length)] as T,
    /** One of `[value, weight]` pairs. */
    weighted<T>(pairs: Weighted<T>): T {
      let rest = next() * pairs.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [value, weight] of pairs) if ((rest -= weight) < 0) return value;
      return (pairs.at(-1) as readonly [T, number])[0];
    },
    /** A waiting time with the given mean. */
    exponential: (mean: number) => -Math.log(1 - next()) * mean,
    /** A Pareto-distributed number of at least `least`; the smaller `shape`, the heavier the tail. */
    pareto: (least: number, shape: number) => least / (1 - next()) ** (1 / shape),
    shuffle<T>(list: readonly T[]): T[] {
      const mixed = [...list];
      for (let i = mixed.length - 1; i > 0; i--) {
        const j = Math.floor(next() * (i + 1));
        [mixed[i], mixed[j]] = [mixed[j] as T, mixed[i] as T];
      }
      return mixed;
    },
  };
}
