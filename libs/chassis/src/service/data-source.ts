import { DataSource, type MigrationInterface, type Logger as TypeOrmLogger } from 'typeorm';
import { busEntities } from '../bus/bus.entities.js';
import type { ServiceConfig } from '../config/service.config.js';
import { ImpatientClient } from '../database/impatient-client.js';
import { Foundation1767225600001 } from '../database/migrations/20260101000001-foundation.js';
import { BranchReplica1767225600002 } from '../database/migrations/20260101000002-branch-replica.js';
import { JobList1767225600003 } from '../database/migrations/20260101000003-job-list.js';
import { FirmsDay1767225600005 } from '../database/migrations/20260101000005-firms-day.js';
import { InlinedDays1767225600006 } from '../database/migrations/20260101000006-inlined-days.js';
import { VisibleText1767225600007 } from '../database/migrations/20260101000007-visible-text.js';
import { JobFiles1767225600008 } from '../database/migrations/20260101000008-job-files.js';
import { ErasedRecords1767225600009 } from '../database/migrations/20260101000009-erased-records.js';
import { BranchReceived1767225600010 } from '../database/migrations/20260101000010-branch-received.js';
import { ImportExport1767225600011 } from '../database/migrations/20260101000011-import-export.js';
import { StaffReplica1796083200001 } from '../database/migrations/20261201000001-staff-replica.js';
import { SnakeCaseNames } from '../database/naming.js';
import { JobRow } from '../jobs/job.entity.js';
import type { Log } from '../operations/log.js';
import { replicasOf, type ServiceOptions } from '../slices/service-module.js';
import { noteZone } from '../time/moment.js';

type Migration = new () => MigrationInterface;

/** The schema of a service. */
export function schemaOf(config: ServiceConfig, options: ServiceOptions): string {
  return config.DATABASE_SCHEMA ?? options.name;
}

/**
 * Makes the service's data source; nothing connects before it is initialised. `forMigrations` signs in as the tables'
 * owner, lifts the statement timeout and reaches every row.
 */
export function makeDataSource(
  config: ServiceConfig,
  options: ServiceOptions,
  messaging: readonly Migration[],
  log: Log,
  forMigrations = false,
): DataSource {
  const schema = schemaOf(config, options);
  const settings = [
    `-c search_path=${schema},extensions,public`,
    '-c timezone=UTC',
    `-c quen.time_zone=${config.TIME_ZONE}`,
    ...(forMigrations
      ? ['-c quen.scope=all', '-c lock_timeout=10000']
      : ['-c idle_in_transaction_session_timeout=120000']),
  ];
  const dataSource = new DataSource({
    type: 'postgres',
    namingStrategy: new SnakeCaseNames(),
    url: forMigrations ? (config.MIGRATION_DATABASE_URL ?? config.DATABASE_URL) : config.DATABASE_URL,
    schema,
    applicationName: `quen-${options.name}`,
    entities: [
      ...new Set([JobRow, ...busEntities, ...options.entities, ...replicasOf(options).map(({ entity }) => entity)]),
    ],
    migrations: [
      ...messaging,
      Foundation1767225600001,
      ...(options.branchReplica === false ? [] : [BranchReplica1767225600002, BranchReceived1767225600010]),
      JobList1767225600003,
      FirmsDay1767225600005,
      InlinedDays1767225600006,
      VisibleText1767225600007,
      JobFiles1767225600008,
      ErasedRecords1767225600009,
      ...(options.staffReplica ? [StaffReplica1796083200001] : []),
      ImportExport1767225600011,
      ...(typeof options.migrations === 'string' ? [`${options.migrations}/**/*.migration.js`] : options.migrations),
    ],
    migrationsTableName: 'migration',
    migrationsTransactionMode: 'each',
    synchronize: false,
    installExtensions: false,
    logger: new SlowQueryLog(log),
    maxQueryExecutionTime: 1_000,
    poolSize: forMigrations ? 4 : config.DATABASE_POOL,
    connectTimeoutMS: 5_000,
    poolErrorHandler: (error: unknown) =>
      log.warn({ event: 'database_connection_lost', err: error }, 'an idle database connection was lost'),
    extra: {
      options: settings.join(' '),
      idleTimeoutMillis: 60_000,
      keepAlive: true,
      ...(forMigrations
        ? {}
        : {
            statement_timeout: config.STATEMENT_TIMEOUT_MS,
            Client: ImpatientClient,
            answerWithinMs: config.STATEMENT_TIMEOUT_MS + 5_000,
          }),
    },
  });
  noteZone(dataSource, config.TIME_ZONE);
  return dataSource;
}

/** Statements slower than a second go to the log, without parameters, which may be personal data. */
class SlowQueryLog implements TypeOrmLogger {
  constructor(private readonly target: Log) {}

  logQuerySlow(time: number, sql: string): void {
    this.target.warn({ event: 'slow_query', ms: time, sql: sql.replace(/\s+/g, ' ').slice(0, 500) }, 'slow query');
  }

  logQuery(): void {}
  logQueryError(): void {}
  logSchemaBuild(): void {}
  logMigration(message: string): void {
    this.target.info({ event: 'migration' }, message);
  }

  log(): void {}
}
