/**
 * `npm test`: compiles, checks and runs every test; arguments go to Jest (`npm test -- services/sales`). The very last
 * line is `N passed, N failed`; a check that fails counts as a failed test.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { contracts, runChecks } from '../check/checks.js';
import { build } from '../local/preparation.js';
import { root } from '../local/settings.js';

const results = join(root, '.local', `test-results-${process.pid}.json`);
let passed = 0;
let failed = 0;
try {
  await build();
  console.log('✓ compiled');
  failed += (await runChecks(console.log, [contracts])).length;
  const run = await jest(process.argv.slice(2));
  passed += run.numPassedTests;
  failed += run.numFailedTests + run.numRuntimeErrorTestSuites;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  failed += 1;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;

async function jest(
  args: string[],
): Promise<{ numPassedTests: number; numFailedTests: number; numRuntimeErrorTestSuites: number }> {
  mkdirSync(join(root, '.local'), { recursive: true });
  const child = spawn(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--no-warnings',
      join(root, 'node_modules/jest/bin/jest.js'),
      '--json',
      `--outputFile=${results}`,
      ...args,
    ],
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  await new Promise((resolve) => child.once('exit', resolve));
  try {
    return JSON.parse(readFileSync(results, 'utf8'));
  } catch (error) {
    throw new Error('Jest ended without results; the reason is above.', { cause: error });
  } finally {
    rmSync(results, { force: true });
  }
}
