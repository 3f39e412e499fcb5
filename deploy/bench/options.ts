import { parseArgs } from 'node:util';

/** What the person wants. */
export interface Options {
  parts: string[];
  /** fewer records and rounds; leaves the millions out */
  quick: boolean;
  /** how often each contender runs */
  rounds: number;
  /** another file for the figures */
  json: string | undefined;
  /** folder for profiles of our processes */
  profile: string | undefined;
  /** told of what takes seconds */
  say: (line: string) => void;
}

export function readOptions(args: string[], known: readonly string[]): Options {
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
