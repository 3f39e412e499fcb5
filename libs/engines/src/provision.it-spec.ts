import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { ownerOf, provision, randomSecret, unprovision } from './provision.js';

const admin = process.env.DATABASE_URL ?? '';
const database = `provision_${randomBytes(4).toString('hex')}`;
const tenants = ['left', 'right'].map((name) => ({
  name,
  role: `${database}_${name}`,
  password: randomSecret(),
  ownerPassword: randomSecret(),
}));

let left: pg.Client;
let right: pg.Client;
/** Changes the tables of the first service. */
let owner: pg.Client;
beforeAll(async () => {
  await provision(admin, database, tenants);
  // a second start finds everything there
  const urls = await provision(admin, database, tenants);
  [left, right, owner] = [urls.left?.url, urls.right?.url, urls.left?.migrationUrl].map(
    (connectionString) => new pg.Client({ connectionString }),
  ) as [pg.Client, pg.Client, pg.Client];
  await Promise.all([left.connect(), right.connect(), owner.connect()]);
  await owner.query(
    'create table note (id uuid primary key default uuidv7(), n bigint generated always as identity, body citext)',
  );
  await owner.query('alter table note enable row level security, force row level security');
  await owner.query('create policy reach on note using (true)');
});
afterAll(async () => {
  await Promise.all([left.end(), right.end(), owner.end()]);
  await unprovision(
    admin,
    database,
    tenants.map(({ role }) => role),
  );
});

describe('the role of a service', () => {
  it('works in its own schema, with the extensions at hand', async () => {
    await left.query(`insert into note (body) values (unaccent('Hà Nội'))`);
    const { rows } = await left.query(`select body, current_schema() as schema from note where body = 'HA NOI'`);
    expect(rows).toEqual([{ body: 'Ha Noi', schema: 'left' }]);
  });

  it.each([
    ['switch off row-level security', 'alter table note disable row level security', /must be owner/],
    ['change a policy', 'drop policy reach on note', /must be owner/],
    ['switch off triggers', 'alter table note disable trigger all', /must be owner/],
    ['empty a table at a stroke', 'truncate note', /permission denied/],
    ['make a table', 'create table mine ()', /permission denied/],
    ['become the owner', `set role ${ownerOf(`${database}_left`)}`, /permission denied/],
  ])('cannot %s: only the one that migrates can', async (_what, statement, refusal) => {
    await expect(left.query(statement)).rejects.toThrow(refusal);
  });

  it('makes tables of its own where stores are rebuilt', async () => {
    await left.query('create table left_rebuild.note (like note including all)');
    await left.query('drop table left_rebuild.note');
  });

  it.each([
    ["read another service's table", 'select * from "left".note'],
    ['make a table in another schema', 'create table "left".mine ()'],
    ['make a table in the public schema', 'create table public.mine ()'],
    ['make a schema', 'create schema mine'],
    ['make a role', 'create role mine'],
    ['become another service', `set role ${database}_left`],
  ])('cannot %s', async (_what, statement) => {
    await expect(right.query(statement)).rejects.toThrow(/permission denied/);
  });

  it('is no superuser and cannot pass row-level security', async () => {
    const { rows } = await right.query(
      'select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = current_user',
    );
    expect(rows).toEqual([{ rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false }]);
  });
});

describe('a database from before there were two roles', () => {
  it('is handed over to the owner, rows and all', async () => {
    const old = `${database}_old`;
    const tenant = { name: 'old', role: `${old}_role`, password: randomSecret(), ownerPassword: randomSecret() };
    const server = new pg.Client({ connectionString: admin });
    await server.connect();
    await server.query(`create database ${old}`);
    await server.query(`create role ${tenant.role} login`);
    await server.query(`grant create on database ${old} to ${tenant.role}`);
    const url = new URL(admin);
    url.pathname = `/${old}`;
    const before = new pg.Client({ connectionString: url.href });
    await before.connect();
    await before.query(
      `set role ${tenant.role}; create schema old; create schema old_rebuild; create table old.note (body text); insert into old.note values ('kept'); create table old_rebuild.note (body text)`,
    );
    await before.end();
    const { old: logins } = await provision(admin, old, [tenant]);
    const serving = new pg.Client({ connectionString: String(logins?.url) });
    await serving.connect();
    try {
      expect((await serving.query('select body from note')).rows).toEqual([{ body: 'kept' }]);
      await expect(serving.query('truncate note')).rejects.toThrow(/permission denied/);
      await serving.query('create table old_rebuild.note (body text)');
    } finally {
      await serving.end();
      await unprovision(admin, old, [tenant.role]);
      await server.end();
    }
  });
});
