/**
 * `npm run alerts`: every alert seen firing in a real Prometheus; see deploy/observability/README.md. About three
 * minutes.
 */
import { build } from '../local/preparation.js';

try {
  await build();
  const { seeAlertsFiring } = await import('../observability/alerts.js');
  process.exitCode = (await seeAlertsFiring(console.log)).length > 0 ? 1 : 0;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
