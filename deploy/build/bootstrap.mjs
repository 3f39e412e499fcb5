/**
 * Entry of `npm start`, `npm test` and the other commands. It runs on any Node from 20 and before anything is installed
 * or compiled, so it is plain JavaScript, as are the lock and the build beside it. It installs the packages when they
 * are missing or older than package-lock.json, compiles the commands, and hands over to the pinned Node of node_modules.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { withFolderLock } from './folder-lock.mjs';

const root = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../..');
const [command = 'start', ...args] = process.argv.slice(2);

if (Number(process.versions.node.split('.')[0]) < 20)
  fail(
    `Node ${process.versions.node} is too old: at least Node 20 is needed to begin (the services then run on the pinned Node 24).`,
  );
if (!packagesAreCurrent()) await withFolderLock(join(root, '.local/preparing.lock'), 'installs packages', install);
const node = join(root, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
if (!existsSync(node))
  fail(
    `The pinned Node is missing (${node}). Its package installs it with an install script: run "npm ci" with scripts allowed.`,
  );
const main = join(root, 'deploy/dist/commands', `${command}.js`);
compile();
handOver();

/**
 * Whether node_modules holds exactly the versions of package-lock.json; what npm may leave out on this platform is not
 * asked for.
 */
function packagesAreCurrent() {
  const read = (/** @type {string} */ name) =>
    existsSync(join(root, name)) ? JSON.parse(readFileSync(join(root, name), 'utf8')).packages : undefined;
  const wanted = read('package-lock.json');
  const present = read('node_modules/.package-lock.json');
  if (!present) return false;
  return Object.entries(wanted).every(
    ([path, entry]) =>
      !path.startsWith('node_modules/') ||
      entry.optional ||
      entry.devOptional ||
      (present[path]?.version === entry.version && Boolean(present[path]?.link) === Boolean(entry.link)),
  );
}

/**
 * Somebody else may have done it meanwhile. What npm says is no output of the command. @param {(pid: number) => void}
 * started told the process that installs
 */
async function install(started) {
  if (packagesAreCurrent()) return;
  console.error('Installing packages (npm ci) …');
  const npm = process.env.npm_execpath;
  const flags = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  /** @type {import('node:child_process').SpawnOptions} */
  const options = { cwd: root, stdio: ['inherit', 2, 2] };
  const child = npm?.endsWith('.js')
    ? spawn(process.execPath, [npm, ...flags], options)
    : spawn('npm', flags, { ...options, shell: process.platform === 'win32' });
  if (child.pid) started(child.pid);
  const [code] = await once(child, 'exit').catch((error) => [error]);
  if (code !== 0) fail('The packages could not be installed; the reason is above. Is the npm registry reachable?');
}

/**
 * Compiles `deploy` and the libraries it stands on; the rest is compiled by the commands that need it. Code with errors
 * is compiled all the same, and such a command tells the errors.
 */
function compile() {
  if (!existsSync(main)) console.error('Compiling …');
  const { stderr, signal } = spawnSync(node, [join(root, 'deploy/build/build.mjs'), 'deploy'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (signal) process.exit(130);
  if (!existsSync(main)) fail(`There is no command "${command}", or it does not compile.\n${stderr}`);
}

function handOver() {
  const child = spawn(node, [main, ...args], {
    cwd: root,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, PATH: [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter) },
  });
  // a Ctrl-C reaches the child by itself, a signal to this process alone does not; the child takes a second one as the
  // same wish
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => child.kill(signal));
  // npm, when it is killed, tells nobody: then this process gets another parent
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event)
    setInterval(() => {
      if (process.ppid !== parent) child.kill('SIGTERM');
    }, 250).unref();
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

/** @param {string} message */
function fail(message) {
  console.error(message);
  process.exit(1);
}
