import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '../ids.js';
import { inTransaction } from '../transaction.js';
import { CounterStepped } from './declarations.js';
import type { Lab } from './lab.js';

/** Commits steps of counters as an API would, and keeps the ledger of what was acknowledged. */
export class Writer {
  /** Last acknowledged step by counter. */
  readonly ledger = new Map<string, number>();
  /** Longest time that a commit took, in milliseconds. */
  slowest = 0;
  private running = true;
  private lanes: Promise<unknown> = Promise.resolve();

  /** @param perSecond how many changes to commit, as far as the machine allows */
  constructor(private readonly lab: Lab, private readonly perSecond = 150, private readonly wake: () => void = () => undefined) {}

  async start(counters = 40, lanes = 4): Promise<void> {
    const ids = Array.from({ length: counters }, newId);
    await this.lab.db.query(`insert into counter (id, version) select unnest($1::uuid[]), 0`, [ids]);
    this.lanes = Promise.all(Array.from({ length: lanes }, (_, lane) => this.write(ids.filter((_id, n) => n % lanes === lane), lanes)));
  }

  /** How many changes were acknowledged. */
  get acknowledged(): number {
    return [...this.ledger.values()].reduce((sum, step) => sum + step, 0);
  }

  async stop(): Promise<void> {
    this.running = false;
    await this.lanes;
  }

  private async write(ids: readonly string[], lanes: number): Promise<void> {
    const events = this.lab.events(this.wake);
    while (this.running) {
      for (const id of ids) {
        const started = performance.now();
        if (!this.running) return;
        const version = await inTransaction(this.lab.db, async (tx) => {
          const [[row]] = await tx.query<[{ version: number }[]]>(`update counter set version = version + 1 where id = $1 returning version`, [id]);
          await events.publish(tx, row!, Object.assign(new CounterStepped(), { counterId: id, step: row!.version, note: '' }));
          return row!.version;
        });
        this.ledger.set(id, version);
        this.slowest = Math.max(this.slowest, performance.now() - started);
        const ahead = (1000 * lanes) / this.perSecond - (performance.now() - started);
        if (ahead > 0) await sleep(ahead);
      }
    }
  }
}
