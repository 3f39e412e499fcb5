import { execFile, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename, dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * @typedef {object} LaunchOptions
 * @property {string} logFile where its output goes; a file, so that the process never depends on its starter being
 * alive
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env] the whole environment of the process
 * @property {number} [uid]
 * @property {number} [gid]
 */

/**
 * A program started without a shell: its pid is its own, and a Ctrl-C in the terminal reaches only whoever supervises
 * it.
 * @typedef {{ name: string, pid: number, child: import('node:child_process').ChildProcess, logFile: string, logStart: number, exited: Promise<string> }} Running
 */

/**
 * @param {string} name
 * @param {string} command
 * @param {string[]} args
 * @param {LaunchOptions} options
 * @returns {Promise<Running>}
 */
export async function launch(name, command, args, options) {
  mkdirSync(dirname(options.logFile), { recursive: true });
  if (existsSync(options.logFile) && statSync(options.logFile).size > 50_000_000)
    renameSync(options.logFile, `${options.logFile}.1`);
  const log = openSync(options.logFile, 'a');
  const logStart = statSync(options.logFile).size;
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    uid: options.uid,
    gid: options.gid,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  /** @type {Promise<string>} */
  const exited = new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`)));
  await new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => reject(new Error(`${name} could not be started: ${error.message}`)));
  });
  return { name, pid: /** @type {number} */ (child.pid), child, logFile: options.logFile, logStart, exited };
}

/**
 * Runs a program to its end; fails with what it wrote when that is not a success.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').ExecFileOptions} [options]
 * @returns {Promise<string>} its standard output
 */
export function run(command, args, options) {
  return new Promise((resolve, reject) => {
    execFile(command, args, { maxBuffer: 64_000_000, ...options, encoding: 'utf8' }, (error, out, err) => {
      if (error)
        reject(
          new Error(
            `${basename(command)} failed (${error.code ?? error.signal ?? error.message}):\n${tail(`${out}${err}`)}`,
          ),
        );
      else resolve(out);
    });
  });
}

/** What a process has written since it was started. @param {Running} running */
export function output(running) {
  return readFileSync(running.logFile).subarray(running.logStart).toString('utf8');
}

/**
 * Waits until `ready` holds; fails with the end of the log when the process ends first or the time is over.
 * @param {Running} running
 * @param {() => boolean | Promise<boolean>} ready
 * @param {number} [timeoutMs]
 */
export async function untilReady(running, ready, timeoutMs = 60_000) {
  let ended = '';
  void running.exited.then((reason) => {
    ended = reason;
  });
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    if (ended)
      throw new Error(
        `${running.name} ended before it was ready (${ended}). Its last words, from ${running.logFile}:\n${tail(output(running))}`,
      );
    const answered = await ready();
    // what answered may be another process, which still has the port for want of which this one ended
    if (answered && !ended) return;
    if (Date.now() > deadline)
      throw new Error(
        `${running.name} was not ready after ${timeoutMs / 1000} s. Its last words, from ${running.logFile}:\n${tail(output(running))}`,
      );
    await delay(50);
  }
}

/** @param {string} text */
export function tail(text, lines = 20) {
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}

/**
 * Asks a process to end, and kills it when it has not within `graceMs`.
 * @param {Running} running
 * @param {NodeJS.Signals} [signal]
 */
export async function stop(running, signal = 'SIGTERM', graceMs = 30_000) {
  if (running.child.exitCode !== null || running.child.signalCode !== null) return;
  running.child.kill(signal);
  const timer = setTimeout(() => running.child.kill('SIGKILL'), graceMs);
  await running.exited;
  clearTimeout(timer);
}

/** @param {number} pid */
export function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/** Whether nobody listens on this port of this machine. @param {number} port @returns {Promise<boolean>} */
export async function portIsFree(port) {
  for (const host of ['127.0.0.1', '0.0.0.0', '::']) {
    const free = await new Promise((resolve) => {
      const server = createServer();
      server.once('error', (error) => resolve(/** @type {NodeJS.ErrnoException} */ (error).code !== 'EADDRINUSE'));
      server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
    });
    if (!free) return false;
  }
  return true;
}

/** A port that was free a moment ago. @returns {Promise<number>} */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}
