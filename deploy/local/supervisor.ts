import { setTimeout as delay } from 'node:timers/promises';
import { stop, type Running } from '@quen/engines';

/** Starts a process, tells of it at once, and is done when it is ready. */
export type Start = (launched: (running: Running) => void) => Promise<unknown>;

interface Kept {
  name: string;
  /** a lower tier is started before and stopped after a higher one */
  tier: number;
  start: Start;
  /** asks it to end */
  signal: NodeJS.Signals;
  running: Running | undefined;
  /** somebody else runs it for a while */
  released: boolean;
}

/** Keeps processes running: reports and restarts the ones that die, and stops all in order. */
export class Supervisor {
  #kept: Map<string, Kept> = new Map();
  #stopping = false;

  /** @param onChange told of every process that is running, at each change */
  constructor(
    readonly say: (line: string) => void,
    readonly onChange: (processes: { name: string; pid: number }[]) => void,
  ) {}

  get stopping() {
    return this.#stopping;
  }

  /** Starts a process and keeps it running from then on. */
  async keep(name: string, tier: number, start: Start, signal: NodeJS.Signals = 'SIGTERM') {
    const kept: Kept = { name, tier, start, signal, running: undefined, released: false };
    this.#kept.set(name, kept);
    await this.#start(kept);
  }

  /** Stops one process and leaves it alone until {@link resume}. */
  async release(name: string) {
    const kept = this.#kept.get(name);
    if (!kept) throw new Error(`There is no ${name} here.`);
    kept.released = true;
    if (kept.running) await stop(kept.running, kept.signal);
  }

  async resume(name: string) {
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
      await Promise.all(members.map(async (kept) => kept.running && stop(kept.running, kept.signal)));
    }
  }

  async #start(kept: Kept) {
    let ready = false;
    let launched: Running | undefined;
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

  async #restart(kept: Kept) {
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
