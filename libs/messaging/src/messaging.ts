import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import type { ConsumerStrategy } from './consuming/consumer-strategy.js';
import { countParked } from './consuming/parking.js';
import { pruneInbox } from './consuming/positions.js';
import { BrokerWatch } from './kafka/broker-watch.js';
import type { KafkaClient } from './kafka/port.js';
import type { MessagingMetrics } from './metrics.js';
import { readControls } from './operating/controls.js';
import type { Relay } from './producing/relay.js';
import type { MessagingSettings, Tuning } from './settings.js';

const measureMs = 5_000;
/** An operator's pause is obeyed within about a second. */
const obeyMs = 750;
const pruneMs = 600_000;

/** How messaging is. */
export interface HealthAnswer {
  ok: boolean;
  reasons: string[];
  /** What operators did on purpose; it speaks against neither. */
  notes: string[];
}

/** What readiness depends on here; each with its reasons, none when it is well. */
export interface MessagingChecks {
  broker: string[];
  relay: string[];
  consumers: string[];
}

/** Starts and stops what runs in the background, and knows how it is. */
export class Messaging {
  private stopping: AbortController | undefined;
  private loops: Promise<unknown> = Promise.resolve();
  private readonly brokers: BrokerWatch;

  constructor(
    private readonly settings: MessagingSettings,
    private readonly tuning: Tuning,
    private readonly db: DataSource,
    private readonly kafka: KafkaClient,
    private readonly relay: Relay,
    private readonly strategy: ConsumerStrategy,
    private readonly metrics: MessagingMetrics,
  ) {
    this.brokers = new BrokerWatch(kafka);
  }

  /**
   * Starts relay, lag measuring and pruning as far as this process has the roles; the reactions start with Nest's
   * microservices.
   */
  start(): Promise<void> {
    if (this.stopping) return Promise.resolve();
    this.stopping = new AbortController();
    const { signal } = this.stopping;
    const { relay = true, consumer = true } = this.settings.roles ?? {};
    if (relay) this.relay.start();
    this.brokers.begin();
    this.loops = Promise.all([
      ...(relay || consumer ? [this.every(measureMs, signal, () => this.brokers.ask())] : []),
      ...(consumer
        ? [
            this.every(measureMs, signal, () => this.measure()),
            this.every(obeyMs, signal, () => this.obey()),
            this.every(pruneMs, signal, () => this.prune()),
          ]
        : []),
    ]);
    return Promise.resolve();
  }

  /** Stops consuming, then sending; what is in work is finished. */
  async stop(): Promise<void> {
    this.stopping?.abort();
    await this.strategy.close();
    await this.relay.stop();
    await this.loops;
    this.stopping = undefined;
    await this.kafka.close();
  }

  /** Whether this process is of use: a consumer that stands still though there is work is not. Without I/O. */
  live(): HealthAnswer {
    return this.answer(this.strategy.running.flatMap((consumer) => consumer.problems().live));
  }

  /** Whether everything is connected and keeps up. Without I/O. */
  ready(): HealthAnswer {
    const { broker, relay, consumers } = this.checks();
    return this.answer([...broker, ...relay, ...consumers]);
  }

  /** What people did on purpose and should not forget: paused consumers. */
  notes(): string[] {
    return this.strategy.running.flatMap((consumer) => consumer.problems().notes);
  }

  /** What {@link ready} asks, one by one. Without I/O; a process without a role has nothing to say of it. */
  checks(): MessagingChecks {
    const { relay = true, consumer = true } = this.settings.roles ?? {};
    const list = (problem: string | undefined): string[] => (problem ? [problem] : []);
    return {
      broker: relay || consumer ? list(this.brokers.problem) : [],
      relay: relay ? list(this.relay.problem) : [],
      consumers: this.strategy.running.flatMap((running) => {
        const { ready, live } = running.problems();
        return [...ready, ...live];
      }),
    };
  }

  private async obey(): Promise<void> {
    const controls = await readControls(this.db).catch(() => undefined);
    if (controls) for (const consumer of this.strategy.running) consumer.obey(controls(consumer.group.name));
  }

  private async measure(): Promise<void> {
    for (const consumer of this.strategy.running) {
      await consumer.recover();
      await consumer.measure();
      this.metrics.parked.set(
        { consumergroup: consumer.group.name },
        await countParked(this.db.manager, consumer.group.name),
      );
    }
  }

  private async prune(): Promise<void> {
    while ((await pruneInbox(this.db, this.tuning.inboxKeepMs)) >= 5000 && !this.stopping?.signal.aborted);
  }

  private async every(ms: number, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    while (!signal.aborted) {
      await sleep(ms * (0.9 + Math.random() / 5), undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      await work().catch((error: unknown) =>
        this.settings.logger?.warn({ error: String(error) }, 'messaging could not look after itself'),
      );
    }
  }

  private answer(reasons: string[]): HealthAnswer {
    return { ok: reasons.length === 0, reasons, notes: this.notes() };
  }
}
