import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { deadLetterTopic, topicSpec } from '@quen/events';
import { GroupConsumer } from '../consuming/group-consumer.js';
import { ReactionGroup } from '../consuming/reaction-group.js';
import type { ConsumerGuards } from '../consuming/slice-processor.js';
import { newId } from '../ids.js';
import { kafkaClient } from '../kafka/kafka-client.js';
import type { KafkaClient, OutgoingRecord } from '../kafka/port.js';
import { MessagingMetrics } from '../metrics.js';
import { messagingMigrations } from '../migrations/index.js';
import { Events } from '../producing/events.js';
import { Relay, type RelayGuards } from '../producing/relay.js';
import { defaultTuning, kafkaClients, type KafkaSettings, type Tuning } from '../settings.js';
import { counterStateTopic, counterTopic, type CounterState, type CounterStepped } from './declarations.js';

const partitions = 4;

/** One database and one namespace of the run's engines, with relays and consumers as a test wants them. */
export class Lab {
  readonly metrics = new MessagingMetrics();
  private readonly stops: (() => Promise<unknown>)[] = [];

  private constructor(
    readonly namespace: string,
    readonly databaseUrl: string,
    readonly brokers: string,
    readonly db: DataSource,
    readonly kafka: KafkaClient,
  ) {}

  /** @param brokers of another broker than the run's; default: KAFKA_BROKERS */
  static async open(brokers = required('KAFKA_BROKERS'), topics = true): Promise<Lab> {
    const name = `lab_${randomBytes(4).toString('hex')}`;
    const admin = required('DATABASE_URL');
    await asAdmin(admin, `create database ${name}`);
    const url = new URL(admin);
    url.pathname = `/${name}`;
    const db = await dataSource(url.href);
    await db.runMigrations();
    await db.query(
      `create table effect (n bigint generated always as identity primary key, event_id uuid not null, counter_id uuid not null, step integer not null)`,
    );
    await db.query(
      `create table replica (counter_id uuid primary key, version integer not null, value integer not null)`,
    );
    await db.query(`create table counter (id uuid primary key, version integer not null)`);
    const kafka = kafkaClient({ ...labClient(), brokers: brokers.split(','), namespace: `${name}.` }, 'lab');
    if (topics)
      await kafka.createTopics(
        [counterTopic, counterStateTopic, deadLetterTopic('lab')].map((topic) => topicSpec(topic, { partitions })),
      );
    const lab = new Lab(`${name}.`, url.href, brokers, db, kafka);
    lab.stops.push(
      () => kafka.close(),
      () => db.destroy(),
      () => asAdmin(admin, `drop database ${name} with (force)`),
    );
    return lab;
  }

  async close(): Promise<void> {
    for (const stop of this.stops) await stop();
  }

  /** A relay that runs until the lab closes, or is stopped. */
  relay(guards?: RelayGuards, tuning: Partial<Tuning> = {}): Relay {
    const relay = new Relay(this.db, this.kafka, { ...defaultTuning, ...tuning }, this.metrics, undefined, guards);
    this.stops.unshift(() => relay.stop());
    relay.start();
    return relay;
  }

  events(wake: () => void = () => undefined): Events {
    return new Events('lab', wake);
  }

  /** A member of the group of this `@Reactions` instance. */
  consumer(
    reactions: object,
    guards: Partial<ConsumerGuards> = {},
    tuning: Partial<Tuning> = {},
    db = this.db,
  ): GroupConsumer {
    const [group] = ReactionGroup.of([reactions]);
    const consumer = new GroupConsumer(group!, {
      service: 'lab',
      db,
      kafka: this.kafka,
      metrics: this.metrics,
      wake: () => undefined,
      guards: { fence: true, inbox: true, ...guards },
      tuning: { ...defaultTuning, backoffMinMs: 100, ...tuning },
      onFatal: (error) => {
        throw error;
      },
    });
    this.stops.unshift(() => consumer.stop());
    consumer.start();
    return consumer;
  }

  /** Writes records to the topics as they are. */
  async write(records: readonly OutgoingRecord[]): Promise<void> {
    const sender = await this.kafka.sender('plain');
    try {
      for (let start = 0; start < records.length; start += 500) await sender.send(records.slice(start, start + 500));
    } finally {
      await sender.close();
    }
  }

  /** What the consumer `effect`s are: steps by counter, in order of commit. */
  async effects(): Promise<Map<string, number[]>> {
    const rows = await this.db.query<{ counter_id: string; step: number }[]>(
      `select counter_id, step from effect order by n`,
    );
    const byCounter = new Map<string, number[]>();
    for (const { counter_id, step } of rows) byCounter.set(counter_id, [...(byCounter.get(counter_id) ?? []), step]);
    return byCounter;
  }

  /** How many effects there are. */
  async count(): Promise<number> {
    return [...(await this.effects()).values()].reduce((sum, steps) => sum + steps.length, 0);
  }

  /** The records that were parked, oldest first. */
  parked(): Promise<{ n: string; msg_key: string; error_class: string; attempts: number; status: string }[]> {
    return this.db.query(`select n, msg_key, error_class, attempts, status from inbox_parked order by n`);
  }
}

/** A data source of its own, as another process would have. */
export async function dataSource(url: string): Promise<DataSource> {
  return new DataSource({ type: 'postgres', url, migrations: messagingMigrations, extra: { max: 12 } }).initialize();
}

/** A well-formed record of a step. */
export function steppedRecord(counterId: string, step: number, id = newId()): OutgoingRecord {
  const value: CounterStepped & Record<string, unknown> = {
    counterId,
    step,
    note: 'test',
    eventId: id,
    aggregateId: counterId,
    aggregateVersion: step,
    occurredAt: '2026-01-02T03:04:05.678Z',
  };
  return {
    topic: counterTopic.name,
    key: counterId,
    value: JSON.stringify(value),
    headers: wireHeaders('crm.lab.counter-stepped.v1', counterId, step, id),
  };
}

/** A well-formed record of a state; null is erased. */
export function stateRecord(counterId: string, version: number, value: number | null, id = newId()): OutgoingRecord {
  const state: CounterState & Record<string, unknown> = {
    counterId,
    version,
    value: value ?? 0,
    eventId: id,
    aggregateId: counterId,
    aggregateVersion: version,
    occurredAt: '2026-01-02T03:04:05.678Z',
  };
  return {
    topic: counterStateTopic.name,
    key: counterId,
    value: value === null ? null : JSON.stringify(state),
    headers: wireHeaders('crm.lab.counter-state.v1', counterId, version, id),
  };
}

function wireHeaders(type: string, subject: string, version: number, id: string): Record<string, string> {
  return {
    ce_specversion: '1.0',
    ce_id: id,
    ce_source: '/crm/lab',
    ce_type: type,
    ce_subject: subject,
    ce_time: '2026-01-02T03:04:05.678Z',
    'content-type': 'application/json',
    ce_sequence: String(version),
    ce_dataclass: 'none',
    ce_correlationid: id,
  };
}

/** The client that KAFKA_CLIENT names, so that every test here can be run with each. */
export function labClient(): Pick<KafkaSettings, 'client'> {
  const name = process.env['KAFKA_CLIENT'];
  const client = kafkaClients.find((known) => known === name);
  if (name && !client) throw new Error(`KAFKA_CLIENT is one of ${kafkaClients.join(', ')}`);
  return client ? { client } : {};
}

export function required(variable: string): string {
  const value = process.env[variable];
  if (!value)
    throw new Error(
      `${variable} is not set: it-specs run under the root jest.config.js, whose setup starts Postgres and Kafka`,
    );
  return value;
}

async function asAdmin(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
