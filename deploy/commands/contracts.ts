/**
 * `npm run contracts`: publishes the schema and samples of every event that is new or has grown; refuses a breaking
 * change.
 */
import { join } from 'node:path';
import { run } from '@quen/engines';
import { build } from '../local/preparation.js';
import { root } from '../local/settings.js';

try {
  await build(['libs/events']);
  await run(process.execPath, [join(root, 'libs/events/dist/publish.js')], { cwd: root });
  console.log('libs/events/published is up to date; commit it');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
