import type { TopicSpec } from '@quen/events';

/** A record to send. Topics are named without the installation's namespace, which only the client adds. */
export interface OutgoingRecord {
  readonly topic: string;
  readonly key: string;
  /** Null is a tombstone. */
  readonly value: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** A record as it was read. */
export interface WireRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Buffer | null;
  /**
   * Why the record cannot be taken for what it is. It contradicts itself, or stands for a batch that cannot be read,
   * whose bytes are the value.
   */
  readonly unreadable?: string;
}

/**
 * Said of a record in which a header of the envelope stands twice with different values. Other headers may stand twice,
 * and the first counts.
 */
export function contradicting(twice: string | undefined): Pick<WireRecord, 'unreadable'> {
  return twice?.startsWith('ce_') ? { unreadable: `The header ${twice} is there twice, with different values` } : {};
}

/** Sends with acknowledgement by all in-sync replicas. After any error it must be closed and made anew. */
export interface Sender {
  /** Resolves when every record is acknowledged; records of one key keep their order. */
  send(records: readonly OutgoingRecord[]): Promise<void>;
  close(): Promise<void>;
}

/** Records of one partition, fetched together; none where compaction or control markers left nothing of a stretch. */
export interface PartitionBatch {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly WireRecord[];
  /** Offset after this batch, beyond records that compaction or control markers left out. */
  readonly endOffset: bigint;
  /** Offset that the next record written to the partition will have. */
  readonly highWatermark: bigint;
  /** Remembers in this process that everything below `offset` is done. */
  resolve(offset: bigint): void;
  /**
   * Tells the broker, at once or within a second, that everything below `offset` is done. It is for lag tools only,
   * since the database decides.
   */
  commit(offset: bigint): Promise<void>;
  /**
   * Called while a long batch is worked on. A client that beats by itself does nothing. Rejects when the group wants
   * its members to join again.
   */
  heartbeat(): Promise<void>;
  /** False once the batch should no longer be worked on: stopping, or the partition was moved to another offset. */
  current(): boolean;
}

/** What a member of a consumer group is told. */
export interface GroupListener {
  /** The member has these partitions now. Batches may arrive while it runs and should wait for it. */
  joined(assignment: ReadonlyMap<string, readonly number[]>): void;
  /** Only errors of the client's own may leave it. */
  batch(batch: PartitionBatch): Promise<void>;
  /** The reader died; `restarting` tells whether it comes back by itself. */
  crashed(error: Error, restarting: boolean): void;
}

export interface GroupReaderOptions {
  group: string;
  topics: readonly string[];
  partitionsConcurrently: number;
  sessionTimeoutMs: number;
  heartbeatMs: number;
}

/** One member of a consumer group. */
export interface GroupReader {
  start(listener: GroupListener): Promise<void>;
  /**
   * Fetches completed so far that could have brought records of this partition. They tell a slow client from one that
   * cannot read on. A fetch does not count while records of the partition wait for a handler or are with one, if the
   * client knows.
   */
  fetches(topic: string, partition: number): number;
  seek(topic: string, partition: number, offset: bigint): void;
  pause(topic: string, partition: number): void;
  resume(topic: string, partition: number): void;
  /** Waits for batches in work, then leaves the group. */
  stop(): Promise<void>;
}

/** First and next offset of a partition. */
export interface PartitionOffsets {
  readonly partition: number;
  readonly low: bigint;
  readonly high: bigint;
}

/**
 * Everything that messaging asks of a Kafka client; a client is exchanged by implementing this and passing
 * `kafka-client.it-spec.ts` and `kafka-broker.it-spec.ts`.
 */
export interface KafkaClient {
  /**
   * `idempotent` for facts; plain for compacted topics, on which kafkajs stops reading for ever if their writer is
   * idempotent.
   */
  sender(mode: 'idempotent' | 'plain'): Promise<Sender>;
  reader(options: GroupReaderOptions): GroupReader;
  /** In the order of the partitions. */
  offsets(topic: string): Promise<PartitionOffsets[]>;
  /** Identity of the cluster, since offsets of another one mean nothing here. */
  clusterId(): Promise<string>;
  /**
   * Creates the topics that are missing and brings the settings of the others in line, leaving alone what is not named;
   * returns the names created.
   */
  createTopics(topics: readonly TopicSpec[]): Promise<string[]>;
  close(): Promise<void>;
}
