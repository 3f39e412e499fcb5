import type { ConnectionOptions } from 'node:tls';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { TopicSettings } from '@quen/events';
import type { TransactionOptions } from './transaction.js';

/** How to sign in to the brokers. */
export type KafkaSasl =
  | { mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; username: string; password: string }
  | { mechanism: 'oauthbearer'; token: () => Promise<string> };

/** Which of the two implementations of the Kafka port to use. */
export const kafkaClients = ['kafkajs', 'platformatic'] as const;

/** Where the brokers are and how to reach them. */
export interface KafkaSettings {
  /** Default: platformatic, which needs Node 22.22 or newer. Members of a group may differ in it. */
  client?: (typeof kafkaClients)[number];
  /** `host:port` of the bootstrap brokers. */
  brokers: string[];
  /** True for TLS with the system's authorities, or the TLS options (ca, cert, key, rejectUnauthorized, servername). */
  ssl?: boolean | ConnectionOptions;
  sasl?: KafkaSasl;
  /**
   * Literal prefix of topics and groups, such as `staging.`, so that several installations share a cluster. Default:
   * none.
   */
  namespace?: string;
}

/**
 * Which parts of messaging's safety may be off, so that a test can show what each is for; see `ConsumerGuards` and
 * `RelayGuards`.
 */
export const guardNames = ['fence', 'inbox', 'leases', 'resend'] as const;
export type GuardName = (typeof guardNames)[number];

/** Everything that messaging needs to know; it never reads the process's environment itself. */
export interface MessagingSettings {
  /** Name of the service, e.g. `sales`: the source of its events and the owner of its topics. */
  service: string;
  kafka: KafkaSettings;
  topics?: TopicSettings;
  /** Which parts run in this process; both by default. */
  roles?: { consumer?: boolean; relay?: boolean };
  /**
   * True where a store is made anew beside the one in use: handlers do all that they do, and nothing of it is
   * published.
   */
  silent?: boolean;
  logger?: Logger;
  /** Where metrics are registered; without it they are kept in a registry of their own. */
  metrics?: Registry;
  /**
   * How each transaction that the consumer or a replay opens begins, e.g. by entering the system's row-level-security
   * scope.
   */
  transaction?: Pick<TransactionOptions, 'beginWith' | 'begin'>;
  /**
   * Called when a part died that cannot be restarted. Default: end the process with 1, for the supervisor to start it
   * again.
   */
  onFatal?: (error: Error) => void;
  /** For fault tests only: the guards that are off. */
  guardsOff?: readonly GuardName[];
  /** Changes from the defaults, mostly for tests. */
  tuning?: Partial<Tuning>;
}

/** Times and sizes; durations in milliseconds. The defaults are those of the design. */
export interface Tuning {
  /** How long a relay owns a shard without renewing; longer than the longest send. */
  leaseTtlMs: number;
  leaseRenewMs: number;
  /** How long the last sent state of an aggregate is remembered for a new owner to send again. */
  stateMemoryMs: number;
  relayBatch: number;
  relayBatchBytes: number;
  /** A relay with nothing to do looks again after this long, doubling up to the maximum. */
  pollMinMs: number;
  pollMaxMs: number;
  /** A slice of records shares one transaction; it ends after so many records or so long. */
  sliceRecords: number;
  sliceMs: number;
  partitionsConcurrently: number;
  /** How often a record that fails for its own reasons is tried before it is parked. */
  tries: number;
  /**
   * After a transient failure a partition waits for the first of these, doubled with each failure in a row up to the
   * second, give or take a quarter. The second is far below the minute within which lag must be gone after a failure.
   */
  backoffMinMs: number;
  backoffMaxMs: number;
  /**
   * A partition on which more than so many records, or more than this share, were parked within a minute is paused: the
   * consumer is wrong, not the data.
   */
  breakerParked: number;
  breakerShare: number;
  breakerWindowMs: number;
  breakerPauseMs: number;
  /** Lag without a batch for this long means the consumer is stuck. */
  stuckMs: number;
  inboxKeepMs: number;
  /** After so long without a heartbeat a killed member's partitions go to others; the fence makes a short time safe. */
  sessionTimeoutMs: number;
  heartbeatMs: number;
  stopMs: number;
}

/** The design's defaults. */
export const defaultTuning: Tuning = {
  leaseTtlMs: 30_000,
  leaseRenewMs: 5_000,
  stateMemoryMs: 600_000,
  relayBatch: 500,
  relayBatchBytes: 900_000,
  pollMinMs: 20,
  pollMaxMs: 500,
  sliceRecords: 200,
  sliceMs: 1_000,
  partitionsConcurrently: 4,
  tries: 3,
  backoffMinMs: 1_000,
  backoffMaxMs: 20_000,
  breakerParked: 50,
  breakerShare: 0.05,
  breakerWindowMs: 60_000,
  breakerPauseMs: 60_000,
  stuckMs: 30_000,
  inboxKeepMs: 7 * 86_400_000,
  sessionTimeoutMs: 10_000,
  heartbeatMs: 2_000,
  stopMs: 25_000,
};
