import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { GroupReader, KafkaClient, PartitionBatch } from '../kafka/port.js';
import { Breaker, BreakerTripped } from './breaker.js';
import { GroupGauges } from './group-gauges.js';
import { Heartbeat } from './heartbeat.js';
import { Holds, type HeldReason } from './holds.js';
import { placeGroup } from './placement.js';
import {
  advance,
  ConsumerPaused,
  isBootstrapping,
  placeKey,
  PositionMoved,
  PositionTakenBack,
  readPositions,
} from './positions.js';
import type { ReactionGroup } from './reaction-group.js';
import { Reading } from './reading.js';
import { SliceProcessor, type SliceDependencies } from './slice-processor.js';
import { isTransient } from './transient.js';
import { UnknownTypes } from './unknown-types.js';

/** A lag measured longer ago says nothing. The brokers do not answer then, and a restart would not bring them back. */
const lagKnownMs = 20_000;

/** What operators want of a consumer, as the database has it. */
export interface ConsumerControl {
  /** Why it is paused; undefined when it is not. */
  readonly paused: string | undefined;
  /** Epochs of the positions that were ever reset, by {@link placeKey}. */
  readonly epochs: ReadonlyMap<string, bigint>;
}

/** What a group consumer needs besides its group. */
export interface GroupDependencies extends SliceDependencies {
  readonly kafka: KafkaClient;
  readonly logger?: Logger;
  readonly onFatal: (error: Error) => void;
}

/**
 * Reads one consumer group's topics and keeps every partition moving: nothing but the client's own errors ever reaches
 * the client.
 */
export class GroupConsumer {
  private reader: GroupReader | undefined;
  private readonly holds: Holds;
  private readonly breakers = new Map<string, Breaker>();
  private readonly unknownTypes: UnknownTypes;
  private reading = new Map<string, Reading>();
  private placed: Promise<boolean> = Promise.resolve(false);
  private generation = 0;
  private assignment: ReadonlyMap<string, readonly number[]> = new Map();
  private pausedFor: string | undefined;
  /** What the breaker said last. */
  private refusing = '';
  private joinedOnce = false;
  private stopping: AbortController | undefined;
  private starting: Promise<void> | undefined;
  private readonly lags = new Map<string, bigint>();
  private lagsKnownAt = -Infinity;
  private readonly gauges: GroupGauges;
  private readonly tell = (): void => this.tellMetrics();

  constructor(
    readonly group: ReactionGroup,
    private readonly with_: GroupDependencies,
  ) {
    this.gauges = new GroupGauges(group.name, with_.metrics);
    this.unknownTypes = new UnknownTypes(with_.metrics, with_.logger);
    this.holds = new Holds(
      with_.tuning,
      (topic, partition) => this.reader?.pause(topic, partition),
      (topic, partition) => this.reader?.resume(topic, partition),
    );
  }

  /** Begins reading. When the brokers or the topics are not there yet, it goes on trying. */
  start(): void {
    if (this.starting) return;
    this.stopping = new AbortController();
    this.with_.metrics.consuming(this.group.name);
    this.with_.metrics.collecting.add(this.tell);
    this.starting = this.connect(this.stopping.signal);
  }

  /** Finishes the transactions in work and leaves the group. */
  async stop(): Promise<void> {
    if (!this.starting) return;
    this.stopping?.abort();
    await this.starting;
    this.starting = undefined;
    this.generation += 1;
    this.holds.clear();
    await this.reader?.stop();
    this.reader = undefined;
    this.reading.clear();
    this.tellMetrics();
    this.with_.metrics.collecting.delete(this.tell);
  }

  /** Why reading is not going on as it should: empty when all is well. */
  problems(): { ready: string[]; live: string[]; notes: string[] } {
    const name = this.group.name;
    const ready: string[] = [];
    const live: string[] = [];
    if (!this.joinedOnce) ready.push(`${name} has not joined its group yet`);
    if (this.holds.count('shortened')) ready.push(`${name}: a topic is shorter than what was read of it`);
    for (const reading of this.stuck())
      live.push(`${name} is stuck in ${reading.topic}/${reading.partition} at ${reading.next}`);
    const notes = this.holds.isSuspended
      ? [`${name} is paused by an operator: ${this.pausedFor ?? 'the reason is not read yet'}`]
      : [];
    const refusing = this.holds.count('breaker');
    if (refusing) notes.push(`${name} holds ${refusing} partition${refusing === 1 ? '' : 's'}: ${this.refusing}`);
    return { ready, live, notes };
  }

  /** Partitions in which nothing moves though records wait, as far as the brokers tell. */
  private stuck(): Reading[] {
    if (performance.now() - this.lagsKnownAt > lagKnownMs) return [];
    return [...this.reading.values()].filter(
      (reading) =>
        (this.lags.get(placeKey(reading.topic, reading.partition)) ?? 0n) > 0n &&
        !this.holds.has(reading.topic, reading.partition) &&
        reading.waitsLonger(this.with_.tuning.stuckMs),
    );
  }

  private tellMetrics(): void {
    this.gauges.tell({ held: (reason) => this.held(reason), stuck: this.stuck().length }, this.reading, this.lags);
  }

  /** How many partitions are held back for this reason. */
  held(reason: HeldReason): number {
    return reason === 'operator' ? (this.holds.isSuspended ? this.reading.size : 0) : this.holds.count(reason);
  }

  /**
   * Why this process does not read a partition at present. Undefined when it does, or when the partition is with
   * another process.
   */
  heldReason(topic: string, partition: number): HeldReason | undefined {
    return this.reading.has(placeKey(topic, partition)) ? this.holds.reason(topic, partition) : undefined;
  }

  /** Does what operators want. The fence keeps slices from beginning in any case; this stops and starts the reading. */
  obey({ paused, epochs }: ConsumerControl): void {
    this.pausedFor = paused;
    if (paused !== undefined) this.holds.suspend(this.reading.values());
    else if (this.holds.isSuspended) {
      for (const reading of this.reading.values()) reading.activeAt = performance.now();
      this.holds.lift(this.reading.values());
    }
    if ([...this.reading].some(([key, { epoch }]) => (epochs.get(key) ?? 0n) !== epoch)) this.joined(this.assignment);
  }

  /**
   * Finds partitions in which nothing arrives, but whose position the database has taken back. Called every few
   * seconds.
   */
  async recover(): Promise<void> {
    const { kafka, db } = this.with_;
    const acknowledged = [...this.reading.values()].map(({ topic, partition, epoch, processor }) => ({
      topic,
      partition,
      epoch,
      offset: processor.acknowledged,
    }));
    const { generation } = this;
    const positions = await readPositions(db, this.group.name, await kafka.clusterId());
    const forgotten = acknowledged.find(({ topic, partition, epoch, offset }) => {
      const position = positions.get(placeKey(topic, partition));
      return !position || (position.epoch === epoch && position.next < offset);
    });
    if (forgotten && generation === this.generation)
      this.placeAnew(forgotten.topic, forgotten.partition, `it had acknowledged ${forgotten.offset}`);
  }

  /** Measures lag, and steps past an offset at which reading stopped. Called every few seconds. */
  async measure(): Promise<void> {
    const { kafka, tuning } = this.with_;
    for (const topic of new Set([...this.reading.values()].map((reading) => reading.topic))) {
      const offsets = await kafka.offsets(topic);
      for (const { partition, high } of offsets) {
        const reading = this.reading.get(placeKey(topic, partition));
        if (!reading) continue;
        const lag = high > reading.next ? high - reading.next : 0n;
        this.lags.set(placeKey(topic, partition), lag);
        reading.age.saw(high, performance.now());
        const fetches = (): number => this.reader?.fetches(topic, partition) ?? 0;
        reading.noteWaiting(lag, fetches);
        if (
          this.group.stateTopics.has(topic) &&
          !this.holds.has(topic, partition) &&
          reading.waitsLonger(tuning.stuckMs / 3) &&
          reading.fetchedInVain(fetches)
        )
          await this.stepOver(reading, high);
      }
    }
    this.lagsKnownAt = performance.now();
  }

  /**
   * kafkajs may stop for ever at an offset that compaction removed. Nothing lies there, so reading goes on behind it.
   */
  private async stepOver(reading: Reading, high: bigint): Promise<void> {
    const { topic, partition } = reading;
    reading.next += 1n;
    this.with_.metrics.skippedAhead.inc({ consumergroup: this.group.name });
    this.with_.logger?.warn(
      { group: this.group.name, topic, partition, offset: reading.next.toString() },
      'nothing arrives though there is lag; stepping over one offset',
    );
    if (reading.next >= high) await advance(this.with_.db, { consumer: this.group.name, topic, partition }, high);
    this.reader?.seek(topic, partition, reading.next);
  }

  private async connect(signal: AbortSignal): Promise<void> {
    const { kafka, tuning, logger } = this.with_;
    for (let delay = 500; !signal.aborted; delay = Math.min(delay * 2, 10_000)) {
      const reader = kafka.reader({
        group: this.group.name,
        topics: this.group.topics,
        partitionsConcurrently: tuning.partitionsConcurrently,
        sessionTimeoutMs: tuning.sessionTimeoutMs,
        heartbeatMs: tuning.heartbeatMs,
      });
      this.reader = reader;
      try {
        await reader.start({
          joined: (assignment) => this.joined(assignment),
          batch: (batch) => this.batch(batch),
          crashed: (error, restarting) => this.crashed(error, restarting),
        });
        return;
      } catch (error) {
        logger?.warn(
          { group: this.group.name, topics: this.group.topics, error: String(error) },
          'cannot read yet; are the brokers up and the topics created?',
        );
        await reader.stop().catch(() => undefined);
        await sleep(delay, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  private crashed(error: Error, restarting: boolean): void {
    const { logger, onFatal } = this.with_;
    logger?.error({ group: this.group.name, error: String(error), restarting }, 'the Kafka consumer crashed');
    if (!restarting && !this.stopping?.signal.aborted) onFatal(error);
  }

  private joined(assignment: ReadonlyMap<string, readonly number[]>): void {
    const generation = (this.generation += 1);
    this.assignment = assignment;
    this.holds.clear();
    this.reading = new Map();
    this.lags.clear();
    this.placed = this.takePlaces(assignment, generation);
  }

  private placeAnew(topic: string, partition: number, reason: string): void {
    this.with_.logger?.error(
      { group: this.group.name, topic, partition, reason },
      'the database was set back; what it has forgotten is read again',
    );
    this.joined(this.assignment);
  }

  /**
   * Moves every partition to where the database says that it stands. @returns false when another assignment came in
   * between
   */
  private async takePlaces(assignment: ReadonlyMap<string, readonly number[]>, generation: number): Promise<boolean> {
    const { kafka, db, logger } = this.with_;
    for (let delay = 100; generation === this.generation; delay = Math.min(delay * 2, 5_000)) {
      try {
        const placement = await placeGroup(this.group, assignment, kafka, db);
        if (generation !== this.generation) return false;
        for (const { topic, partition, next, epoch, shortened } of placement.partitions) {
          const processor = this.processor(topic, partition, epoch);
          this.reading.set(placeKey(topic, partition), new Reading(topic, partition, epoch, processor, next));
          if (shortened) {
            logger?.error(
              { group: this.group.name, topic, partition, next: next.toString() },
              'the topic is shorter than what was read of it: it was made anew or lost records; see the README on positions',
            );
            this.holds.hold(topic, partition, 'shortened');
          } else this.reader?.seek(topic, partition, next);
        }
        if (placement.bootstrapping) this.holdFacts(generation);
        if (this.holds.isSuspended) this.holds.suspend(this.reading.values());
        this.joinedOnce = true;
        return true;
      } catch (error) {
        logger?.warn({ group: this.group.name, error: String(error) }, 'positions cannot be read yet');
        await sleep(delay);
      }
    }
    return false;
  }

  private processor(topic: string, partition: number, epoch: bigint): SliceProcessor {
    const key = placeKey(topic, partition);
    const breaker = this.breakers.get(key) ?? new Breaker(this.with_.tuning);
    this.breakers.set(key, breaker);
    const place = { consumer: this.group.name, topic, partition, epoch };
    return new SliceProcessor(this.group, place, breaker, this.unknownTypes, this.with_);
  }

  /** A new consumer reads all state before any fact. */
  private holdFacts(generation: number): void {
    const facts = [...this.reading.values()].filter(
      ({ topic, partition }) => !this.group.stateTopics.has(topic) && !this.holds.has(topic, partition),
    );
    facts.forEach(({ topic, partition }) => this.holds.hold(topic, partition, 'bootstrap'));
    const look = async (): Promise<void> => {
      while (
        generation === this.generation &&
        (await isBootstrapping(this.with_.db, this.group.name).catch(() => true))
      )
        await sleep(100);
      if (generation !== this.generation) return;
      facts.forEach((reading) => {
        reading.activeAt = performance.now();
        this.holds.release(reading.topic, reading.partition);
      });
    };
    void look();
  }

  private async batch(batch: PartitionBatch): Promise<void> {
    const placed = await this.placed;
    const { topic, partition, records } = batch;
    const reading = this.reading.get(placeKey(topic, partition));
    if (!placed || !reading || !batch.current() || this.holds.has(topic, partition)) return;
    reading.activeAt = performance.now();
    reading.working = true;
    const heartbeat = new Heartbeat(batch, this.with_.tuning.heartbeatMs);
    let index = 0;
    try {
      // Where compaction left no record of a stretch, the position still moves over it.
      const left = (): boolean => (records.length ? index < records.length : reading.next < batch.endOffset);
      while (left() && batch.current() && !heartbeat.failure) {
        const slice = records.slice(index, index + this.with_.tuning.sliceRecords);
        const next = records[index + slice.length]?.offset ?? batch.endOffset;
        const reached = await reading.processor.process(slice, next);
        this.moved(reading, batch, reached);
        while (index < records.length && records[index]!.offset < reached) index += 1;
      }
    } catch (error) {
      this.heldBack(topic, partition, error);
    } finally {
      reading.working = false;
      heartbeat.stop();
    }
    if (heartbeat.failure) throw heartbeat.failure;
    if (index > 0 || !records.length) await batch.commit(reading.next);
  }

  private moved(reading: Reading, batch: PartitionBatch, reached: bigint): void {
    this.holds.succeeded(reading.topic, reading.partition);
    reading.activeAt = performance.now();
    if (reached > reading.next) reading.next = reached;
    batch.resolve(reached);
    const lag = batch.highWatermark > reached ? batch.highWatermark - reached : 0n;
    this.lags.set(placeKey(reading.topic, reading.partition), lag);
  }

  private heldBack(topic: string, partition: number, error: unknown): void {
    const { logger, tuning } = this.with_;
    const fields = { group: this.group.name, topic, partition, error: String(error) };
    if (error instanceof ConsumerPaused) this.holds.suspend(this.reading.values());
    else if (error instanceof PositionTakenBack) this.placeAnew(topic, partition, error.message);
    else if (error instanceof PositionMoved) this.holds.backOff(topic, partition);
    else if (error instanceof BreakerTripped) {
      this.refusing = `${topic}/${partition}: ${error.message}`;
      this.holds.hold(topic, partition, 'breaker', tuning.breakerPauseMs);
      logger?.error(
        fields,
        'too many records cannot be taken: the consumer is wrong, not the data; the partition waits',
      );
    } else {
      const delay = this.holds.backOff(topic, partition);
      logger?.[isTransient(error) ? 'warn' : 'error']({ ...fields, delay }, 'a partition waits before it tries again');
    }
  }
}
