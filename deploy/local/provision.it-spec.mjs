import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { provision, randomSecret, unprovision } from './provision.mjs';

const admin = process.env.DATABASE_URL ?? '';
const database = `provision_${randomBytes(4).toString('hex')}`;
const tenants = ['left', 'right'].map(name => ({ name, role: `${database}_${name}`, password: randomSecret() }));

/** @type {pg.Client} */
let left;
/** @type {pg.Client} */
let right;
beforeAll(async () => {
  await provision(admin, database, tenants);
  // a second start finds everything there
  const urls = await provision(admin, database, tenants);
  left = new pg.Client({ connectionString: urls.left });
  right = new pg.Client({ connectionString: urls.right });
  await Promise.all([left.connect(), right.connect()]);
});
afterAll(async () => {
  await Promise.all([left.end(), right.end()]);
  await unprovision(admin, database, tenants.map(({ role }) => role));
});

describe('the role of a service', () => {
  it('works in its own schema, with the extensions at hand', async () => {
    await left.query('create table note (id uuid primary key default uuidv7(), body citext)');
    await left.query(`insert into note (body) values (unaccent('Hà Nội'))`);
    const { rows } = await left.query(`select body, current_schema() as schema from note where body = 'HA NOI'`);
    expect(rows).toEqual([{ body: 'Ha Noi', schema: 'left' }]);
  });

  it.each([
    ['read another service\'s table', 'select * from "left".note'],
    ['make a table in another schema', 'create table "left".mine ()'],
    ['make a table in the public schema', 'create table public.mine ()'],
    ['make a schema', 'create schema mine'],
    ['make a role', 'create role mine'],
    ['become another service', `set role ${database}_left`],
  ])('cannot %s', async (_what, statement) => {
    await left.query('create table if not exists note (id uuid)');
    await expect(right.query(statement)).rejects.toThrow(/permission denied/);
  });

  it('is no superuser and cannot pass row-level security', async () => {
    const { rows } = await right.query('select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = current_user');
    expect(rows).toEqual([{ rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false }]);
  });
});
