import { execFile, spawn, type ChildProcess, type ExecFileOptions } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { basename, dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export interface LaunchOptions {
  /** where its output goes; a file, so that the process never depends on its starter being alive */
  logFile: string;
  cwd?: string;
  /** the whole environment of the process */
  env?: NodeJS.ProcessEnv;
  uid?: number;
  gid?: number;
}

/**
 * A program started without a shell: its pid is its own, and a Ctrl-C in the terminal reaches only whoever supervises
 * it.
 */
export type Running = {
  name: string;
  pid: number;
  child: ChildProcess;
  logFile: string;
  logStart: number;
  exited: Promise<string>;
};

export async function launch(name: string, command: string, args: string[], options: LaunchOptions): Promise<Running> {
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
  const exited: Promise<string> = new Promise((resolve) =>
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`)),
  );
  await new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => reject(new Error(`${name} could not be started: ${error.message}`)));
  });
  return { name, pid: child.pid as number, child, logFile: options.logFile, logStart, exited };
}

/**
 * Runs a program to its end; fails with what it wrote when that is not a success.
 * @returns its standard output
 */
export function run(command: string, args: string[], options?: ExecFileOptions): Promise<string> {
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

/** What a process has written since it was started. */
export function output(running: Running) {
  return readFileSync(running.logFile).subarray(running.logStart).toString('utf8');
}

/** Waits until `ready` holds; fails with the end of the log when the process ends first or the time is over. */
export async function untilReady(
  running: Running,
  ready: () => boolean | Promise<boolean>,
  timeoutMs: number = 60_000,
) {
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

export function tail(text: string, lines = 20) {
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}

/** Asks a process to end, and kills it when it has not within `graceMs`. */
export async function stop(running: Running, signal: NodeJS.Signals = 'SIGTERM', graceMs = 30_000) {
  if (running.child.exitCode !== null || running.child.signalCode !== null) return;
  running.child.kill(signal);
  const timer = setTimeout(() => running.child.kill('SIGKILL'), graceMs);
  await running.exited;
  clearTimeout(timer);
}

export function alive(pid: number) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether nobody listens on this port of this machine. */
export async function portIsFree(port: number): Promise<boolean> {
  for (const host of ['127.0.0.1', '0.0.0.0', '::']) {
    const free = await new Promise((resolve) => {
      const server = createServer();
      server.once('error', (error) => resolve((error as NodeJS.ErrnoException).code !== 'EADDRINUSE'));
      server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
    });
    if (!free) return false;
  }
  return true;
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
