import { setTimeout as sleep } from 'node:timers/promises';
import type { Type } from '@nestjs/common';
import { DataSource, type QueryRunner } from 'typeorm';
import { beginOperation, finishOperation, newId, Problem, ShadowReading } from '@quen/messaging';
import { ConfigurationError, loadConfig } from '../config/load-config.js';
import { environment, type ServiceConfig } from '../config/service.config.js';
import { Log } from '../operations/log.js';
import { storesOf } from '../rebuilds/derived-store.js';
import { nothingToRebuild, rebuildRunning } from '../rebuilds/rebuild-problems.js';
import {
  summaryOf,
  type RebuildMessage,
  type RebuildProgress,
  type RebuildReport,
  type RebuildRequest,
} from '../rebuilds/rebuild-report.js';
import { turnOf } from '../rebuilds/rebuild-turn.js';
import { Rebuild } from '../rebuilds/rebuild.js';
import { derivedStoresOf, serviceOptionsOf } from '../slices/service-module.js';
import { buildApplication } from './application.js';
import { makeDataSource, schemaOf } from './data-source.js';
import { clearShadow, makeShadow, shadowOf } from './shadow-schema.js';

/** Longest that a rebuild waits until the database notices that a former one was killed. */
const lockWaitMs = 15_000;

/**
 * Reads the command line: `[--consumer a,b] [--take --reason …] [--id …]`; a job, which gives the id, has its reason in
 * its account. @throws ConfigurationError
 */
export function parseRebuild(args: readonly string[]): RebuildRequest {
  const request: { id: string; consumers: string[]; take: boolean; reason?: string } = {
    id: newId(),
    consumers: [],
    take: false,
  };
  const usage = 'rebuild [--consumer group,…] [--take --reason why]';
  for (let index = 0; index < args.length; index += 1) {
    const [name, value] = [args[index], args[index + 1]];
    if (name === '--take') request.take = true;
    else if (name === '--consumer' && value) request.consumers.push(...value.split(',').filter(Boolean));
    else if (name === '--id' && value && /^[0-9a-f-]{1,36}$/.test(value)) request.id = value;
    else if (name === '--reason' && value) request.reason = value;
    else throw new ConfigurationError([`${usage}; ${name ?? ''} is not understood`]);
    if (name !== '--take') index += 1;
  }
  if (request.take && !request.reason && !args.includes('--id'))
    throw new ConfigurationError([`${usage}; --take needs a reason`]);
  return request;
}

/**
 * Runs one rebuild in this process, with the environment of the service. There is one at a time for a schema. The
 * remains of a killed one are cleared first.
 * @throws Problem, or the signal's reason when it was cancelled
 */
export async function rebuild<C extends ServiceConfig>(
  module: Type<unknown>,
  configType: Type<C>,
  config: C,
  request: RebuildRequest,
  signal: AbortSignal,
  onProgress: (progress: RebuildProgress) => void,
): Promise<RebuildReport> {
  const options = serviceOptionsOf(module);
  const log = new Log(options.name, config.LOG_LEVEL);
  const schema = schemaOf(config, options);
  const shadow = shadowOf(schema);
  const liveConfig = changed(config, {
    ROLES: 'http',
    STATEMENT_TIMEOUT_MS: 600_000,
    MIGRATION_DATABASE_URL: undefined,
  });
  const shadowConfig = changed(liveConfig, { DATABASE_SCHEMA: shadow });
  const db = await makeDataSource(liveConfig, options, [], log, true).initialize();
  const holder = db.createQueryRunner();
  try {
    onProgress({ phase: 'preparing', done: 0, total: 0 });
    await takeTurn(holder, schema, signal);
    const liveApp = await buildApplication(module, configType, liveConfig, log);
    const shadowApp = await buildApplication(module, configType, shadowConfig, log, { silent: true });
    const stores = storesOf(derivedStoresOf(options), shadowApp.get(ShadowReading).names(), request.consumers);
    if (!stores.length) throw nothingToRebuild();
    await clearShadow(db, shadow);
    try {
      await makeShadow(shadowConfig, options, log);
      await Promise.all([liveApp, shadowApp].map((app) => app.get(DataSource).initialize()));
      return await new Rebuild({ schema, shadow, stores, liveApp, shadowApp, db, signal, onProgress }, request).run();
    } finally {
      await Promise.all(
        [liveApp, shadowApp]
          .map((app) => app.get(DataSource))
          .filter((each) => each.isInitialized)
          .map((each) => each.destroy()),
      );
      await clearShadow(db, shadow).catch((error: unknown) =>
        log.warn(
          { event: 'rebuild_left_over', err: error },
          'the shadow schema is cleared when the next rebuild begins',
        ),
      );
    }
  } finally {
    await holder.release();
    await db.destroy();
  }
}

/**
 * The command `rebuild`: prints the report, or tells the process that started it. Ends with 0 when the store was, or
 * now is, equal to what the topics say;
 * with 3 when it is not, and with 1 when there is no result.
 */
export async function rebuildCommand<C extends ServiceConfig>(
  module: Type<unknown>,
  configType: Type<C>,
  args: readonly string[],
): Promise<void> {
  const request = parseRebuild(args);
  const config = loadConfig(configType, environment());
  const ending = new AbortController();
  // A job gives it an id, hears from it and keeps the account.
  const ofJob = args.includes('--id');
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect'] as const)
    process.once(event, () => ending.abort(new Error('The rebuild was cancelled')));
  try {
    const run = (): Promise<RebuildReport> =>
      rebuild(module, configType, config, request, ending.signal, (progress) => void tell({ progress }));
    const report = ofJob ? await run() : await accounted(module, config, request, run);
    await tell({ report });
    const code = (report.taken ?? report).equal ? 0 : 3;
    if (ofJob) process.exit(code);
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`, () => process.exit(code));
  } catch (error) {
    if (!ofJob)
      process.stderr.write(
        `${error instanceof Problem ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
      );
    await tell(problemMessage(error));
    process.exit(1);
  }
}

/** Enters a rebuild that no job asked for among the operations. */
async function accounted<C extends ServiceConfig>(
  module: Type<unknown>,
  config: C,
  request: RebuildRequest,
  run: () => Promise<RebuildReport>,
): Promise<RebuildReport> {
  const options = serviceOptionsOf(module);
  const db = await makeDataSource(config, options, [], new Log(options.name, config.LOG_LEVEL), true).initialize();
  try {
    const { consumers, take, reason } = request;
    const operation = await beginOperation(db, {
      action: 'rebuild',
      ...(reason ? { reason } : {}),
      filter: { consumers, take },
      dryRun: !take,
    });
    try {
      const report = await run();
      await finishOperation(db, operation, summaryOf(report));
      return report;
    } catch (error) {
      await finishOperation(db, operation, { error: String(error) });
      throw error;
    }
  } finally {
    await db.destroy();
  }
}

function tell(message: RebuildMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.send?.(message, undefined, {}, () => resolve());
    else resolve();
  });
}

/** The answer to the error that ended a rebuild. */
function problemMessage(error: unknown): RebuildMessage {
  return error instanceof Problem
    ? { problem: { code: error.code, text: error.text('en'), textVi: error.text('vi') } }
    : { problem: { code: 'rebuild_failed', text: String(error), textVi: String(error) } };
}

async function takeTurn(holder: QueryRunner, schema: string, signal: AbortSignal): Promise<void> {
  await holder.connect();
  for (const since = performance.now(); ;) {
    const [row]: { taken: boolean }[] = await holder.query(
      'select pg_try_advisory_lock(hashtextextended($1, 0)) as taken',
      [turnOf(schema)],
    );
    if (row?.taken) return;
    if (performance.now() - since > lockWaitMs) throw rebuildRunning();
    await sleep(250, undefined, { signal });
  }
}

function changed<C extends ServiceConfig>(config: C, changes: Partial<ServiceConfig>): C {
  return Object.assign(Object.create(Object.getPrototypeOf(config) as object) as C, config, changes);
}
