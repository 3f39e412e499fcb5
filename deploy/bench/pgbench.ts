import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '@quen/engines';

/** A statement as a program sent it to Postgres. */
export type Statement = { connection: number; text: string; values: unknown[]; name?: string; at: number };

/** The `pgbench` of this machine. */
export function findPgbench() {
  if (!spawnSync('pgbench', ['--version']).error) return 'pgbench';
  const home = '/usr/lib/postgresql';
  const installed = existsSync(home)
    ? readdirSync(home)
        .map((version) => join(home, version, 'bin/pgbench'))
        .filter(existsSync)
        .sort()
        .at(-1)
    : undefined;
  if (!installed)
    throw new Error(
      'pgbench was not found. It measures what Postgres itself can do: install it (Debian and Ubuntu: apt install postgresql-contrib or postgresql).',
    );
  return installed;
}

export function pgbenchVersion(): string {
  return spawnSync(findPgbench(), ['--version'], { encoding: 'utf8' }).stdout.trim();
}

/**
 * Sends recorded transactions again, with their values, one list to a connection; nothing but Postgres' work is left of
 * the program.
 * @param lanes the transactions that each connection sends, in order
 * @param folder for the scripts
 * @returns seconds, without connecting
 */
export async function replay(databaseUrl: string, lanes: Statement[][][], folder: string): Promise<number> {
  let seconds = 0;
  for (const texts of piecesOf(lanes)) {
    const file = join(folder, `replay-${process.pid}-${(scripts += 1)}.sql`);
    writeFileSync(file, texts.map((text, lane) => `\\if :client_id = ${lane}\n${text}\\endif\n`).join(''));
    try {
      seconds +=
        lanes.length /
        (await pgbench(databaseUrl, ['-M', 'simple', '-c', String(lanes.length), '-t', '1', '-f', file]));
    } finally {
      rmSync(file, { force: true });
    }
  }
  return seconds;
}

/**
 * Sends requests again that all have equally many statements; each is one transaction of pgbench.
 * @param requests a table `replay (client, n, s1, s2 …)` holds them, its rows counted from 1 for each client
 * @param folder for the script
 * @returns seconds, without connecting and without reading the table
 */
export async function replayRequests(
  databaseUrl: string,
  requests: number,
  statements: number,
  clients: number,
  folder: string,
): Promise<number> {
  const names = Array.from({ length: statements }, (_, n) => `s${n + 1}`);
  const read = `\\set n :n + 1\nselect ${names.join(', ')} from replay where client = :client_id and n = :n \\gset\n`;
  const timed = async (text: string) => {
    const file = join(folder, `replay-${process.pid}-${(scripts += 1)}.sql`);
    writeFileSync(file, text);
    const each = Math.floor(requests / clients);
    try {
      return (
        ((each * clients) /
          (await pgbench(databaseUrl, [
            '-M',
            'simple',
            '-c',
            String(clients),
            '-t',
            String(each),
            '-D',
            'n=0',
            '-f',
            file,
          ]))) *
        (requests / (each * clients))
      );
    } finally {
      rmSync(file, { force: true });
    }
  };
  const reading = await timed(read);
  return (await timed(`${read}${names.map((name) => `:${name};\n`).join('')}`)) - reading;
}

/** @returns transactions a second, without connecting */
async function pgbench(databaseUrl: string, options: string[]): Promise<number> {
  const url = new URL(databaseUrl);
  const output = await run(
    findPgbench(),
    [
      '-h',
      url.hostname,
      '-p',
      url.port,
      '-U',
      decodeURIComponent(url.username),
      '-n',
      '-j',
      '2',
      ...options,
      url.pathname.slice(1),
    ],
    {
      env: {
        ...process.env,
        PGPASSWORD: decodeURIComponent(url.password),
        PGOPTIONS: url.searchParams.get('options') ?? '',
      },
    },
  );
  const perSecond = Number(/tps = ([\d.]+)/.exec(output)?.[1]);
  const [, done, wanted] = /processed: (\d+)\/(\d+)/.exec(output) ?? [];
  if (!perSecond || done !== wanted) throw new Error(`pgbench did not replay everything:\n${output}`);
  return perSecond;
}

let scripts = 0;

/**
 * Cuts what the lanes send into scripts that are run one after the other, because pgbench takes a time to read a script
 * that grows with its bytes times its statements.
 * @returns for each script the text of each lane
 */
function piecesOf(lanes: Statement[][][]): string[][] {
  const statements = lanes.flat(2);
  const bytes = statements.reduce(
    (sum, { text, values }) => sum + text.length + values.reduce((all: number, value) => all + String(value).length, 0),
    0,
  );
  const pieces = Math.max(1, Math.ceil((bytes * statements.length) / 4e9));
  return Array.from({ length: pieces }, (_, piece) =>
    lanes.map((lane) =>
      script(
        lane.slice(Math.floor((lane.length * piece) / pieces), Math.floor((lane.length * (piece + 1)) / pieces)).flat(),
      ),
    ),
  );
}

function script(statements: Statement[]) {
  const prepared: Set<string> = new Set();
  return statements
    .map((statement) => {
      if (statement.name === undefined) return `${inline(statement)};\n`;
      const name = `"${statement.name}"`;
      const first = prepared.has(name) ? '' : `prepare ${name} as ${statement.text};\n`;
      prepared.add(name);
      return `${first}execute ${name}${statement.values.length ? `(${statement.values.map(literal).join(', ')})` : ''};\n`;
    })
    .join('');
}

/** The statement with its values in place, to be a line of a script; several in one message stay one message. */
export function inline({ text, values }: Statement) {
  if (values.length === 0)
    return text
      .trim()
      .replace(/;\s*$/, '')
      .replaceAll(/;\s*(?=(?:[^']*'[^']*')*[^']*$)/g, ' \\;\n');
  return text.trim().replaceAll(/\$(\d+)/g, (_, n) => literal(values[Number(n) - 1]));
}

/** @param value as pg has prepared it: text, bytes or null */
function literal(value: unknown) {
  if (value === null || value === undefined) return 'null';
  if (value instanceof Uint8Array) return `'\\x${Buffer.from(value).toString('hex')}'`;
  // a colon before a letter would be pgbench's variable; in JSON and in times none follows
  return `'${String(value).replaceAll("'", "''")}'`;
}
