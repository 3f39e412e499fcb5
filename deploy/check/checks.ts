import { join } from 'node:path';
import { run } from '@quen/engines';
import { root } from '../local/settings.js';

const tool = (path: string) => join(root, 'node_modules', path);

/** The rules that hold for the whole repository, by name; each is a program that ends with 0 when its rule holds. */
const checks: Record<string, string[]> = {
  'boundaries (dependency-cruiser)': [
    tool('dependency-cruiser/bin/dependency-cruiser.mjs'),
    '--config',
    '.dependency-cruiser.cjs',
    'libs',
    'services',
    'deploy',
  ],
  'generated contracts are up to date': [
    '--experimental-vm-modules',
    '--no-warnings',
    tool('jest/bin/jest.js'),
    'libs/events/dist/contracts.spec',
  ],
  'facts without a consumer (told, not a fault)': [join(import.meta.dirname, 'unheard.js')],
  'format (Prettier)': [tool('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'],
  'lint (ESLint)': [tool('eslint/bin/eslint.js'), '--max-warnings', '0', 'libs', 'services', 'deploy'],
};

/** The one check of which is said what it found. */
const unheard = 'facts without a consumer (told, not a fault)';

/** The one check that is a test file, too, and need not run twice. */
export const contracts = 'generated contracts are up to date';

/**
 * Runs the checks, two at a time, on the compiled workspace.
 * @param except names of checks to leave out
 * @returns the names of those that failed
 */
export async function runChecks(say: (line: string) => void, except: string[] = []): Promise<string[]> {
  const failed: string[] = [];
  const waiting = Object.entries(checks).filter(([name]) => !except.includes(name));
  const work = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const [name, args] = next;
      const began = performance.now();
      const seconds = () => `${((performance.now() - began) / 1000).toFixed(1)} s`;
      try {
        const told = await run(process.execPath, args, { cwd: root });
        say(`✓ ${name} (${seconds()})${name === unheard ? `\n  ${told.trim()}` : ''}`);
      } catch (error) {
        failed.push(name);
        say(`✗ ${name} (${seconds()})\n${error instanceof Error ? error.message : error}`);
      }
    }
  };
  await Promise.all([work(), work()]);
  return failed;
}
