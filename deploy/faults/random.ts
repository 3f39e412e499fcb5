/**
 * Numbers from a seed, the same on every machine, so that a run can be repeated: in [0, 1), a whole one below `end`,
 * or one of a list.
 */
export type Random = { (): number; below: (end: number) => number; pick: <T>(from: readonly T[]) => T };

export function randomOf(seed: number): Random {
  let state = (seed * 2_654_435_761) >>> 0;
  const next = () => {
    // mulberry32
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (end: number) => Math.floor(next() * end);
  return Object.assign(next, {
    below,
    pick: <T>(from: readonly T[]) => from[below(from.length)] as T,
  });
}
