/** So many ends are remembered; with more, they are remembered at twice the distance in time. */
const most = 512;

/**
 * How long the oldest record has waited that a partition has yet to give: from when its end was first seen behind that
 * record, so no record need be read.
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
   * Seconds that the record at `next` has waited; 0 when it is not there yet. Of a lag that is hours old it may be a
   * few minutes too little.
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
