/**
 * Numbers from a seed, the same on every machine, so that a run can be repeated.
 * @typedef {{ (): number, below: (end: number) => number, pick: <T>(from: readonly T[]) => T }} Random a number in [0, 1), a whole number below `end`, one of a list
 */

/** @param {number} seed @returns {Random} */
export function randomOf(seed) {
  let state = (seed * 2_654_435_761) >>> 0;
  const next = () => {
    // mulberry32
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (/** @type {number} */ end) => Math.floor(next() * end);
  return Object.assign(next, {
    below,
    /** @template T @param {readonly T[]} from */
    pick: (from) => /** @type {any} */ (from[below(from.length)]),
  });
}
