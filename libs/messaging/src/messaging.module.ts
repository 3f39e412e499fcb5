import { Module, type DynamicModule, type FactoryProvider, type ModuleMetadata } from '@nestjs/common';
import { DiscoveryModule, DiscoveryService } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { ConsumerStrategy } from './consuming/consumer-strategy.js';
import type { GroupDependencies } from './consuming/group-consumer.js';
import { ReactionGroup } from './consuming/reaction-group.js';
import { reactionsOf } from './consuming/reactions.js';
import { kafkaClient } from './kafka/kafka-client.js';
import type { KafkaClient } from './kafka/port.js';
import { Messaging } from './messaging.js';
import { MessagingMetrics } from './metrics.js';
import { ConsumerControls } from './operating/controls.js';
import { Operations } from './operating/operations.js';
import { BusOverview } from './operating/overview.js';
import { ParkedRecords } from './operating/parked-records.js';
import { Replay } from './operating/replay.js';
import { Reread } from './operating/reread.js';
import { Events } from './producing/events.js';
import { Relay } from './producing/relay.js';
import { ShadowReading } from './rebuilding/shadow-reading.js';
import { defaultTuning, type GuardName, type MessagingSettings, type Tuning } from './settings.js';

/** How the settings are made from what the application injects, usually its configuration. */
export interface MessagingModuleOptions extends Pick<ModuleMetadata, 'imports'> {
  inject?: FactoryProvider['inject'];
  useFactory: FactoryProvider<MessagingSettings>['useFactory'];
}

/** Everything a process needs of messaging, made once. */
class MessagingParts {
  readonly tuning: Tuning;
  readonly metrics: MessagingMetrics;
  readonly kafka: KafkaClient;
  readonly relay: Relay;
  readonly events: Events;
  readonly strategy: ConsumerStrategy;
  readonly operations: Operations;
  readonly shadow: ShadowReading;
  readonly messaging: Messaging;
  private reactionGroups: ReactionGroup[] | undefined;

  constructor(settings: MessagingSettings, db: DataSource, discovery: DiscoveryService) {
    const { service, logger, transaction = {}, guardsOff = [] } = settings;
    const on = (guard: GuardName): boolean => !guardsOff.includes(guard);
    this.tuning = { ...defaultTuning, ...settings.tuning };
    this.metrics = new MessagingMetrics(settings.metrics, service);
    this.kafka = kafkaClient(settings.kafka, `quen-${service}`, logger);
    this.relay = new Relay(db, this.kafka, this.tuning, this.metrics, logger, {
      leases: on('leases'),
      resend: on('resend'),
    });
    const wake = (): void => this.relay.wake();
    this.events = new Events(
      service,
      (types) => {
        this.metrics.committed(types);
        wake();
      },
      settings.silent,
    );
    // Controllers are made after this, so they are looked for when first needed.
    const groups = (): ReactionGroup[] =>
      (this.reactionGroups ??= ReactionGroup.of(
        discovery
          .getControllers()
          .map(({ instance }) => instance as object)
          .filter((instance) => instance && reactionsOf(instance.constructor)),
      ));
    const dependencies: GroupDependencies = {
      service,
      db,
      kafka: this.kafka,
      tuning: this.tuning,
      metrics: this.metrics,
      transaction,
      wake,
      ...(logger ? { logger } : {}),
      guards: { fence: on('fence'), inbox: on('inbox') },
      onFatal:
        settings.onFatal ??
        ((error) => {
          logger?.fatal({ error: String(error) }, 'messaging cannot go on');
          process.exitCode = 1;
          process.kill(process.pid, 'SIGTERM');
        }),
    };
    this.strategy = new ConsumerStrategy(groups, dependencies, settings.roles?.consumer ?? true);
    this.shadow = new ShadowReading(groups, dependencies);
    this.operations = new Operations(
      new BusOverview(db, this.kafka, groups, this.strategy),
      new ParkedRecords(db, groups, transaction),
      new Replay(db, groups, transaction),
      new ConsumerControls(db, this.kafka, groups, transaction),
      new Reread({ service, db, kafka: this.kafka, groups, transaction, wake }),
    );
    this.messaging = new Messaging(settings, this.tuning, db, this.kafka, this.relay, this.strategy, this.metrics);
  }
}

/**
 * Messaging for one service. Needs TypeORM's `DataSource` among the global providers; see the README for start and
 * stop.
 */
@Module({})
export class MessagingModule {
  static forRootAsync({ imports = [], inject = [], useFactory }: MessagingModuleOptions): DynamicModule {
    const settings = Symbol('messaging settings');
    const part = <T>(provide: FactoryProvider['provide'], pick: (parts: MessagingParts) => T): FactoryProvider<T> => ({
      provide,
      inject: [MessagingParts],
      useFactory: pick,
    });
    const exported = [
      part(Events, ({ events }) => events),
      part(Messaging, ({ messaging }) => messaging),
      part(ConsumerStrategy, ({ strategy }) => strategy),
      part(Relay, ({ relay }) => relay),
      part(Operations, ({ operations }) => operations),
      part(ShadowReading, ({ shadow }) => shadow),
      part(MessagingMetrics, ({ metrics }) => metrics),
    ];
    return {
      module: MessagingModule,
      global: true,
      imports: [DiscoveryModule, ...imports],
      providers: [
        { provide: settings, inject, useFactory },
        {
          provide: MessagingParts,
          inject: [settings, DataSource, DiscoveryService],
          useFactory: (values: MessagingSettings, db: DataSource, discovery: DiscoveryService) =>
            new MessagingParts(values, db, discovery),
        },
        ...exported,
      ],
      exports: [Events, Messaging, ConsumerStrategy, Relay, Operations, ShadowReading, MessagingMetrics],
    };
  }

  /** The same with settings that are there already. */
  static forRoot(settings: MessagingSettings): DynamicModule {
    return MessagingModule.forRootAsync({ useFactory: () => settings });
  }
}
