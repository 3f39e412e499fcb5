import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { events } from '@quen/events';

/**
 * What becomes of a record: done, not meant for the group, of a type that this version does not know, seen before, set
 * aside for its own fault, set aside behind such a one.
 */
const outcomes = ['handled', 'ignored', 'unknown', 'duplicate', 'parked', 'behind'] as const;
export type Outcome = (typeof outcomes)[number];

/**
 * What messaging tells about itself. Gauges that describe the service's database, such as the outbox's age or the
 * parked records, are the same in every process: take their maximum. Those that describe what a process holds, such as
 * partitions and shards, add up.
 */
export class MessagingMetrics {
  /** Called whenever the metrics are read, to set what is known without asking anybody. */
  readonly collecting = new Set<() => void>();
  readonly outboxWaiting: Gauge;
  readonly outboxOldest: Gauge;
  readonly outboxSent: Counter;
  readonly publishSeconds: Histogram;
  readonly leases: Gauge;
  readonly leaseChanges: Counter;
  readonly resends: Counter;
  readonly resent: Counter;
  readonly partitions: Gauge;
  readonly lag: Gauge;
  readonly lagSeconds: Gauge;
  readonly stuck: Gauge;
  readonly parked: Gauge;
  readonly consumed: Counter;
  readonly unknownEvents: Counter;
  readonly sliceSeconds: Histogram;
  readonly eventAge: Histogram;
  readonly paused: Gauge;
  readonly skippedAhead: Counter;
  private readonly facts: ReadonlyMap<string, Counter>;

  /** @param service whose facts are counted, each in a counter of its own: `crm_order_confirmed_total` */
  constructor(
    readonly registry: Registry = new Registry(),
    service?: string,
  ) {
    const registers = [registry];
    const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
    // a registry reads its metrics in the order of their registration, so the first one's reading sets the values of
    // all
    const collect = (): void => this.collecting.forEach((tell) => tell());
    this.outboxWaiting = new Gauge({
      registers,
      collect,
      name: 'crm_outbox_waiting',
      help: 'Events committed and not yet acknowledged by Kafka, in the whole service; above 10,000 an estimate, never too low.',
    });
    this.outboxOldest = new Gauge({
      registers,
      name: 'crm_outbox_oldest_seconds',
      help: 'Age of the oldest event not yet acknowledged by Kafka, in the whole service.',
    });
    this.outboxSent = new Counter({ registers, name: 'crm_outbox_sent_total', help: 'Events acknowledged by Kafka.' });
    this.publishSeconds = new Histogram({
      registers,
      name: 'crm_outbox_publish_seconds',
      help: 'From the insert of an event to its acknowledgement.',
      buckets: seconds,
    });
    this.leases = new Gauge({
      registers,
      name: 'crm_outbox_leases',
      help: 'Outbox shards that this process may send at present; 16 over all processes of a service.',
    });
    this.leaseChanges = new Counter({
      registers,
      name: 'crm_outbox_lease_changes_total',
      help: 'Outbox shards that this process took or lost.',
    });
    this.resends = new Counter({
      registers,
      name: 'crm_outbox_resends_total',
      help: "Times that recent states were sent again after an unclean change of a shard's owner.",
    });
    this.resent = new Counter({
      registers,
      name: 'crm_outbox_states_resent_total',
      help: "States sent again after an unclean change of a shard's owner.",
    });
    this.partitions = new Gauge({
      registers,
      name: 'crm_consumer_partitions',
      help: 'Partitions that this process reads.',
      labelNames: ['consumergroup'],
    });
    this.lag = new Gauge({
      registers,
      name: 'kafka_consumergroup_lag',
      help: 'Records that the group has yet to take, of partitions that this process reads.',
      labelNames: ['consumergroup', 'topic', 'partition'],
    });
    this.lagSeconds = new Gauge({
      registers,
      name: 'kafka_consumergroup_lag_seconds',
      help: 'How long the oldest of these records has waited since this process saw that it was there.',
      labelNames: ['consumergroup', 'topic', 'partition'],
    });
    this.stuck = new Gauge({
      registers,
      name: 'crm_consumer_stuck_partitions',
      help: 'Partitions with lag in which nothing has moved for so long that the process is no longer alive.',
      labelNames: ['consumergroup'],
    });
    this.parked = new Gauge({
      registers,
      name: 'crm_parked_messages',
      help: 'Records that wait for a repair and a replay, in the whole service.',
      labelNames: ['consumergroup'],
    });
    this.consumed = new Counter({
      registers,
      name: 'crm_consumed_total',
      help: 'Records by what became of them.',
      labelNames: ['consumergroup', 'outcome'],
    });
    this.unknownEvents = new Counter({
      registers,
      name: 'crm_unknown_events_total',
      help: 'Records passed over, since this version does not know their type; after a hundred types of a group, `other`.',
      labelNames: ['consumergroup', 'topic', 'type'],
    });
    this.sliceSeconds = new Histogram({
      registers,
      name: 'crm_consumer_transaction_seconds',
      help: "Duration of a consumer's transactions.",
      labelNames: ['consumergroup'],
      buckets: seconds,
    });
    this.eventAge = new Histogram({
      registers,
      name: 'crm_event_effect_seconds',
      help: "From the producer's insert to the commit of the effect here, where the clocks agree.",
      labelNames: ['consumergroup'],
      buckets: seconds,
    });
    this.paused = new Gauge({
      registers,
      name: 'crm_consumer_paused',
      help: 'Partitions held back, by reason.',
      labelNames: ['consumergroup', 'reason'],
    });
    this.skippedAhead = new Counter({
      registers,
      name: 'crm_consumer_watchdog_total',
      help: 'Steps of the watchdog past an offset where reading had stopped.',
      labelNames: ['consumergroup'],
    });
    const facts = events().filter((event) => event.topic.service === service && !event.state);
    const names = new Map(
      facts.map((event) => [
        event.type,
        `crm_${event.name.slice(event.name.lastIndexOf('.') + 1).replaceAll('-', '_')}_total`,
      ]),
    );
    const counters = new Map(
      [...new Set(names.values())].map((name) => [
        name,
        new Counter({ registers, name, help: 'Facts of this kind that were committed by this process.' }),
      ]),
    );
    this.facts = new Map([...names].map(([type, name]) => [type, counters.get(name)!]));
  }

  /** Begins the counters of a group at zero, so that their first increase is seen. */
  consuming(consumergroup: string): void {
    for (const outcome of outcomes) this.consumed.inc({ consumergroup, outcome }, 0);
    this.skippedAhead.inc({ consumergroup }, 0);
  }

  /** Counts facts that were committed, by their CloudEvents types; states are not counted. */
  committed(types: readonly string[]): void {
    for (const type of types) this.facts.get(type)?.inc();
  }
}
