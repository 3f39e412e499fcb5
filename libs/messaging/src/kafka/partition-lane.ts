import type { GroupListener, PartitionBatch, WireRecord } from './port.js';

/** A partition is not fetched any more when so many of its bytes wait to be taken. */
const bufferBytes = 262_144;

/** How long a batch rests before it is fetched again, when none of it was resolved. */
const retryMs = 100;

/** Records fetched together. */
export interface Fetched {
  readonly records: readonly WireRecord[];
  /** Size on the wire, about. */
  readonly bytes: number;
  readonly endOffset: bigint;
  readonly highWatermark: bigint;
}

/**
 * One assigned partition: what was fetched ahead, what is being worked on, and what of it is done. One batch at a time.
 */
export class PartitionLane {
  private readonly fetched: Fetched[] = [];
  private bytes = 0;
  /** Everything below is done. */
  private done: bigint;
  /** Where the next fetch begins. */
  private next: bigint;
  /** Counts the times that reading was moved, so that a batch knows whether it still counts. */
  private moves = 0;
  private restUntil = 0;
  private toCommit: bigint | undefined;
  private ended = false;
  private revoked = false;
  paused = false;
  busy = false;
  /** Fetches that asked for this partition and left nothing of it to work on. */
  fetchesInVain = 0;

  constructor(
    readonly topic: string,
    readonly partition: number,
    offset: bigint,
  ) {
    this.done = this.next = offset;
  }

  /** Where to fetch; undefined when nothing can be taken at present. */
  fetchOffset(now = performance.now()): bigint | undefined {
    return this.paused || this.ended || this.bytes >= bufferBytes || now < this.restUntil ? undefined : this.next;
  }

  /** Takes what a fetch at `offset` brought, unless reading was moved since. */
  take(offset: bigint, fetched: Fetched): void {
    if (offset !== this.next || fetched.endOffset <= offset) return;
    this.next = fetched.endOffset;
    this.bytes += fetched.bytes;
    this.fetched.push(fetched);
  }

  /** A fetch that asked for this partition was completed. */
  asked(): void {
    if (!this.busy && this.fetched.length === 0) this.fetchesInVain += 1;
  }

  get ready(): boolean {
    return !this.busy && !this.paused && !this.ended && this.fetched.length > 0;
  }

  seek(offset: bigint): void {
    this.moves += 1;
    this.restUntil = 0;
    this.rewind(offset);
  }

  /** No more batches; the one in work should come to an end, and may still commit. */
  end(): void {
    this.ended = true;
  }

  /** Others may have the partition from now on. */
  revoke(): void {
    this.ended = this.revoked = true;
  }

  /** The highest offset to tell the broker; asked once. */
  takeCommit(): bigint | undefined {
    const offset = this.toCommit;
    this.toCommit = undefined;
    return offset;
  }

  /** Hands everything fetched so far to the listener, and fetches again what was not resolved. */
  async work(listener: Pick<GroupListener, 'batch'>): Promise<void> {
    const move = this.moves;
    const from = this.done;
    const batch = this.batch(move);
    this.busy = true;
    try {
      await listener.batch(batch);
    } finally {
      this.busy = false;
      if (move === this.moves && this.done < batch.endOffset) {
        if (this.done === from) this.restUntil = performance.now() + retryMs;
        this.rewind(this.done);
      }
    }
  }

  private batch(move: number): PartitionBatch {
    const fetched = this.fetched.splice(0);
    this.bytes = 0;
    const last = fetched[fetched.length - 1]!;
    const current = (): boolean => move === this.moves && !this.ended;
    return {
      topic: this.topic,
      partition: this.partition,
      records: fetched.length === 1 ? last.records : fetched.flatMap(({ records }) => records),
      endOffset: last.endOffset,
      highWatermark: last.highWatermark,
      resolve: (offset) => {
        if (move === this.moves && offset > this.done) this.done = offset;
      },
      commit: async (offset) => {
        if (move === this.moves && !this.revoked && offset > (this.toCommit ?? -1n)) this.toCommit = offset;
      },
      heartbeat: async () => undefined,
      current,
    };
  }

  private rewind(offset: bigint): void {
    this.done = this.next = offset;
    this.fetched.length = 0;
    this.bytes = 0;
  }
}
