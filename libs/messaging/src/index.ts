export {
  afterCommit,
  begunAt,
  currentTransaction,
  inSavepoint,
  inTransaction,
  isOpen,
  type AfterCommit,
  type Transaction,
  type TransactionOptions,
} from './transaction.js';
export { context, type MessageContext } from './context.js';
export {
  defineProblem,
  definedProblems,
  Problem,
  type Language,
  type ProblemDetail,
  type ProblemFactory,
  type ProblemKind,
  type ProblemParams,
} from './problem.js';
export { newId } from './ids.js';
export { bucketOf, murmur2 } from './murmur2.js';
export {
  defaultTuning,
  guardNames,
  kafkaClients,
  type GuardName,
  type KafkaSasl,
  type KafkaSettings,
  type MessagingSettings,
  type Tuning,
} from './settings.js';
export { Events, type Change, type Versioned } from './producing/events.js';
export { newestOfEach, type Received } from './consuming/received.js';
export {
  handlersOf,
  On,
  OnBatch,
  OnBatchOf,
  Reactions,
  reactionsOf,
  type Delivered,
  type Reaction,
  type ReactionsDeclaration,
  type ReactionsOptions,
  type StartFrom,
} from './consuming/reactions.js';
export { contextOf } from './consuming/decode.js';
export { isTransient } from './consuming/transient.js';
export { ConsumerStrategy } from './consuming/consumer-strategy.js';
export { type HeldReason } from './consuming/holds.js';
export { notReread, unknownAggregate, unknownRecord, unknownState } from './operating/problems.js';
export { Operations } from './operating/operations.js';
export {
  beginOperation,
  finishOperation,
  recordOperation,
  type OperationAction,
  type OperationEntry,
} from './operating/operation-log.js';
export { type ConsumerStatus, type OutboxStatus, type PartitionStatus } from './operating/overview.js';
export { type ParkedFilter } from './operating/parked-filter.js';
export {
  type ErrorSummary,
  type KeySummary,
  type ParkedSummary,
  type RecordValue,
  type RepairReport,
} from './operating/parked-records.js';
export { type ReplayFailure, type ReplayReport } from './operating/replay.js';
export { type RereadReport, type RereadRequest } from './operating/reread.js';
export { type Pause, type PositionMove, type ResetReport, type Resumed } from './operating/controls.js';
export { createTopics } from './kafka/topics.js';
export { Messaging, type HealthAnswer, type MessagingChecks } from './messaging.js';
export { MessagingMetrics } from './metrics.js';
export { MessagingModule, type MessagingModuleOptions } from './messaging.module.js';
export { messagingMigrations } from './migrations/index.js';
export { Relay } from './producing/relay.js';
export { ShadowReading, type LostHistory } from './rebuilding/shadow-reading.js';
export { positionsOf, settledOf, type GroupPositions, type SettledRecord } from './rebuilding/positions-of.js';
export { unknownConsumer } from './operating/problems.js';
