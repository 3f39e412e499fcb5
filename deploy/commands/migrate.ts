/**
 * `npm run migrate`: brings the tables and topics of every service up to date, on the running stack or on engines
 * started for it.
 */
import { readFileSync } from 'node:fs';
import { endpointsFile } from '../local/endpoints.js';
import { presentRun } from '../local/leftovers.js';
import { build, migrateAll, openGround, requireFreePorts, requireTools } from '../local/preparation.js';
import { readSettings } from '../local/settings.js';
import { Supervisor } from '../local/supervisor.js';

const settings = readSettings();
const supervisor = new Supervisor(console.log, () => undefined);
try {
  await build();
  if (presentRun(settings.data)) {
    const { postgres, kafka } = JSON.parse(readFileSync(endpointsFile(settings), 'utf8'));
    settings.databaseUrl = postgres;
    settings.brokers = kafka;
  } else {
    requireTools(settings);
    await requireFreePorts(settings, [
      ...(settings.brokers ? [] : (['kafka'] as const)),
      ...(settings.databaseUrl ? [] : (['postgres'] as const)),
    ]);
  }
  await migrateAll(settings, await openGround(settings, supervisor, console.log), console.log);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await supervisor.stop();
}
