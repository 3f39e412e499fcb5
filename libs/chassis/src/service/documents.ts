import type { Type } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { readConfig } from '../config/load-config.js';
import type { ServiceConfig } from '../config/service.config.js';
import { asyncApiDocument } from '../documentation/events-page.js';
import { openApiDocument } from '../documentation/openapi.js';
import { Log } from '../operations/log.js';
import { serviceOptionsOf } from '../slices/service-module.js';
import { buildApplication } from './application.js';

/** A service's documents, made without database, broker or a complete configuration. */
export async function documentsOf<C extends ServiceConfig>(
  module: Type<unknown>,
  configType: Type<C>,
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ openapi: object; asyncapi: object }> {
  const options = serviceOptionsOf(module);
  const { config } = readConfig(configType, {
    DATABASE_URL: 'postgres://none@localhost/none',
    KAFKA_BROKERS: 'localhost:0',
    OIDC_ISSUER: 'http://localhost:4000',
    ...env,
  });
  const app = await buildApplication(module, configType, config, new Log(options.name, 'silent'));
  const discovery = app.get(DiscoveryService);
  return { openapi: openApiDocument(app, options, config, discovery), asyncapi: asyncApiDocument(options, discovery) };
}
