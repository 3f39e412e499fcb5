import type { Type } from '@nestjs/common';
import { topics } from '@quen/events';
import { createTopics, messagingMigrations } from '@quen/messaging';
import type { ServiceConfig } from '../config/service.config.js';
import { Log } from '../operations/log.js';
import { serviceOptionsOf } from '../slices/service-module.js';
import { messagingSettings } from './application.js';
import { makeDataSource, schemaOf } from './data-source.js';

/**
 * Brings a service's schema and topics up to date. Two at the same time wait for each other (advisory lock); a second
 * run changes nothing.
 * Each migration has a transaction of its own and reaches every row.
 */
export async function migrate<C extends ServiceConfig>(module: Type<unknown>, config: C): Promise<void> {
  const options = serviceOptionsOf(module);
  const log = new Log(options.name, config.LOG_LEVEL);
  const schema = schemaOf(config, options);
  const dataSource = await makeDataSource(config, options, messagingMigrations, log, true).initialize();
  const holder = dataSource.createQueryRunner();
  try {
    await holder.connect();
    await holder.query('set lock_timeout = 0');
    await holder.query('select pg_advisory_lock(hashtextextended($1, 0))', [`quen migrate ${schema}`]);
    const [known]: { exists: boolean }[] = await holder.query('select to_regnamespace($1) is not null as exists', [
      schema,
    ]);
    if (!known?.exists) await holder.query(`create schema "${schema}"`);
    const done = await dataSource.runMigrations();
    log.info({ event: 'migrated', migrations: done.map(({ name }) => name) }, `${done.length} migrations run`);
    const created = await createTopics(messagingSettings(config, options, log), topics());
    log.info({ event: 'topics_created', topics: created }, `${created.length} topics created`);
  } finally {
    await holder.release();
    await dataSource.destroy();
  }
}
