import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import { GroupConsumer, type GroupDependencies } from './group-consumer.js';
import type { ReactionGroup } from './reaction-group.js';

/**
 * Nest's transport for reactions: one group consumer for each `@Reactions` group, on batches, exactly once per
 * database.
 * It dispatches by event type itself, so Nest's own handler map stays empty.
 */
export class ConsumerStrategy extends Server implements CustomTransportStrategy {
  override readonly transportId = Symbol('quen:kafka');
  private consumers: GroupConsumer[] = [];

  /**
   * @param groups called once, when listening begins, since controllers exist only then
   * @param enabled false in a process that does not consume
   */
  constructor(
    private readonly groups: () => readonly ReactionGroup[],
    private readonly with_: GroupDependencies,
    private readonly enabled: boolean,
  ) {
    super();
  }

  /** The consumers that run. */
  get running(): readonly GroupConsumer[] {
    return this.consumers;
  }

  /** Begins reading; returns at once, since joining a group may have to wait for the brokers. */
  override listen(callback: (error?: unknown) => void): void {
    // Every process of the service reports this, so that a group that nobody reads shows as one with no partitions.
    for (const { name } of this.groups()) this.with_.metrics.partitions.set({ consumergroup: name }, 0);
    if (this.enabled && !this.consumers.length) {
      this.consumers = this.groups().map((group) => new GroupConsumer(group, this.with_));
      this.consumers.forEach((consumer) => consumer.start());
    }
    callback();
  }

  /** Finishes the transactions in work, for as long as a stop may take, and leaves the groups. */
  override async close(): Promise<void> {
    const stopping = this.consumers;
    this.consumers = [];
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.with_.tuning.stopMs);
    });
    await Promise.race([Promise.allSettled(stopping.map((consumer) => consumer.stop())), patience]);
    clearTimeout(timer);
  }

  override on(): never {
    throw new Error('The consumer has no transport events; see MessagingHealth and the metrics');
  }

  override unwrap<T>(): T {
    return this.consumers as T;
  }
}
