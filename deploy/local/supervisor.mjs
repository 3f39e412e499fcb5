import { setTimeout as delay } from 'node:timers/promises';
import { stop } from './processes.mjs';

/** @typedef {import('./processes.mjs').Running} Running */

/**
 * Starts a process, tells of it at once, and is done when it is ready. @typedef {(launched: (running: Running) => void)
 * => Promise<unknown>} Start
 */

/**
 * @typedef {object} Kept
 * @property {string} name
 * @property {number} tier a lower tier is started before and stopped after a higher one
 * @property {Start} start
 * @property {NodeJS.Signals} signal asks it to end
 * @property {Running | undefined} running
 * @property {boolean} released somebody else runs it for a while
 */

/** Keeps processes running: reports and restarts the ones that die, and stops all in order. */
export class Supervisor {
  /** @type {Map<string, Kept>} */
  #kept = new Map();
  #stopping = false;

  /**
   * @param {(line: string) => void} say
   * @param {(processes: { name: string, pid: number }[]) => void} onChange told of every process that is running, at
   * each change
   */
  constructor(say, onChange) {
    this.say = say;
    this.onChange = onChange;
  }

  get stopping() {
    return this.#stopping;
  }

  /**
   * Starts a process and keeps it running from then on.
   * @param {string} name
   * @param {number} tier
   * @param {Start} start
   * @param {NodeJS.Signals} [signal]
   */
  async keep(name, tier, start, signal = 'SIGTERM') {
    /** @type {Kept} */
    const kept = { name, tier, start, signal, running: undefined, released: false };
    this.#kept.set(name, kept);
    await this.#start(kept);
  }

  /** Stops one process and leaves it alone until {@link resume}. @param {string} name */
  async release(name) {
    const kept = this.#kept.get(name);
    if (!kept) throw new Error(`There is no ${name} here.`);
    kept.released = true;
    if (kept.running) await stop(kept.running, kept.signal);
  }

  /** @param {string} name */
  async resume(name) {
    const kept = this.#kept.get(name);
    if (!kept?.released || this.#stopping) return;
    kept.released = false;
    await this.#restart(kept);
  }

  /** Ends everything, the highest tier first; each tier together. */
  async stop() {
    this.#stopping = true;
    const tiers = [...new Set([...this.#kept.values()].map((kept) => kept.tier))].sort((a, b) => b - a);
    for (const tier of tiers) {
      const members = [...this.#kept.values()].filter((kept) => kept.tier === tier && kept.running);
      await Promise.all(members.map((kept) => kept.running && stop(kept.running, kept.signal)));
    }
  }

  /** @param {Kept} kept */
  async #start(kept) {
    let ready = false;
    /** @type {Running | undefined} */
    let launched;
    try {
      await kept.start((running) => {
        launched = running;
        kept.running = running;
        this.#changed();
        if (this.#stopping) void stop(running, kept.signal);
        void running.exited.then((reason) => {
          kept.running = undefined;
          this.#changed();
          // one that ends before it is ready is the concern of whoever started it
          if (!ready || this.#stopping || kept.released) return;
          this.say(`${kept.name} ended (${reason}); starting it again. Its log: ${running.logFile}`);
          void this.#restart(kept);
        });
      });
    } catch (error) {
      // one that is not ready in time still holds its port: the next one would end at once, and be taken for ready by
      // what this one answers
      if (launched) await stop(launched, kept.signal);
      throw error;
    }
    ready = true;
  }

  /** @param {Kept} kept */
  async #restart(kept) {
    for (let wait = 250; !this.#stopping && !kept.released; wait = Math.min(wait * 2, 15_000)) {
      try {
        await this.#start(kept);
        this.say(`${kept.name} runs again (pid ${kept.running?.pid})`);
        return;
      } catch (error) {
        if (this.#stopping) return;
        this.say(
          `${kept.name} does not start: ${error instanceof Error ? error.message : error}\nTrying again in ${wait / 1000} s.`,
        );
        await delay(wait);
      }
    }
  }

  #changed() {
    this.onChange(
      [...this.#kept.values()].flatMap(({ name, running }) => (running ? [{ name, pid: running.pid }] : [])),
    );
  }
}
