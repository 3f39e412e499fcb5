import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { eventually } from './eventually.js';

const root = resolve(import.meta.dirname, '../../..');
const follow = pathToFileURL(join(import.meta.dirname, 'follow-parent.js')).href;

/** A service as it runs in an installation: a process of its own, started from its main file. */
export class ServiceProcess {
  private child: ChildProcess | undefined;
  private written = '';

  /** @param env its whole environment; `PORT` is where it listens on 127.0.0.1 */
  constructor(
    readonly name: string,
    readonly env: NodeJS.ProcessEnv,
  ) {
    if (!existsSync(this.main))
      throw new Error(`${this.main} does not exist; build first, and name the service as its folder`);
  }

  private get main(): string {
    return join(root, 'services', this.name, 'dist/main.js');
  }

  /** What it has written to standard output and standard error so far. */
  get log(): string {
    return this.written;
  }

  /** Runs a command of the service to its end, e.g. `migrate`; returns its standard output. */
  async command(name: string, ...args: string[]): Promise<string> {
    let out = '';
    const child = this.spawn([name, ...args]);
    child.stdout?.on('data', (chunk) => {
      out += String(chunk);
    });
    const end = await exit(child);
    if (end !== 0) throw new Error(`${this.name} ${name} failed (${end}):\n${this.written.slice(-6_000)}`);
    return out;
  }

  get url(): string {
    return `http://127.0.0.1:${this.env.PORT}`;
  }

  /** Where its metrics are read. */
  get metricsUrl(): string {
    return `http://127.0.0.1:${this.env.METRICS_PORT}/metrics`;
  }

  /** The running process, or undefined when it has not been started or is gone. */
  get pid(): number | undefined {
    return this.child && !hasEnded(this.child) ? this.child.pid : undefined;
  }

  /** Starts serving, without waiting for anything. */
  start(): void {
    this.child = this.spawn([]);
  }

  /** Waits until it says that it is ready; fails when it ends instead. */
  async untilReady(timeoutMs = 90_000): Promise<void> {
    const child = this.child;
    if (!child) throw new Error(`${this.name} was not started`);
    await eventually(
      async () => {
        if (hasEnded(child)) return;
        const answer = await fetch(`${this.url}/healthz/ready`, { signal: AbortSignal.timeout(5_000) });
        if (!answer.ok)
          throw new Error(`${this.name} is not ready: ${await answer.text()}\n${this.written.slice(-6_000)}`);
      },
      { timeoutMs },
    );
    if (hasEnded(child))
      throw new Error(
        `${this.name} ended at start (${child.exitCode ?? child.signalCode}):\n${this.written.slice(-6_000)}`,
      );
  }

  /** Starts serving, and waits until it says that it is ready. */
  serve(timeoutMs?: number): Promise<void> {
    this.start();
    return this.untilReady(timeoutMs);
  }

  /** Sends it a signal, such as SIGSTOP, without waiting for what it does. */
  signal(signal: NodeJS.Signals): void {
    this.child?.kill(signal);
  }

  /** Ends it, at will as a crash would (`SIGKILL`), and waits until it is gone. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | string> {
    const child = this.child;
    if (!child || hasEnded(child)) return child?.exitCode ?? child?.signalCode ?? 0;
    const gone = exit(child);
    child.kill(signal);
    return gone;
  }

  private spawn(args: string[]): ChildProcess {
    const child = spawn(
      process.execPath,
      ['--enable-source-maps', '--max-old-space-size=320', '--import', follow, this.main, ...args],
      { env: this.env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] },
    );
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk) => {
        this.written += String(chunk);
      });
    return child;
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function exit(child: ChildProcess): Promise<number | string> {
  return new Promise((resolve, reject) => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
    child.once('error', reject);
  });
}

/** Two ports of this machine that were free a moment ago: one for a gateway, one for its metrics. */
export async function freePorts(): Promise<[number, number]> {
  const servers = [createServer(), createServer()];
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) =>
          server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
        ),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports as [number, number];
}
