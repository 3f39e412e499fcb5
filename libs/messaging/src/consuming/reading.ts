import { LagAge } from './lag-age.js';
import type { SliceProcessor } from './slice-processor.js';

/**
 * As many fetches that bring nothing of a partition with waiting records prove that the client cannot read on; fewer
 * may only mean that it is slow.
 */
const fetchesInVain = 20;

/** A partition that this process reads. */
export class Reading {
  readonly age = new LagAge();
  /** When something last arrived, or reading began. */
  activeAt = performance.now();
  /** A batch of it is being worked on. */
  working = false;
  /**
   * Since when records are known to wait at an offset without arriving, and how many fetches the client had completed
   * then.
   */
  private waiting: { at: bigint; since: number; fetches: number } | undefined;

  /** @param next offset up to which everything is done */
  constructor(
    readonly topic: string,
    readonly partition: number,
    readonly epoch: bigint,
    readonly processor: SliceProcessor,
    public next: bigint,
  ) {}

  /**
   * Notes a measured lag; `fetches` answers how many the client has completed. The clock starts when waiting records are seen,
   * not when the last one came: a partition may have been idle for hours before them.
   */
  noteWaiting(lag: bigint, fetches: () => number): void {
    if (lag === 0n) this.waiting = undefined;
    else if (this.waiting?.at !== this.next)
      this.waiting = { at: this.next, since: performance.now(), fetches: fetches() };
  }

  /** Whether records have waited at the same offset for longer. */
  waitsLonger(thanMs: number): boolean {
    return this.waiting !== undefined && performance.now() - Math.max(this.activeAt, this.waiting.since) > thanMs;
  }

  /** Whether the client has fetched often enough since records wait here, and brought none. */
  fetchedInVain(fetches: () => number): boolean {
    return this.waiting !== undefined && !this.working && fetches() - this.waiting.fetches >= fetchesInVain;
  }
}
