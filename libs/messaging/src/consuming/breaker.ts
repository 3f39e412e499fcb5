import type { Tuning } from '../settings.js';

/** A share of few records says nothing. */
const fewest = 10;

/** One of the records that cannot be taken. */
export interface Refused {
  readonly record: { readonly offset: bigint };
  readonly errorClass: string;
  readonly error: string;
}

/** So many records of a partition are poison that the consumer must be wrong, not the data. */
export class BreakerTripped extends Error {
  override readonly name = 'BreakerTripped';
}

/** Watches the share of poison in one partition over a window, and says when to stop parking. */
export class Breaker {
  private readonly seen: { at: number; records: number; parked: number }[] = [];
  private open = false;

  constructor(
    private readonly tuning: Tuning,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /**
   * Asked before `parked` more of `records` records are parked; `example` is the first of them. After a trip nothing
   * may be parked until a record succeeds, so that a wrong consumer stops at the first record it cannot take.
   * @throws BreakerTripped
   */
  check(records: number, parked: number, example?: Refused): void {
    if (!parked) return;
    const such = example
      ? `, such as offset ${example.record.offset}: ${example.errorClass}: ${example.error.slice(0, 300)}`
      : '';
    if (this.open) throw new BreakerTripped(`Still failing after a pause${such}`);
    this.forget();
    const all = this.seen.reduce((sum, entry) => sum + entry.records, records);
    const bad = this.seen.reduce((sum, entry) => sum + entry.parked, parked);
    if (bad > this.tuning.breakerParked || (bad >= fewest && bad > all * this.tuning.breakerShare)) {
      this.open = true;
      this.seen.length = 0;
      throw new BreakerTripped(
        `${bad} of ${all} records within ${this.tuning.breakerWindowMs} ms could not be taken${such}`,
      );
    }
  }

  /** What was committed. */
  record(records: number, parked: number): void {
    if (records > parked) this.open = false;
    this.seen.push({ at: this.now(), records, parked });
    this.forget();
  }

  private forget(): void {
    const oldest = this.now() - this.tuning.breakerWindowMs;
    while (this.seen[0] && this.seen[0].at < oldest) this.seen.shift();
  }
}
