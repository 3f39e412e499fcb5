import type { Type } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ConfigurationError, loadConfig } from '../config/load-config.js';
import { environment, type ServiceConfig } from '../config/service.config.js';
import { Log } from '../operations/log.js';
import { serviceOptionsOf } from '../slices/service-module.js';
import { buildApplication } from './application.js';
import { documentsOf } from './documents.js';
import { migrate } from './migrate.js';
import { rebuildCommand } from './rebuild-process.js';
import { serve } from './serve.js';

const stopWithinMs = 29_000;

/**
 * The whole of a service's `main.ts`. The first argument says what to do: nothing or `serve`, `migrate` (schema and
 * topics),
 * `rebuild` (stores that are made from topics), `openapi` or `asyncapi` (print the document; no I/O). Ends the process
 * with 1 on failure, with 2 on a wrong configuration or command.
 */
export async function start<C extends ServiceConfig>(
  module: Type<unknown>,
  configType: Type<C>,
  command = process.argv[2] ?? 'serve',
): Promise<void> {
  try {
    await run(module, configType, command);
  } catch (error) {
    const expected = error instanceof ConfigurationError;
    process.stderr.write(
      `${expected ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exit(expected ? 2 : 1);
  }
}

async function run<C extends ServiceConfig>(
  module: Type<unknown>,
  configType: Type<C>,
  command: string,
): Promise<void> {
  switch (command) {
    case 'serve':
      return serveUntilStopped(module, configType);
    case 'migrate':
      await migrate(module, loadConfig(configType, environment()));
      process.exit(0);
    case 'rebuild':
      return rebuildCommand(module, configType, process.argv.slice(3));
    case 'openapi':
    case 'asyncapi': {
      const document = (await documentsOf(module, configType, environment()))[command];
      process.stdout.write(`${JSON.stringify(document, null, 2)}\n`, () => process.exit(0));
      return;
    }
    default:
      return runOwn(module, configType, command);
  }
}

async function serveUntilStopped<C extends ServiceConfig>(module: Type<unknown>, configType: Type<C>): Promise<void> {
  const service = await serve(module, configType, loadConfig(configType, environment()));
  const end = (): void => {
    setTimeout(() => process.exit(1), stopWithinMs).unref();
    // With the code of the part that could not go on, if that is why it stops.
    service.stop().then(
      () => process.exit(),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
}

/** Runs one of the service's own commands against its database, without serving. */
async function runOwn<C extends ServiceConfig>(
  module: Type<unknown>,
  configType: Type<C>,
  command: string,
): Promise<void> {
  const options = serviceOptionsOf(module);
  const own = Object.hasOwn(options.commands ?? {}, command) ? options.commands?.[command] : undefined;
  if (!own)
    throw new ConfigurationError([
      `${command} is no command; there are ${['serve', 'migrate', 'rebuild', 'openapi', 'asyncapi', ...Object.keys(options.commands ?? {})].join(', ')}`,
    ]);
  const config = loadConfig(configType, environment());
  const app = await buildApplication(module, configType, config, new Log(options.name, config.LOG_LEVEL));
  await app.get(DataSource).initialize();
  const text = await own(app, process.argv.slice(3));
  process.stdout.write(`${text}\n`, () => process.exit(0));
}
