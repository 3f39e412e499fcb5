import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Judgement } from './judge.js';
import type { Ledger } from './ledger.js';

/** What one run of a case has shown. */
export class Report {
  readonly id: string;
  readonly title: string;

  kills = 0;
  /** what should hold and does not */
  broken: string[] = [];
  /** figures worth reading */
  notes: string[] = [];
  judgement: Judgement | undefined;
  load: Pick<Ledger, 'acknowledged' | 'achieved' | 'rate' | 'slowest' | 'answers'> | undefined;
  seconds = 0;
  /** Why the case could not run; such a run is neither green nor red. */
  notRun: string | undefined;
  /** seconds from the end of the fault until nothing was under way any more */
  drained: number | undefined;

  constructor(
    of: { id: string; title: string },
    readonly seed: number,
    readonly control: boolean,
  ) {
    this.id = of.id;
    this.title = of.title;
  }

  /** @param otherwise what is said when it does not hold */
  expect(holds: boolean, otherwise: string) {
    if (!holds) this.broken.push(otherwise);
  }

  note(note: string) {
    this.notes.push(note);
  }

  /**
   * What the judge found, and what the load saw of the gateways.
   * @param healed when (`performance.now()`) the fault was over, and how long draining may take from then on
   */
  judged(
    judgement: Judgement,
    ledger: Ledger,
    { since, withinSeconds, of }: { since: number; withinSeconds: number; of: string },
  ) {
    this.judgement = judgement;
    this.drained = judgement.drainedAt === undefined ? undefined : (judgement.drainedAt - since) / 1000;
    if (this.drained !== undefined)
      this.expect(
        this.drained <= withinSeconds,
        `drained ${this.drained.toFixed(1)} s after ${of}, not within ${withinSeconds} s`,
      );
    this.load = ledger;
    this.broken.push(...judgement.findings, ...ledger.wrong.slice(0, 3));
    this.expect(ledger.acknowledged > 0, 'no write was acknowledged');
  }

  /** Nothing lost, repeated, out of order or parked, and everything else that the case expects. */
  get green() {
    return this.broken.length === 0 && this.notRun === undefined;
  }

  /** As it should be: a run green, a control red. */
  get right() {
    return this.notRun === undefined && this.green !== this.control;
  }

  get row() {
    const { lost, repeated, disorder, parked } = this.judgement ?? {};
    return {
      case: this.id,
      seed: this.control ? 'control' : this.seed,
      seconds: Math.round(this.seconds),
      writes: this.load?.acknowledged,
      'writes/s': this.load && Math.round(this.load.achieved),
      aim: this.load?.rate,
      kills: this.kills,
      lost,
      repeated,
      disorder,
      parked,
      drained: this.drained === undefined ? undefined : Math.round(this.drained * 10) / 10,
      verdict:
        this.notRun !== undefined
          ? `not run: ${this.notRun}`
          : this.control
            ? this.green
              ? 'GREEN, should be red'
              : 'red, as it should be'
            : this.green
              ? 'green'
              : 'RED',
    };
  }

  /** Everything, for the record of the run. */
  toJSON() {
    return {
      ...this.row,
      title: this.title,
      slowestWriteMs: this.load && Math.round(this.load.slowest),
      refusals: this.load?.answers,
      notes: this.notes,
      broken: this.broken,
    };
  }
}

const columns = [
  'case',
  'seed',
  'seconds',
  'writes',
  'writes/s',
  'aim',
  'kills',
  'lost',
  'repeated',
  'disorder',
  'parked',
  'drained',
  'verdict',
] as const;

/** One row as text; without a report the head of the table. */
export function line(report?: Report) {
  const row = report?.row;
  return columns
    .map((name, n) => {
      const text = String(row ? (row[name] ?? '–') : name === 'drained' ? 'drained s' : name);
      const width = { case: 5, seed: 7, verdict: 0 }[name as string] ?? Math.max(name.length, 9);
      return n < 2 || name === 'verdict' ? text.padEnd(width) : text.padStart(width);
    })
    .join('  ')
    .trimEnd();
}

/**
 * Keeps the runs as JSON.
 * @returns the file
 */
export function keep(folder: string, reports: Report[], how: { scale: number }): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${new Date().toISOString().replaceAll(':', '-').slice(0, 19)}.json`);
  writeFileSync(file, `${JSON.stringify({ ...how, runs: reports }, undefined, 2)}\n`);
  return file;
}
