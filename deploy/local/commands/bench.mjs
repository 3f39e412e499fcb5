/**
 * `npm run bench`: what the bus costs, as ratios to what the engines themselves can do. See deploy/bench/README.md.
 * `npm run bench -- relay consumer --quick --json FILE`
 */
import { join } from 'node:path';
import { parts, run } from '../../bench/bench.mjs';
import { readOptions } from '../../bench/options.mjs';
import { build } from '../preparation.mjs';
import { root } from '../settings.mjs';

try {
  const options = readOptions(process.argv.slice(2), Object.keys(parts));
  await build();
  const met = await run(options, join(root, '.local', 'bench'));
  console.error(met ? 'Every aim is met.' : 'Not every aim is met.');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
