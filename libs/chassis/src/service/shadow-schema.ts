import { messagingMigrations, type Transaction } from '@quen/messaging';
import type { ServiceConfig } from '../config/service.config.js';
import type { Log } from '../operations/log.js';
import { sqlState } from '../problems/sql-state.js';
import { rebuildSchemaMissing } from '../rebuilds/rebuild-problems.js';
import type { ServiceOptions } from '../slices/service-module.js';
import { makeDataSource } from './data-source.js';

type Query = Pick<Transaction, 'query'>;

/** Where a schema's stores are made anew. */
export function shadowOf(schema: string): string {
  return `${schema}_rebuild`;
}

/**
 * Removes everything from the shadow schema; the schema stays, as a service's role may not create one. @throws Problem
 * rebuild_schema_missing
 */
export async function clearShadow(db: Query, shadow: string): Promise<void> {
  await db.query(`create schema if not exists "${shadow}"`).catch(async (error: unknown) => {
    const [known] = await db.query<{ own: boolean }[]>(
      `select pg_has_role(nspowner, 'usage') as own from pg_namespace where nspname = $1`,
      [shadow],
    );
    if (sqlState(error) !== '42501' || !known?.own)
      throw sqlState(error) === '42501' ? rebuildSchemaMissing({ schema: shadow }) : error;
  });
  const [{ drops } = { drops: null }] = await db.query<{ drops: string | null }[]>(
    `
    select string_agg(statement, '; ' order by rank) as drops from (
      select 1 as rank, format('drop %s if exists %I.%I cascade', case relkind when 'v' then 'view' when 'm' then 'materialized view' else 'table' end, $1::text, relname) as statement
        from pg_class where relnamespace = to_regnamespace(quote_ident($1::text)) and relkind in ('r', 'p', 'v', 'm')
      union all select 2, format('drop routine if exists %s cascade', oid::regprocedure) from pg_proc where pronamespace = to_regnamespace(quote_ident($1::text))
      union all select 3, format('drop sequence if exists %I.%I cascade', $1::text, relname) from pg_class where relnamespace = to_regnamespace(quote_ident($1::text)) and relkind = 'S'
      union all select 4, format('drop type if exists %I.%I cascade', $1::text, typname)
        from pg_type where typnamespace = to_regnamespace(quote_ident($1::text)) and typtype in ('d', 'e') ) as objects`,
    [shadow],
  );
  if (drops) await db.query(drops);
}

/** Makes the service's tables, empty, in the shadow schema. `config` is that of the shadow. */
export async function makeShadow(config: ServiceConfig, options: ServiceOptions, log: Log): Promise<void> {
  const dataSource = await makeDataSource(config, options, messagingMigrations, log, true).initialize();
  try {
    await dataSource.runMigrations();
  } finally {
    await dataSource.destroy();
  }
}
