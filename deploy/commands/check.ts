/** `npm run check`: types, lint, boundaries and generated files, in under two minutes; no database, no broker. */
import { runChecks } from '../check/checks.js';
import { build } from '../local/preparation.js';

try {
  await build();
  console.log('✓ types of libs and services');
  process.exitCode = (await runChecks(console.log)).length > 0 ? 1 : 0;
} catch (error) {
  console.error(`✗ types of libs and services\n${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
