export { afterCommit, currentTransaction, inSavepoint, inTransaction, isOpen, type AfterCommit, type Transaction, type TransactionOptions } from './transaction.js';
export { context, type MessageContext } from './context.js';
export { defineProblem, definedProblems, Problem, type Language, type ProblemDetail, type ProblemFactory, type ProblemKind, type ProblemParams } from './problem.js';
export { newId } from './ids.js';
export { bucketOf, murmur2 } from './murmur2.js';
export { defaultTuning, type KafkaSasl, type KafkaSettings, type MessagingSettings, type TopicSettings, type Tuning } from './settings.js';
export { Events, type Change, type Versioned } from './producing/events.js';
export { type Received } from './consuming/received.js';
export { handlersOf, On, OnBatch, Reactions, reactionsOf, type Delivered, type Reaction, type ReactionsDeclaration, type ReactionsOptions, type StartFrom } from './consuming/reactions.js';
