import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Json } from '@quen/testing';
import type { BenchLab } from './lab.js';

type Watched = { count: number; seconds: number; cpuSeconds: number; peakMb: number };

/** A messaging process, and what the benchmark asks of it. */
export class MessagingChild {
  constructor(readonly child: ChildProcess) {}

  /** @param options profile: folder for a profile of the processor */
  static async start(
    lab: BenchLab,
    kind: 'relay' | 'bulk' | 'single' | 'producer',
    { profile }: { profile?: string | undefined } = {},
  ) {
    const child = fork(
      join(import.meta.dirname, kind === 'producer' ? 'producer-process.js' : 'messaging-process.js'),
      [lab.databaseUrl, lab.brokers, lab.namespace, kind],
      {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        serialization: 'advanced',
        execArgv: [
          '--no-warnings',
          '--max-old-space-size=320',
          ...(profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : []),
        ],
      },
    );
    const started = new MessagingChild(child);
    await started.#answer();
    return started;
  }

  /**
   * Has a producer write at this pace.
   * @param pace writes a second
   */
  async write(pace: number, seconds: number): Promise<{ writes: number; seconds: number; cpuSeconds: number }> {
    const answer = this.#answer();
    this.child.send({ pace, seconds });
    return answer;
  }

  async ask(command: 'start' | 'stop' | 'record' | 'recorded') {
    const answer = this.#answer();
    this.child.send({ command });
    return answer;
  }

  /**
   * Measures from the `from`th record after now to the `to`th, on the process's own clocks.
   * @param work begun once the process watches
   */
  async watch(from: number, to: number, work: () => Promise<unknown>): Promise<Watched> {
    const watching = this.#message('watching');
    this.child.send({ watch: { from, to } });
    await watching;
    const watched = this.#message('watched');
    // Where the work fails, that is the error, and not that the process is ended for it.
    watched.catch(() => undefined);
    await work();
    return watched;
  }

  async end(signal: NodeJS.Signals = 'SIGTERM') {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exit = once(this.child, 'exit');
    this.child.kill(signal);
    await exit;
  }

  async #answer() {
    return this.#message('answer');
  }

  #message(name: string): Promise<Json> {
    return new Promise((resolve, reject) => {
      const ended = (code: number | null) => reject(new Error(`The messaging process ended with ${code}`));
      const heard = (message: Record<string, unknown>) => {
        if (!(name in message)) return;
        this.child.off('message', heard).off('exit', ended);
        resolve(message[name]);
      };
      this.child.on('message', heard).once('exit', ended);
    });
  }
}
