import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** @typedef {{ name: string, role: string, password: string }} Tenant a service: its schema is called like it */

/** What the services' migrations use; made here because their roles may not. */
const extensions = ['unaccent', 'pg_trgm', 'citext', 'ltree', 'btree_gist'];

/**
 * Makes the database, and in it for each service a role that can reach its own schema and nothing else. May be repeated.
 * @param {string} adminUrl of a superuser, or of a role that may create roles and databases
 * @param {string} database
 * @param {Tenant[]} tenants
 * @returns {Promise<Record<string, string>>} connection URL by service
 */
export async function provision(adminUrl, database, tenants) {
  await connected(adminUrl, async server => {
    const known = await server.query('select 1 from pg_database where datname = $1', [database]);
    if (known.rowCount === 0) await server.query(`create database ${server.escapeIdentifier(database)}`);
    for (const { role, password } of tenants) {
      const exists = await server.query('select 1 from pg_roles where rolname = $1', [role]);
      await server.query(`${exists.rowCount ? 'alter' : 'create'} role ${server.escapeIdentifier(role)} login password ${server.escapeLiteral(password)}`);
    }
  });
  const databaseUrl = withDatabase(adminUrl, database);
  await connected(databaseUrl, async client => {
    const name = client.escapeIdentifier(database);
    const { rows: [me] } = await client.query('select rolsuper from pg_roles where rolname = current_user');
    const statements = [
      `revoke all on database ${name} from public`,
      'revoke all on schema public from public',
      'create schema if not exists extensions',
      'grant usage on schema extensions to public',
      ...extensions.map(extension => `create extension if not exists ${extension} schema extensions`),
    ];
    for (const tenant of tenants) {
      const role = client.escapeIdentifier(tenant.role);
      const schema = client.escapeIdentifier(tenant.name);
      if (!me.rolsuper) statements.push(`grant ${role} to current_user`);
      statements.push(
        `grant connect, temporary on database ${name} to ${role}`,
        `create schema if not exists ${schema} authorization ${role}`,
        // Where the service rebuilds its stores beside those in use; a role may not create schemas itself.
        `create schema if not exists ${client.escapeIdentifier(`${tenant.name}_rebuild`)} authorization ${role}`,
        `alter role ${role} in database ${name} set search_path = ${schema}, extensions`,
      );
    }
    await client.query(statements.join(';\n'));
  });
  return Object.fromEntries(tenants.map(tenant => [tenant.name, withLogin(databaseUrl, tenant)]));
}

/**
 * Removes a database and roles made by {@link provision}.
 * @param {string} adminUrl
 * @param {string} database
 * @param {string[]} roles
 */
export async function unprovision(adminUrl, database, roles) {
  await connected(adminUrl, async server => {
    await server.query(`drop database if exists ${server.escapeIdentifier(database)} with (force)`);
    for (const role of roles) await server.query(`drop role if exists ${server.escapeIdentifier(role)}`);
  });
}

/** A password that no one needs to remember. */
export function randomSecret() {
  return randomBytes(24).toString('base64url');
}

/** @param {string} url @param {string} database */
export function withDatabase(url, database) {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

/** @param {string} url @param {Tenant} tenant */
function withLogin(url, tenant) {
  const changed = new URL(url);
  changed.username = tenant.role;
  changed.password = tenant.password;
  return changed.href;
}

/** @param {string} url @param {(client: pg.Client) => Promise<void>} work */
async function connected(url, work) {
  const client = new pg.Client({ connectionString: url });
  // a server that goes away in the middle fails the statement at hand; between statements nobody else would hear of it, and the process would end
  client.on('error', () => undefined);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
