import { parseArgs } from 'node:util';

/**
 * What the person wants.
 * @typedef {object} Options
 * @property {string[]} parts
 * @property {boolean} quick fewer records and rounds; leaves the millions out
 * @property {number} rounds how often each contender runs
 * @property {string | undefined} json another file for the figures
 * @property {string | undefined} profile folder for profiles of our processes
 * @property {(line: string) => void} say told of what takes seconds
 */

/** @param {string[]} args @param {readonly string[]} known @returns {Options} */
export function readOptions(args, known) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      quick: { type: 'boolean' },
      json: { type: 'string' },
      rounds: { type: 'string' },
      profile: { type: 'string' },
    },
  });
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new Error(`There is no benchmark ${unknown.join(', ')}; there are: ${known.join(', ')}`);
  const rounds = Number(values.rounds ?? (values.quick ? 3 : 5));
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds must be a number of at least 1.');
  const began = performance.now();
  return {
    parts: positionals.length > 0 ? positionals : [...known],
    quick: values.quick === true,
    rounds,
    json: values.json,
    profile: values.profile,
    say: (line) => console.error(`[${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s] ${line}`),
  };
}
