import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../local/processes.mjs';

/**
 * A statement as a program sent it to Postgres.
 * @typedef {{ connection: number, text: string, values: unknown[], name?: string, at: number }} Statement
 */

/** The `pgbench` of this machine. */
export function findPgbench() {
  if (!spawnSync('pgbench', ['--version']).error) return 'pgbench';
  const home = '/usr/lib/postgresql';
  const installed = existsSync(home) ? readdirSync(home).map(version => join(home, version, 'bin/pgbench')).filter(existsSync).sort().at(-1) : undefined;
  if (!installed) throw new Error('pgbench was not found. It measures what Postgres itself can do: install it (Debian and Ubuntu: apt install postgresql-contrib or postgresql).');
  return installed;
}

/** @returns {string} */
export function pgbenchVersion() {
  return spawnSync(findPgbench(), ['--version'], { encoding: 'utf8' }).stdout.trim();
}

/**
 * Sends recorded statements again, with their values, one list to a connection; nothing but Postgres' work is left of the program.
 * @param {string} databaseUrl
 * @param {Statement[][]} lanes what each connection sends, in order
 * @param {string} folder for the script
 * @returns {Promise<number>} seconds, without connecting
 */
export async function replay(databaseUrl, lanes, folder) {
  const file = join(folder, `replay-${process.pid}-${(scripts += 1)}.sql`);
  writeFileSync(file, lanes.length === 1 ? script(lanes[0] ?? []) : lanes.map((lane, n) => `\\if :client_id = ${n}\n${script(lane)}\\endif\n`).join(''));
  try {
    const url = new URL(databaseUrl);
    const options = ['-h', url.hostname, '-p', url.port, '-U', decodeURIComponent(url.username), '-n', '-M', 'simple', '-c', String(lanes.length), '-j', String(Math.min(lanes.length, 2)), '-t', '1', '-f', file, url.pathname.slice(1)];
    const output = await run(findPgbench(), options, { env: { ...process.env, PGPASSWORD: decodeURIComponent(url.password), PGOPTIONS: url.searchParams.get('options') ?? '' } });
    const failed = /number of failed transactions: (\d+)/.exec(output)?.[1];
    const perSecond = Number(/tps = ([\d.]+)/.exec(output)?.[1]);
    if (!perSecond || Number(failed ?? 0) > 0 || !output.includes(`processed: ${lanes.length}/${lanes.length}`)) throw new Error(`pgbench did not replay everything:\n${output}`);
    return lanes.length / perSecond;
  } finally {
    rmSync(file, { force: true });
  }
}

let scripts = 0;

/** @param {Statement[]} statements */
function script(statements) {
  /** @type {Set<string>} */
  const prepared = new Set();
  return statements.map(statement => {
    if (statement.name === undefined) return `${inline(statement)};\n`;
    const name = `"${statement.name}"`;
    const first = prepared.has(name) ? '' : `prepare ${name} as ${statement.text};\n`;
    prepared.add(name);
    return `${first}execute ${name}${statement.values.length ? `(${statement.values.map(literal).join(', ')})` : ''};\n`;
  }).join('');
}

/** The statement with its values in place; several in one message stay one message. @param {Statement} statement */
function inline({ text, values }) {
  if (values.length === 0) return text.trim().replace(/;\s*$/, '').replaceAll(/;\s*(?=(?:[^']*'[^']*')*[^']*$)/g, ' \\;\n');
  return text.trim().replaceAll(/\$(\d+)/g, (_, n) => literal(values[Number(n) - 1]));
}

/** @param {unknown} value as pg has prepared it: text, bytes or null */
function literal(value) {
  if (value === null || value === undefined) return 'null';
  if (value instanceof Uint8Array) return `'\\x${Buffer.from(value).toString('hex')}'`;
  // a colon before a letter would be pgbench's variable; in JSON and in times none follows
  return `'${String(value).replaceAll("'", "''")}'`;
}
