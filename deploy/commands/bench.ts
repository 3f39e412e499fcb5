/**
 * `npm run bench`: what the bus costs, as ratios to what the engines themselves can do. See deploy/bench/README.md.
 * `npm run bench -- relay consumer --quick --json FILE`
 */
import { join } from 'node:path';
import { readOptions } from '../bench/options.js';
import { build } from '../local/preparation.js';
import { root } from '../local/settings.js';

try {
  await build();
  // only now, since it runs on what was compiled
  const { parts, run } = await import('../bench/bench.js');
  const options = readOptions(process.argv.slice(2), Object.keys(parts));
  const met = await run(options, join(root, '.local', 'bench'));
  console.error(met ? 'Every aim is met.' : 'Not every aim is met.');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
