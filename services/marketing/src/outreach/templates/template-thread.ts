import { Worker } from 'node:worker_threads';
import {
  Progress,
  progressBytes,
  type NumberedJob,
  type NumberedResult,
  type TemplateJob,
  type TemplateResult,
} from './template-job.js';
import type { TemplateFault } from './template.js';

/**
 * Milliseconds of processor time that one part may take; time in which the machine did something else does not count.
 */
export const partLimitMs = 50;

/** Starts that may fail in a row before those who wait are told. */
const startsAtMost = 3;

interface Waiting {
  job: TemplateJob;
  settle: (result: TemplateResult) => void;
  fail: (error: Error) => void;
}

/**
 * A thread that renders, kept warm, with bounded memory. A part that takes longer than {@link partLimitMs} ends the
 * thread and fails its own job only:
 * what was under way besides is given to the next thread.
 */
export class TemplateThread {
  private readonly waiting = new Map<number, Waiting>();
  private worker: Worker | undefined;
  private progress = new Progress(new SharedArrayBuffer(progressBytes));
  private watch: NodeJS.Timeout | undefined;
  private last = 0;
  private failedStarts = 0;

  /** Jobs that are not done. */
  get size(): number {
    return this.waiting.size;
  }

  /** Does jobs in their order; each result comes as soon as it is there. Fails when no thread can be started. */
  run(jobs: readonly TemplateJob[]): Promise<TemplateResult>[] {
    const numbered: NumberedJob[] = jobs.map((job) => ({ n: this.number(), job }));
    const results = numbered.map(
      ({ n, job }) => new Promise<TemplateResult>((settle, fail) => this.waiting.set(n, { job, settle, fail })),
    );
    this.give(numbered);
    return results;
  }

  /** Ends the thread; jobs that are not done fail. */
  async stop(): Promise<void> {
    const worker = this.abandon();
    this.failAll(new Error('The service is stopping'));
    await worker?.terminate();
  }

  private give(jobs: NumberedJob[]): void {
    if (jobs.length === 0) return;
    this.worker ??= this.start();
    this.worker.postMessage(jobs);
    this.watch ??= this.watching();
  }

  private start(): Worker {
    this.progress = new Progress(new SharedArrayBuffer(progressBytes));
    const worker = new Worker(new URL('./template-worker.js', import.meta.url), {
      workerData: this.progress.shared,
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16 },
    });
    worker.unref();
    worker.on('message', ({ n, result }: NumberedResult) => {
      this.failedStarts = 0;
      this.settle(n, result);
    });
    worker.on('error', (error: Error & { code?: string }) => this.ended(error));
    worker.on('exit', () => this.ended(new Error('The thread that renders templates ended')));
    return worker;
  }

  /** Looks at what the thread is at, while there is work. */
  private watching(): NodeJS.Timeout {
    let seen = { n: 0, part: '', since: 0 };
    let asking = false;
    const look = async (worker: Worker): Promise<void> => {
      const now = this.progress.now;
      if (now.n === 0 || now.n !== seen.n || now.part !== seen.part)
        seen = { n: now.n, part: now.part, since: performance.now() };
      else if (performance.now() - seen.since >= partLimitMs) {
        const { user, system } = await worker.cpuUsage();
        const still = this.progress.now;
        if (
          worker === this.worker &&
          still.n === now.n &&
          still.part === now.part &&
          (user + system - still.cpuBefore) / 1000 >= partLimitMs
        )
          this.end(
            { part: now.part, code: 'template_too_slow', message: `takes longer than ${partLimitMs} ms` },
            now.n,
          );
      }
    };
    return setInterval(() => {
      if (!this.worker || asking) return;
      asking = true;
      // A thread that is ending does not answer; its end is told by itself.
      void look(this.worker)
        .catch(() => undefined)
        .finally(() => {
          asking = false;
        });
    }, 10).unref();
  }

  /** The thread ended by itself: for want of memory, or because it could not start. */
  private ended(error: Error & { code?: string }): void {
    const { n, part } = this.progress.now;
    const memory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    if (n > 0)
      return this.end(
        {
          part,
          code: memory ? 'template_too_large' : 'template_failed',
          message: memory ? 'takes too much memory' : error.message.slice(0, 300),
        },
        n,
      );
    this.abandon();
    this.failedStarts += 1;
    if (this.failedStarts >= startsAtMost) this.failAll(error);
    this.again();
  }

  private end(fault: TemplateFault, n: number): void {
    void this.abandon()?.terminate();
    this.settle(n, { faults: [fault] });
    this.again();
  }

  private again(): void {
    this.give([...this.waiting].map(([n, { job }]) => ({ n, job })));
  }

  private settle(n: number, result: TemplateResult): void {
    this.waiting.get(n)?.settle(result);
    this.waiting.delete(n);
    if (this.waiting.size === 0) this.rest();
  }

  private failAll(error: Error): void {
    for (const { fail } of this.waiting.values()) fail(error);
    this.waiting.clear();
    this.rest();
  }

  private rest(): void {
    clearInterval(this.watch);
    this.watch = undefined;
  }

  private abandon(): Worker | undefined {
    const { worker } = this;
    this.worker = undefined;
    this.rest();
    worker?.removeAllListeners();
    // Whatever it still says is of no interest, and an error without a listener would end the process.
    worker?.on('error', () => undefined);
    return worker;
  }

  /** The next number, within what 32 bits hold, and not 0. */
  private number(): number {
    this.last = (this.last % 0x7fff_fffe) + 1;
    return this.last;
  }
}
