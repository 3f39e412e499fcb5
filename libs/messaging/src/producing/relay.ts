import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import type { KafkaClient, OutgoingRecord, Sender } from '../kafka/port.js';
import type { MessagingMetrics } from '../metrics.js';
import type { Tuning } from '../settings.js';
import { Leases } from './leases.js';
import {
  forgetStates,
  outboxBacklog,
  readOutbox,
  recentStates,
  settleOutbox,
  shardCount,
  type WaitingRow,
} from './outbox.js';
import { newOwner } from './owner.js';

const allShards = Array.from({ length: shardCount }, (_, shard) => shard);

/** A send may take this much of a lease; with less left the lease is renewed first. */
const sendShare = 2 / 3;

/** For tests only: which parts of the relay's safety are off, so that a test can show what each is for. */
export interface RelayGuards {
  /** False: send every shard, also those that another relay leases. */
  leases: boolean;
  /** False: a new owner of a shard does not send its recent states again. */
  resend: boolean;
}

/**
 * Sends what the outbox holds, in order per aggregate, as long as it leases the shard.
 * A row leaves the table only after Kafka acknowledged it, so a crash repeats sends and never loses one.
 */
export class Relay {
  readonly owner = newOwner();
  private readonly leases: Leases;
  private readonly resending = new Set<number>();
  private surplus: readonly number[] = [];
  private senders: { facts: Sender; states: Sender } | undefined;
  private running: { stop: AbortController; done: Promise<unknown> } | undefined;
  private wakeUp: () => void = () => undefined;
  private woken = false;
  private lastError: string | undefined;
  private readonly tell = (): void =>
    this.metrics.leases.set(this.leases.remainingMs() > 0 ? this.leases.shards.length : 0);

  constructor(
    private readonly db: DataSource,
    private readonly kafka: KafkaClient,
    private readonly tuning: Tuning,
    private readonly metrics: MessagingMetrics,
    private readonly logger?: Logger,
    private readonly guards: RelayGuards = { leases: true, resend: true },
  ) {
    this.leases = new Leases(db, this.owner, tuning.leaseTtlMs, tuning.stateMemoryMs);
  }

  /** Why nothing can be sent at present, if that is so. */
  get problem(): string | undefined {
    return this.lastError;
  }

  /** Has the outbox looked at now; called after a commit in this process. */
  wake(): void {
    this.woken = true;
    this.wakeUp();
  }

  start(): void {
    if (this.running) return;
    this.metrics.collecting.add(this.tell);
    const stop = new AbortController();
    this.running = { stop, done: Promise.all([this.sendLoop(stop.signal), this.leaseLoop(stop.signal)]) };
  }

  /** Finishes the send in flight, then gives the leases back. */
  async stop(): Promise<void> {
    const running = this.running;
    if (!running) return;
    this.running = undefined;
    running.stop.abort();
    this.wakeUp();
    await running.done;
    await this.closeSenders();
    await this.leases
      .release()
      .catch((error: unknown) =>
        this.logger?.warn({ error: String(error) }, 'leases were not given back; they expire by themselves'),
      );
    this.tell();
    this.metrics.collecting.delete(this.tell);
  }

  private async leaseLoop(signal: AbortSignal): Promise<void> {
    let forgotten = performance.now();
    while (!signal.aborted) {
      try {
        await this.renew();
        const backlog = await outboxBacklog(this.db);
        this.metrics.outboxWaiting.set(backlog.waiting);
        this.metrics.outboxOldest.set(backlog.oldestSeconds);
        if (performance.now() - forgotten > this.tuning.stateMemoryMs / 10) {
          forgotten = performance.now();
          await forgetStates(this.db, this.leases.shards, this.tuning.stateMemoryMs);
        }
      } catch (error) {
        this.failed(error, 'renewing leases failed');
      }
      await pause(this.tuning.leaseRenewMs, signal);
    }
  }

  private async renew(): Promise<void> {
    const { resend, changes, shards, surplus } = await this.leases.renew();
    if (changes) {
      this.metrics.leaseChanges.inc(changes);
      this.logger?.info({ shards }, 'outbox shards changed hands');
    }
    if (resend.length && this.guards.resend) resend.forEach((shard) => this.resending.add(shard));
    this.surplus = surplus;
    if (changes || resend.length || surplus.length) this.wake();
  }

  private async sendLoop(signal: AbortSignal): Promise<void> {
    let idleMs = this.tuning.pollMinMs;
    let failures = 0;
    while (!signal.aborted) {
      try {
        this.woken = false;
        const sent = await this.drain(signal);
        failures = 0;
        if (sent) idleMs = this.tuning.pollMinMs;
        else {
          await this.idle(idleMs, signal);
          idleMs = Math.min(idleMs * 2, this.tuning.pollMaxMs);
        }
      } catch (error) {
        this.failed(error, 'sending the outbox failed');
        await this.closeSenders();
        await pause(Math.min(100 * 2 ** failures, 5_000), signal);
        failures += 1;
      }
    }
  }

  /**
   * Sends until nothing waits. One send is in flight; meanwhile the rows before it are deleted and those after it are
   * read. Rows are deleted in the order in which they were sent. So what is left after a failure is always a tail, and
   * sending it again ends in the newest state.
   * @returns how many rows were sent
   */
  private async drain(signal: AbortSignal): Promise<number> {
    await this.prepare();
    const shards = this.guards.leases ? this.leases.shards : allShards;
    let sent = 0;
    let before: { rows: readonly WaitingRow[]; settled: Promise<void> } = { rows: [], settled: Promise.resolve() };
    let rows = await this.read(shards, []);
    while (rows.length) {
      const started = performance.now();
      const [sending, ahead, settling] = await Promise.allSettled([
        this.send(rows),
        this.read(shards, [...before.rows, ...rows]),
        before.settled,
      ]);
      if (settling.status === 'rejected') throw settling.reason;
      if (sending.status === 'rejected') throw sending.reason;
      sent += rows.length;
      before = { rows, settled: this.settle(rows, performance.now() - started) };
      const goOn =
        ahead.status === 'fulfilled' &&
        !signal.aborted &&
        !this.resending.size &&
        !this.surplus.length &&
        (!this.guards.leases || (this.leases.shards === shards && !this.leaseIsShort()));
      rows = goOn ? ahead.value : [];
    }
    await before.settled;
    this.lastError = undefined;
    return sent;
  }

  /**
   * What must be in order before anything is in flight: the leases, states to be sent again, shards to be given back.
   */
  private async prepare(): Promise<void> {
    if (this.guards.leases && this.leaseIsShort()) await this.renew();
    if (this.surplus.length) {
      const shards = this.surplus;
      this.surplus = [];
      shards.forEach((shard) => this.resending.delete(shard));
      await this.leases.giveBack(shards);
    }
    if (this.resending.size) await this.resend();
  }

  /** A send must end before another relay may own the shard. */
  private leaseIsShort(): boolean {
    return this.leases.remainingMs() < this.tuning.leaseTtlMs * sendShare;
  }

  private async read(shards: readonly number[], inFlight: readonly WaitingRow[]): Promise<WaitingRow[]> {
    return shards.length
      ? readOutbox(
          this.db,
          shards,
          inFlight.map(({ seq }) => seq),
          this.tuning.relayBatch,
          this.tuning.relayBatchBytes,
        )
      : [];
  }

  private async settle(rows: readonly WaitingRow[], sendMs: number): Promise<void> {
    const settled = await settleOutbox(
      this.db,
      rows,
      this.owner,
      rows.some(({ state }) => state),
      this.guards.leases,
    );
    this.metrics.outboxSent.inc(settled);
    for (const { waitedMs } of rows) this.metrics.publishSeconds.observe((waitedMs + sendMs) / 1000);
    if (settled < rows.length && this.guards.leases) await this.lost(rows);
  }

  /** A lease ran out while its rows were in flight: states among them may have landed after those of the new owner. */
  private async lost(rows: readonly WaitingRow[]): Promise<void> {
    const shards = [...new Set(rows.filter(({ state }) => state).map(({ shard }) => shard))];
    this.logger?.warn({ shards }, 'a lease was lost during a send');
    if (shards.length) await this.leases.confess(shards);
    await this.renew();
  }

  private async resend(): Promise<void> {
    const shards = [...this.resending];
    // Cleared first: a late sender that reports while this runs sets the mark again.
    await this.leases.resent(shards);
    const rows = await recentStates(this.db, shards, this.tuning.stateMemoryMs);
    for (let start = 0, end = 0; start < rows.length; start = end) {
      for (
        let bytes = 0;
        end < rows.length && end - start < this.tuning.relayBatch && bytes < this.tuning.relayBatchBytes;
        end += 1
      )
        bytes += (rows[end]?.value?.length ?? 0) + 1000;
      await this.send(rows.slice(start, end));
    }
    shards.forEach((shard) => this.resending.delete(shard));
    if (rows.length) this.metrics.resends.inc();
    this.metrics.resent.inc(rows.length);
    if (rows.length)
      this.logger?.info({ shards, states: rows.length }, 'sent recent states again after an unclean change of owner');
  }

  private async send(rows: readonly WaitingRow[]): Promise<void> {
    this.senders ??= { facts: await this.kafka.sender('idempotent'), states: await this.kafka.sender('plain') };
    const { facts, states } = this.senders;
    const results = await Promise.allSettled([
      sendAll(
        facts,
        rows.filter(({ state }) => !state),
      ),
      sendAll(
        states,
        rows.filter(({ state }) => state),
      ),
    ]);
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }

  private async closeSenders(): Promise<void> {
    const senders = this.senders;
    this.senders = undefined;
    if (senders) await Promise.allSettled([senders.facts.close(), senders.states.close()]);
  }

  private failed(error: unknown, what: string): void {
    this.lastError = `${what}: ${error instanceof Error ? error.message : String(error)}`;
    this.logger?.warn({ error: String(error) }, what);
  }

  private async idle(ms: number, signal: AbortSignal): Promise<void> {
    if (this.woken || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wakeUp = () => undefined;
  }
}

async function sendAll(sender: Sender, rows: readonly WaitingRow[]): Promise<void> {
  if (rows.length)
    await sender.send(
      rows.map((row): OutgoingRecord => ({ topic: row.topic, key: row.key, headers: row.headers, value: row.value })),
    );
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
