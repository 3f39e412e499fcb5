import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import { provision, randomSecret, run, unprovision, withDatabase } from '@quen/engines';
import { slicesOf } from '../check/slice-tables.js';
import { root, services } from './settings.js';

const admin = process.env.DATABASE_URL ?? '';
const database = `security_${randomBytes(4).toString('hex')}`;
const tenants = services.map((name) => ({
  name,
  role: `${database}_${name}`,
  password: randomSecret(),
  ownerPassword: randomSecret(),
}));

/**
 * Tables with a branch, an owner or a whole above them that are not under forced row-level security, with the reason.
 */
const open: Record<string, string> = {
  'customers.customer_search':
    'binds the role that serves, but not the owner, as whom the view reached_search reads it; the view says the scope itself',
};

/** Tables that every service has from the platform. */
const platform = /^(migration|outbox\w*|inbox\w*|idempotency|job\w*|schedule|branch|staff|erased\w*)$/;

let client: pg.Client;
beforeAll(async () => {
  const logins = await provision(admin, database, tenants);
  const { PATH, HOME } = process.env;
  await Promise.all(
    services.map((name) =>
      run(process.execPath, [join(root, 'services', name, 'dist/main.js'), 'migrate'], {
        env: {
          PATH,
          HOME,
          NODE_ENV: 'test',
          QUEN_MODE: 'test',
          LOG_LEVEL: 'warn',
          DATABASE_URL: logins[name]?.url,
          MIGRATION_DATABASE_URL: logins[name]?.migrationUrl,
          KAFKA_BROKERS: process.env.KAFKA_BROKERS,
          KAFKA_NAMESPACE: `${database.replace('_', '')}.`,
          KAFKA_PARTITIONS: '1',
          OIDC_ISSUER: 'http://127.0.0.1:1',
          PUBLIC_URL: 'http://127.0.0.1:1',
        },
      }),
    ),
  );
  client = new pg.Client({ connectionString: withDatabase(admin, database) });
  await client.connect();
}, 300_000);
afterAll(async () => {
  await client?.end();
  await unprovision(
    admin,
    database,
    tenants.map(({ role }) => role),
  );
});

async function names(sql: string) {
  const { rows } = await client.query(sql, [services]);
  return rows.map(({ name }) => name);
}

describe('the tables of every service', () => {
  it('belong each to one slice, or to what the platform gives every service', async () => {
    const owned = await Promise.all(
      services.map(async (name) =>
        (await slicesOf(name)).flatMap(({ owns }) => owns.map((table) => `${name}.${table}`)),
      ),
    );
    const tables = await names(
      `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = any($1) and c.relkind in ('r', 'p')`,
    );
    const own = new Set(owned.flat());
    const left = tables.filter((table) => !own.has(table) && !platform.test(table.split('.')[1] ?? ''));
    expect(left).toEqual([]);
  });

  it('have row-level security where they have a branch or an owner, or are part of a row that has it', async () => {
    // parts: whatever refers to a secured table, over any number of steps
    const unsecured = await names(`
      with recursive tables as (
        select c.oid, n.nspname || '.' || c.relname as name, c.relrowsecurity and c.relforcerowsecurity as secured,
               exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                        and a.attname ~ '^(branch|owner|seller|agent|customer|assignee|lead|campaign|order|quote|contract|opportunity|case|segment)_id$') as bound
          from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = any($1) and c.relkind in ('r', 'p')),
      private as (
        select oid from tables where secured or bound
        union select k.conrelid from pg_constraint k join private p on k.confrelid = p.oid where k.contype = 'f')
      select name from tables where not secured and oid in (select oid from private) order by name`);
    expect(unsecured.filter((name) => !(name in open))).toEqual([]);
    expect(Object.keys(open).filter((name) => !unsecured.includes(name))).toEqual([]);
    expect(
      await names(
        `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = any($1) and c.relrowsecurity and not c.relforcerowsecurity`,
      ),
    ).toEqual(Object.keys(open));
  });

  it('belong to the role that migrates; the one that serves can neither truncate nor own', async () => {
    expect(
      await names(`
      select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = any($1) and c.relkind in ('r', 'p') and (pg_get_userbyid(c.relowner) = '${database}_' || n.nspname or has_table_privilege('${database}_' || n.nspname, c.oid, 'truncate, trigger, references'))`),
    ).toEqual([]);
  });

  it('hide every row from who has no scope', async () => {
    const policies = await client.query(
      `select schemaname || '.' || tablename as name, qual, with_check from pg_policies where schemaname = any($1)`,
      [services],
    );
    expect(policies.rows.length).toBeGreaterThan(30);
    for (const { qual, with_check: check } of policies.rows) expect(check ?? qual).toContain('quen_scope');
  });
});
