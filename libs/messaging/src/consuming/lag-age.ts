/** So many ends are remembered. With more, they are remembered at twice the distance in time. */
const most = 512;

/**
 * How long the oldest record has waited that a partition has yet to give. It counts from when the partition's end was
 * first seen behind that record, so no record has to be read.
 */
export class LagAge {
  private ends: { high: bigint; seenAt: number }[] = [];
  private apartMs = 0;

  /** At `now`, in milliseconds, the partition ended at `high`. */
  saw(high: bigint, now: number): void {
    const last = this.ends.at(-1);
    if (last && (last.high >= high || now - last.seenAt < this.apartMs)) return;
    this.ends.push({ high, seenAt: now });
    if (this.ends.length <= most) return;
    this.apartMs = ((now - this.ends[0]!.seenAt) / most) * 2;
    this.ends = this.ends.filter((_, index) => index % 2 === 0);
  }

  /**
   * Seconds that the record at `next` has waited; 0 when it is not there yet. For a lag of hours it may be a few
   * minutes too little.
   */
  seconds(next: bigint, now: number): number {
    const waiting = this.ends.findIndex(({ high }) => high > next);
    if (waiting < 0) {
      this.ends = this.ends.slice(-1);
      this.apartMs = 0;
      return 0;
    }
    if (waiting > 0) this.ends.splice(0, waiting);
    return Math.max(now - this.ends[0]!.seenAt, 0) / 1000;
  }
}
