import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** a service: its schema is called like it */
export type Tenant = { name: string; role: string; password: string; ownerPassword: string };

/** How a service signs in: `url` to serve, `migrationUrl` to change its tables. */
export type Logins = { url: string; migrationUrl: string };

/** What the services' migrations use; made here because their roles may not. */
const extensions = ['unaccent', 'pg_trgm', 'citext', 'ltree', 'btree_gist'];

/**
 * The role that owns a service's tables and changes them; it never serves.
 * @param role the one that serves
 */
export function ownerOf(role: string) {
  return `${role}_owner`;
}

/**
 * Makes the database, and in it for each service a schema with two roles that can reach it and nothing else. One owns
 * the tables and migrates. The other serves: it reads and writes rows, and can neither switch off row-level security or
 * a trigger nor truncate. May be repeated; tables that the serving role owns from before are handed over.
 * @param adminUrl of a superuser, or of a role that may create roles and databases
 * @returns by service
 */
export async function provision(
  adminUrl: string,
  database: string,
  tenants: Tenant[],
): Promise<Record<string, Logins>> {
  await connected(adminUrl, async (server) => {
    const known = await server.query('select 1 from pg_database where datname = $1', [database]);
    if (known.rowCount === 0) await server.query(`create database ${server.escapeIdentifier(database)}`);
    for (const { role, password, ownerPassword } of tenants) {
      for (const [name, secret] of [
        [role, password],
        [ownerOf(role), ownerPassword],
      ]) {
        const exists = await server.query('select 1 from pg_roles where rolname = $1', [name]);
        await server.query(
          `${exists.rowCount ? 'alter' : 'create'} role ${server.escapeIdentifier(String(name))} login password ${server.escapeLiteral(String(secret))}`,
        );
      }
    }
  });
  const databaseUrl = withDatabase(adminUrl, database);
  await connected(databaseUrl, async (client) => {
    const name = client.escapeIdentifier(database);
    const {
      rows: [me],
    } = await client.query('select rolsuper from pg_roles where rolname = current_user');
    const statements = [
      `revoke all on database ${name} from public`,
      'revoke all on schema public from public',
      'create schema if not exists extensions',
      'grant usage on schema extensions to public',
      ...extensions.map((extension) => `create extension if not exists ${extension} schema extensions`),
    ];
    // where one role both served and owned, as it was before there were two
    const { rows: undivided } = await client.query(
      'select nspname from pg_namespace where nspname = any($1) and pg_get_userbyid(nspowner) = any($2)',
      [tenants.map((tenant) => tenant.name), tenants.map(({ role }) => role)],
    );
    for (const tenant of tenants) {
      const role = client.escapeIdentifier(tenant.role);
      const owner = client.escapeIdentifier(ownerOf(tenant.role));
      const schema = client.escapeIdentifier(tenant.name);
      const rebuild = client.escapeIdentifier(`${tenant.name}_rebuild`);
      if (!me.rolsuper) statements.push(`grant ${role}, ${owner} to current_user`);
      statements.push(
        `grant connect, temporary on database ${name} to ${role}, ${owner}`,
        ...(undivided.some(({ nspname }) => nspname === tenant.name)
          ? [`drop schema if exists ${rebuild} cascade`, `reassign owned by ${role} to ${owner}`]
          : []),
        `create schema if not exists ${schema} authorization ${owner}`,
        `grant usage on schema ${schema} to ${role}`,
        ...['tables', 'sequences'].flatMap((kind) => {
          const rights = kind === 'tables' ? 'select, insert, update, delete' : 'usage, select, update';
          return [
            `grant ${rights} on all ${kind} in schema ${schema} to ${role}`,
            `alter default privileges for role ${owner} in schema ${schema} grant ${rights} on ${kind} to ${role}`,
          ];
        }),
        // Where the service rebuilds its stores beside those in use, with tables of its own; a role may not create
        // schemas itself.
        `create schema if not exists ${rebuild} authorization ${role}`,
        ...[role, owner].map(
          (each) => `alter role ${each} in database ${name} set search_path = ${schema}, extensions`,
        ),
      );
    }
    await client.query(statements.join(';\n'));
  });
  return Object.fromEntries(
    tenants.map((tenant) => [
      tenant.name,
      {
        url: withLogin(databaseUrl, tenant.role, tenant.password),
        migrationUrl: withLogin(databaseUrl, ownerOf(tenant.role), tenant.ownerPassword),
      },
    ]),
  );
}

/**
 * Removes a database and roles made by {@link provision}.
 * @param roles those that serve; the owners go with them
 */
export async function unprovision(adminUrl: string, database: string, roles: string[]) {
  await connected(adminUrl, async (server) => {
    await server.query(`drop database if exists ${server.escapeIdentifier(database)} with (force)`);
    for (const role of roles)
      await server.query(
        `drop role if exists ${server.escapeIdentifier(role)}, ${server.escapeIdentifier(ownerOf(role))}`,
      );
  });
}

/** A password that no one needs to remember. */
export function randomSecret() {
  return randomBytes(24).toString('base64url');
}

export function withDatabase(url: string, database: string) {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

function withLogin(url: string, role: string, password: string) {
  const changed = new URL(url);
  changed.username = role;
  changed.password = password;
  return changed.href;
}

async function connected(url: string, work: (client: pg.Client) => Promise<void>) {
  const client = new pg.Client({ connectionString: url });
  // a server that goes away in the middle fails the statement at hand; between statements nobody else would hear of it,
  // and the process would end
  client.on('error', () => undefined);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
