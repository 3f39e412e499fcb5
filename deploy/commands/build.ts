/** `npm run build`: compiles what has changed; `npm run build -- services/sales` only that and what it needs. */
import { build } from '../local/preparation.js';

try {
  await build(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
