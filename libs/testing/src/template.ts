import { createHash, createHmac } from 'node:crypto';
import { globSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { ownerOf, provision, withDatabase } from '@quen/engines';

const root = resolve(import.meta.dirname, '../../..');

/** How a service signs in to a database. */
export interface Logins {
  url: string;
  migrationUrl: string;
}

/** A database of a service that is migrated already, from which each suite's own is copied. */
export interface Template {
  readonly database: string;
  /** The topics that the service publishes or hears. */
  readonly topics: readonly string[];
}

/**
 * The template of a service on this server, which the first suite that asks for it makes and the others wait for. What
 * was compiled anew has a new one.
 * @param make migrates the empty database, and tells the service's topics
 */
export async function templateOf(
  adminUrl: string,
  service: string,
  make: (logins: Logins) => Promise<readonly string[]>,
): Promise<Template> {
  const database = `template_${service}_${compiledState(service)}`;
  return connected(adminUrl, async (server) => {
    await server.query('select pg_advisory_lock(hashtextextended($1, 0))', [database]);
    const known = await server.query<{ topics: string }>(
      `select shobj_description(oid, 'pg_database') as topics from pg_database where datname = $1 and datistemplate`,
      [database],
    );
    if (known.rows[0]) return { database, topics: JSON.parse(known.rows[0].topics) as string[] };
    // of one that was begun and not finished nothing is kept
    await server.query(`drop database if exists ${database} with (force)`);
    const { secret, ownerSecret } = secretsOf(adminUrl, service);
    const logins = await provision(adminUrl, database, [
      { name: service, role: service, password: secret, ownerPassword: ownerSecret },
    ]);
    const topics = await make(logins[service]!);
    await server.query(`comment on database ${database} is ${server.escapeLiteral(JSON.stringify(topics))}`);
    await server.query(`alter database ${database} is_template true`);
    return { database, topics };
  });
}

/** Makes a database of a suite's own from a template; its roles are those of the template. */
export async function copyOf(adminUrl: string, service: string, template: Template, database: string): Promise<Logins> {
  const [role, owner] = [service, ownerOf(service)];
  await connected(adminUrl, async (server) => {
    await server.query(`create database ${database} template ${template.database}`);
    // rights to a database, and settings in it, are not copied with it
    await server.query(`revoke all on database ${database} from public`);
    await server.query(`grant connect, temporary on database ${database} to ${role}, ${owner}`);
    for (const each of [role, owner])
      await server.query(`alter role ${each} in database ${database} set search_path = ${service}, extensions`);
  });
  const { secret, ownerSecret } = secretsOf(adminUrl, service);
  return {
    url: loginTo(adminUrl, database, role, secret),
    migrationUrl: loginTo(adminUrl, database, owner, ownerSecret),
  };
}

/** Removes a suite's own database. */
export async function dropCopy(adminUrl: string, database: string): Promise<void> {
  await connected(adminUrl, (server) => server.query(`drop database if exists ${database} with (force)`));
}

/** Changes whenever something was compiled that a migration may depend on. */
function compiledState(service: string): string {
  const hash = createHash('sha256');
  for (const file of globSync([`services/${service}/dist/**/*.js`, 'libs/*/dist/**/*.js'], { cwd: root }).sort()) {
    if (/spec\.js$|^libs\/testing/.test(file)) continue;
    const { size, mtimeMs } = statSync(join(root, file));
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex').slice(0, 12);
}

/** The passwords of a service's roles: the same for all suites of a server, and known to nobody else. */
function secretsOf(adminUrl: string, service: string): { secret: string; ownerSecret: string } {
  const of = (name: string): string => createHmac('sha256', adminUrl).update(name).digest('base64url');
  return { secret: of(service), ownerSecret: of(ownerOf(service)) };
}

function loginTo(adminUrl: string, database: string, role: string, password: string): string {
  const url = new URL(withDatabase(adminUrl, database));
  url.username = role;
  url.password = password;
  return url.href;
}

async function connected<T>(adminUrl: string, work: (server: pg.Client) => Promise<T>): Promise<T> {
  const server = new pg.Client({ connectionString: adminUrl });
  server.on('error', () => undefined);
  await server.connect();
  try {
    return await work(server);
  } finally {
    await server.end();
  }
}
