import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** @typedef {{ count: number, seconds: number, cpuSeconds: number, peakMb: number }} Watched */

/** A messaging process, and what the benchmark asks of it. */
export class MessagingChild {
  /** @param {import('node:child_process').ChildProcess} child */
  constructor(child) {
    this.child = child;
  }

  /**
   * @param {import('./lab.mjs').BenchLab} lab
   * @param {'relay' | 'bulk' | 'single' | 'producer'} kind
   * @param {{ profile?: string | undefined }} [options] profile: folder for a profile of the processor
   */
  static async start(lab, kind, { profile } = {}) {
    const child = fork(
      join(import.meta.dirname, kind === 'producer' ? 'producer-process.mjs' : 'messaging-process.mjs'),
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
   * Has a producer write at this pace. @param {number} pace writes a second @param {number} seconds @returns {Promise<{
   * writes: number, seconds: number, cpuSeconds: number }>}
   */
  async write(pace, seconds) {
    const answer = this.#answer();
    this.child.send({ pace, seconds });
    return answer;
  }

  /** @param {'start' | 'stop' | 'record' | 'recorded'} command */
  async ask(command) {
    const answer = this.#answer();
    this.child.send({ command });
    return answer;
  }

  /**
   * Measures from the `from`th record after now to the `to`th, on the process's own clocks.
   * @param {number} from
   * @param {number} to
   * @param {() => Promise<unknown>} work begun once the process watches
   * @returns {Promise<Watched>}
   */
  async watch(from, to, work) {
    const watching = this.#message('watching');
    this.child.send({ watch: { from, to } });
    await watching;
    const watched = this.#message('watched');
    // Where the work fails, that is the error, and not that the process is ended for it.
    watched.catch(() => undefined);
    await work();
    return watched;
  }

  /** @param {NodeJS.Signals} [signal] */
  async end(signal = 'SIGTERM') {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exit = once(this.child, 'exit');
    this.child.kill(signal);
    await exit;
  }

  async #answer() {
    return this.#message('answer');
  }

  /** @param {string} name @returns {Promise<any>} */
  #message(name) {
    return new Promise((resolve, reject) => {
      const ended = (/** @type {number | null} */ code) =>
        reject(new Error(`The messaging process ended with ${code}`));
      const heard = (/** @type {Record<string, unknown>} */ message) => {
        if (!(name in message)) return;
        this.child.off('message', heard).off('exit', ended);
        resolve(message[name]);
      };
      this.child.on('message', heard).once('exit', ended);
    });
  }
}
