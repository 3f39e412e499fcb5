import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What messaging tells about itself. */
export class MessagingMetrics {
  readonly outboxWaiting: Gauge;
  readonly outboxOldest: Gauge;
  readonly outboxSent: Counter;
  readonly publishSeconds: Histogram;
  readonly leaseChanges: Counter;
  readonly resent: Counter;
  readonly lag: Gauge;
  readonly parked: Gauge;
  readonly consumed: Counter;
  readonly sliceSeconds: Histogram;
  readonly eventAge: Histogram;
  readonly paused: Gauge;
  readonly skippedAhead: Counter;

  constructor(readonly registry: Registry = new Registry()) {
    const registers = [registry];
    const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
    this.outboxWaiting = new Gauge({ registers, name: 'crm_outbox_waiting', help: 'Events committed and not yet acknowledged by Kafka.' });
    this.outboxOldest = new Gauge({ registers, name: 'crm_outbox_oldest_seconds', help: 'Age of the oldest event not yet acknowledged by Kafka.' });
    this.outboxSent = new Counter({ registers, name: 'crm_outbox_sent_total', help: 'Events acknowledged by Kafka.' });
    this.publishSeconds = new Histogram({ registers, name: 'crm_outbox_publish_seconds', help: 'From the insert of an event to its acknowledgement.', buckets: seconds });
    this.leaseChanges = new Counter({ registers, name: 'crm_outbox_lease_changes_total', help: 'Outbox shards that this process took or lost.' });
    this.resent = new Counter({ registers, name: 'crm_outbox_states_resent_total', help: 'States sent again after an unclean change of a shard\'s owner.' });
    this.lag = new Gauge({ registers, name: 'kafka_consumergroup_lag', help: 'Records that the group has yet to take.', labelNames: ['consumergroup', 'topic', 'partition'] });
    this.parked = new Gauge({ registers, name: 'crm_parked_messages', help: 'Records that wait for a repair and a replay.', labelNames: ['consumergroup'] });
    this.consumed = new Counter({ registers, name: 'crm_consumed_total', help: 'Records by what became of them.', labelNames: ['consumergroup', 'outcome'] });
    this.sliceSeconds = new Histogram({ registers, name: 'crm_consumer_transaction_seconds', help: 'Duration of a consumer\'s transactions.', labelNames: ['consumergroup'], buckets: seconds });
    this.eventAge = new Histogram({ registers, name: 'crm_event_effect_seconds', help: 'From the producer\'s insert to the commit of the effect here, where the clocks agree.', labelNames: ['consumergroup'], buckets: seconds });
    this.paused = new Gauge({ registers, name: 'crm_consumer_paused', help: 'Partitions held back, by reason.', labelNames: ['consumergroup', 'reason'] });
    this.skippedAhead = new Counter({ registers, name: 'crm_consumer_watchdog_total', help: 'Steps of the watchdog past an offset where reading had stopped.', labelNames: ['consumergroup'] });
  }
}
