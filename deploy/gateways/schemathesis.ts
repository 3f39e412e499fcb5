import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { root } from '../local/settings.js';

const requirements = join(root, 'deploy/gateways/requirements.txt');

/**
 * The folder of Schemathesis, a Python program, at the versions of `requirements.txt`; fetched from the package
 * registry once, into the cache.
 * @returns what PYTHONPATH has to be
 * @throws Error that says what is missing on this machine: a run without it would have checked less than it says
 */
export async function installSchemathesis(): Promise<string> {
  const cache = resolve(process.env.QUEN_CACHE ?? join(root, '.local/cache'));
  const { out: version } = await run('python3', [
    '-c',
    'import sys, pip; print("%d.%d" % sys.version_info[:2]); sys.exit(sys.version_info < (3, 10))',
  ]).catch((error) => {
    throw new Error(
      `The gateways are tested with Schemathesis, which needs python3 (3.10 or later) with pip in PATH: ${error.message}`,
    );
  });
  // extensions are built for one version of Python
  const folder = join(
    cache,
    `schemathesis-${createHash('sha256').update(readFileSync(requirements)).update(version).digest('hex').slice(0, 12)}`,
  );
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const made = mkdtempSync(join(cache, 'schemathesis-making-'));
  try {
    await run('python3', [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '--no-deps',
      '--target',
      made,
      '--requirement',
      requirements,
    ]);
    // whole or not at all, also when two install at once
    if (!existsSync(folder)) renameSync(made, folder);
  } catch (error) {
    throw new Error(
      `Schemathesis could not be installed from the Python package registry: ${error instanceof Error ? error.message : error}`,
      { cause: error },
    );
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
  return folder;
}

/** What would stop the other tests, or the firm: not even with made-up values. */
const excluded = [
  'resetConsumer',
  'skipParkedRecords',
  'pauseConsumer',
  'republishStates',
  'startRebuild',
  'rotateSigningKey',
  'watchJob',
];
/** Each service has these; they are tried at one. */
const ofChassis = '^/v1/(bus|jobs)';

/**
 * Has Schemathesis make requests that one gateway's document says are valid, and hold the answers against it; invalid
 * ones are the probe's.
 * @param how `ids`: record by path template; `chassis`: also the operations that all services have; `work`: a folder
 * for its files; `patience`: seconds until it is ended, which fails
 * @returns the failures in words; none is an empty text
 */
export async function runSchemathesis({
  folder,
  url,
  token,
  ids,
  chassis,
  work,
  patience,
}: {
  folder: string;
  url: string;
  token: string;
  ids: Record<string, string>;
  chassis: boolean;
  work: string;
  patience: number;
}): Promise<{ cases: string; failures: string }> {
  const config = join(work, 'schemathesis.toml');
  writeFileSync(
    config,
    Object.entries(ids)
      .map(
        ([path, id]) =>
          `[[operations]]\ninclude-path = ${JSON.stringify(path)}\nparameters = { "path.id" = ${JSON.stringify(id)} }\n`,
      )
      .join('\n'),
  );
  const { out, code } = await run(
    'python3',
    [
      '-m',
      'schemathesis.cli',
      '--config-file',
      config,
      'run',
      `${url}/openapi.json`,
      '--header',
      `Authorization:Bearer ${token}`,
      '--phases',
      'examples,coverage',
      '--mode',
      'positive',
      '--max-examples',
      '5',
      '--generation-deterministic',
      '--seed',
      '7',
      '--continue-on-failure',
      '--no-shrink',
      '--checks',
      'not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance',
      '--warnings',
      'off',
      '--no-color',
      '--request-timeout',
      '20',
      '--max-redirects',
      '0',
      ...excluded.flatMap((id) => ['--exclude-operation-id', id]),
      ...(chassis ? [] : ['--exclude-path-regex', ofChassis]),
    ],
    { PYTHONPATH: folder, HOME: work, PYTHONDONTWRITEBYTECODE: '1' },
    work,
    [0, 1],
    patience,
  );
  const failures = /=+ (?:ERRORS|FAILURES) =+[^]*?(?==+ SUMMARY)/.exec(out)?.[0] ?? '';
  return {
    cases: /(\d+) generated/.exec(out)?.[1] ?? /Test cases:[^]*?(\d+)/.exec(out)?.[1] ?? '?',
    failures: code === 0 ? '' : failures || out,
  };
}

/**
 * @param codes with which it may end
 * @param patience seconds until it is ended
 */
function run(
  program: string,
  args: string[],
  env: NodeJS.ProcessEnv = {},
  cwd: string = resolve('.'),
  codes: number[] = [0],
  patience: number = 600,
): Promise<{ out: string; code: number }> {
  return new Promise((done, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        TMPDIR: process.env.TMPDIR,
        LANG: 'C.UTF-8',
        ...pipSettings(),
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: patience * 1000,
    });
    let out = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        out += chunk;
      });
    child.once('error', reject);
    child.once('close', (code) =>
      codes.includes(code ?? -1)
        ? done({ out: out.trim(), code: code ?? -1 })
        : reject(new Error(`${program} ended with ${code}: ${out.slice(-2_000)}`)),
    );
  });
}

/** Where pip is told to find its registry. */
function pipSettings(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) =>
      /^(PIP_|https?_proxy$|HTTPS?_PROXY$|NO_PROXY$|no_proxy$|SSL_CERT_|REQUESTS_CA_)/.test(name),
    ),
  );
}
