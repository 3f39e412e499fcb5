import type { Tuning } from '../settings.js';
import { placeKey } from './positions.js';

/** Why a partition is not read at present; `operator` lies over every other reason and holds all of a consumer. */
export const heldReasons = ['transient', 'breaker', 'bootstrap', 'shortened', 'operator'] as const;
export type HeldReason = (typeof heldReasons)[number];
/** Reasons of a single partition. */
export type HoldReason = Exclude<HeldReason, 'operator'>;

interface Hold {
  reason: HoldReason;
  timer: NodeJS.Timeout | undefined;
}

/** Partitions that are held back, each with its reason and, mostly, the time after which it goes on. */
export class Holds {
  private readonly held = new Map<string, Hold>();
  private readonly failures = new Map<string, number>();
  private suspended = false;

  constructor(
    private readonly tuning: Tuning,
    private readonly pause: (topic: string, partition: number) => void,
    private readonly resume: (topic: string, partition: number) => void,
  ) {}

  has(topic: string, partition: number): boolean {
    return this.suspended || this.held.has(placeKey(topic, partition));
  }

  /** Why a partition is held; undefined when it is read. An operator's pause lies over every other reason. */
  reason(topic: string, partition: number): HeldReason | undefined {
    return this.suspended ? 'operator' : this.held.get(placeKey(topic, partition))?.reason;
  }

  get isSuspended(): boolean {
    return this.suspended;
  }

  /** Holds these partitions until {@link lift}, beside any other reason. */
  suspend(places: Iterable<{ topic: string; partition: number }>): void {
    this.suspended = true;
    for (const { topic, partition } of places) this.pause(topic, partition);
  }

  /** Ends {@link suspend}; what is held for another reason stays so. */
  lift(places: Iterable<{ topic: string; partition: number }>): void {
    this.suspended = false;
    for (const { topic, partition } of places)
      if (!this.held.has(placeKey(topic, partition))) this.resume(topic, partition);
  }

  count(reason: HoldReason): number {
    return [...this.held.values()].filter((hold) => hold.reason === reason).length;
  }

  /** Holds a partition until `afterMs`, or until {@link release} when that is not given. */
  hold(topic: string, partition: number, reason: HoldReason, afterMs?: number): void {
    const key = placeKey(topic, partition);
    clearTimeout(this.held.get(key)?.timer);
    const timer = afterMs === undefined ? undefined : setTimeout(() => this.release(topic, partition), afterMs);
    this.held.set(key, { reason, timer });
    this.pause(topic, partition);
  }

  /** Holds after a transient failure, longer each time in a row. @returns for how many milliseconds */
  backOff(topic: string, partition: number): number {
    const key = placeKey(topic, partition);
    const failures = this.failures.get(key) ?? 0;
    this.failures.set(key, failures + 1);
    const delay = Math.min(this.tuning.backoffMinMs * 2 ** failures, this.tuning.backoffMaxMs);
    this.hold(topic, partition, 'transient', delay * (0.75 + Math.random() / 2));
    return delay;
  }

  succeeded(topic: string, partition: number): void {
    this.failures.delete(placeKey(topic, partition));
  }

  release(topic: string, partition: number): void {
    const key = placeKey(topic, partition);
    clearTimeout(this.held.get(key)?.timer);
    this.held.delete(key);
    if (!this.suspended) this.resume(topic, partition);
  }

  /** Lets go of everything without reading on; for a new assignment and for the end. */
  clear(): void {
    for (const [key, { timer }] of this.held) {
      clearTimeout(timer);
      const cut = key.lastIndexOf('/');
      if (!this.suspended) this.resume(key.slice(0, cut), Number(key.slice(cut + 1)));
    }
    this.held.clear();
  }
}
