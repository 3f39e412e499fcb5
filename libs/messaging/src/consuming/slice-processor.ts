import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { context } from '../context.js';
import type { WireRecord } from '../kafka/port.js';
import type { MessagingMetrics, Outcome } from '../metrics.js';
import type { Tuning } from '../settings.js';
import { afterCommit, inTransaction, type Transaction, type TransactionOptions } from '../transaction.js';
import { BreakerTripped, type Breaker, type Refused } from './breaker.js';
import { contextOf, decode, type Step } from './decode.js';
import { behind, behindOthers, forgetMended, park, type Parked } from './parking.js';
import {
  admitSql,
  admittedIn,
  advanceSql,
  PositionTakenBack,
  withdraw,
  type Admission,
  type Admitted,
  type Place,
} from './positions.js';
import type { AnyReceived, Handler, ReactionGroup } from './reaction-group.js';
import { storable } from './storable.js';
import { errorClassOf, isTransient } from './transient.js';
import type { UnknownTypes } from './unknown-types.js';

/** For tests only: which parts of the consumer's safety are off, so that a test can show what each is for. */
export interface ConsumerGuards {
  /** False: the position is neither locked nor compared. */
  fence: boolean;
  /** False: duplicates on the wire are handled again. */
  inbox: boolean;
}

/** What a slice is processed with. */
export interface SliceDependencies {
  readonly service: string;
  readonly db: DataSource;
  readonly tuning: Tuning;
  readonly metrics: MessagingMetrics;
  readonly transaction?: Pick<TransactionOptions, 'beginWith' | 'begin'>;
  /** Called after a commit that wrote dead letters. */
  readonly wake: () => void;
  readonly guards: ConsumerGuards;
}

/** A handler's failure, and which steps it was given. */
class HandlerFailure extends Error {
  override readonly name = 'HandlerFailure';
  constructor(
    readonly from: number,
    readonly to: number,
    cause: unknown,
  ) {
    super('A handler failed', { cause });
  }
}

/** Takes records of one partition, many to a transaction, each exactly once. */
export class SliceProcessor {
  /** Offset up to which the database has acknowledged that everything is done; 0 before the first slice. */
  acknowledged = 0n;
  private readonly state: boolean;

  constructor(
    private readonly group: ReactionGroup,
    private readonly place: Place,
    private readonly breaker: Breaker,
    private readonly unknownTypes: UnknownTypes,
    private readonly with_: SliceDependencies,
  ) {
    this.state = group.stateTopics.has(place.topic);
  }

  /**
   * Handles records in order and moves the position to `next`, or as far as time allows. What a handler refuses for
   * good is parked.
   * @returns the offset up to which everything is done
   * @throws what is transient, or `BreakerTripped`; what precedes the position in the database is done even then
   */
  async process(records: readonly WireRecord[], next: bigint): Promise<bigint> {
    const steps = records.map((record) => decode(record, this.group));
    const offsetAt = (index: number): bigint => steps[index]?.record.offset ?? next;
    try {
      return await this.transaction(steps, next);
    } catch (error) {
      ownFaultIn(error);
      const [from, to] = error instanceof HandlerFailure ? [error.from, error.to] : [0, steps.length];
      if (from > 0) {
        const reached = await this.transaction(steps.slice(0, from), offsetAt(from));
        if (reached < offsetAt(from)) return reached;
      }
      await this.halves(steps.slice(from, to), offsetAt(to));
      return offsetAt(to);
    }
  }

  /**
   * Finds the records that a handler for many refuses, by trying halves of what failed. One bad record among two
   * hundred then costs some sixteen transactions and not two hundred.
   */
  private async halves(steps: readonly Step[], next: bigint): Promise<void> {
    if (steps.length === 1) return this.single(steps[0]!, next);
    const middle = steps.length >> 1;
    for (const [half, end] of [
      [steps.slice(0, middle), steps[middle]!.record.offset],
      [steps.slice(middle), next],
    ] as const) {
      try {
        while ((await this.transaction(half, end)) < end);
      } catch (error) {
        ownFaultIn(error);
        await this.halves(half, end);
      }
    }
  }

  /** One record in a transaction of its own; parked when it fails for its own reasons in every try. */
  private async single(step: Step, next: bigint): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.transaction([step], next);
        return;
      } catch (error) {
        const cause = ownFaultIn(error);
        if (attempt >= this.with_.tuning.tries) {
          await this.transaction(
            [
              {
                kind: 'poison',
                record: step.record,
                id: 'id' in step ? step.id : undefined,
                errorClass: errorClassOf(cause),
                error: cause instanceof Error ? cause.message : String(cause),
                attempts: attempt,
              },
            ],
            next,
          );
          return;
        }
        await sleep(20 * attempt);
      }
    }
  }

  private async transaction(steps: readonly Step[], next: bigint): Promise<bigint> {
    const { db, transaction, metrics, wake } = this.with_;
    const started = performance.now();
    const outcome = { handled: 0, ignored: 0, unknown: 0, duplicate: 0, parked: 0, behind: 0 };
    const admission = this.admissionOf(steps);
    let admitted: Admitted = {
      position: 0n,
      fresh: new Set(),
      parkedKeys: new Set(),
      mendedKeys: new Set(),
      parksAll: false,
    };
    let until: bigint | undefined;
    const reached = await inTransaction(
      db,
      async (tx) => {
        const { position } = admitted;
        const base = steps.findIndex(({ record }) => record.offset >= position);
        if (base < 0) {
          // Nothing is left here: all lies behind the position, or compaction took it out.
          if (next > position) until = next;
          return until ?? position;
        }
        const due = steps.slice(base);
        const { done, refused } = await this.dispatch(tx, due, base, admitted, outcome, started);
        until = due[done]?.record.offset ?? next;
        if (!admitted.parksAll) this.breaker.check(done, outcome.parked, refused);
        if (outcome.parked + outcome.behind) afterCommit(tx, wake);
        return until;
      },
      {
        beginWith: [transaction?.beginWith, admitSql(this.place, admission)].filter(Boolean).join('; '),
        begin: async (tx, answer) => {
          await transaction?.begin?.(tx, []);
          admitted = admittedIn(answer, this.place, admission);
          if (admission.fence && admitted.position < this.acknowledged)
            throw new PositionTakenBack(
              `the database is at ${admitted.position} after it had acknowledged ${this.acknowledged}`,
            );
        },
        // The commit waits for the disk. This process reads on from what was acknowledged, so nobody would read again
        // what a crash of the database took back.
        endWith: () => (until === undefined ? undefined : advanceSql(this.place, until)),
      },
    );
    this.acknowledged = reached;
    const records = Object.values(outcome).reduce((sum, count) => sum + count, 0);
    this.breaker.record(records, outcome.parked);
    if (outcome.handled) {
      const now = Date.now();
      for (const step of steps)
        if (step.kind === 'event' && step.record.offset < reached)
          metrics.eventAge.observe(
            { consumergroup: this.group.name },
            Math.max(now - step.event.occurredAt.getTime(), 0) / 1000,
          );
    }
    if (outcome.unknown) {
      for (const step of steps)
        if (step.kind === 'unknown' && step.record.offset >= admitted.position && step.record.offset < reached)
          this.unknownTypes.passed(this.place, step.type);
    }
    metrics.sliceSeconds.observe({ consumergroup: this.group.name }, (performance.now() - started) / 1000);
    for (const [name, count] of Object.entries(outcome))
      if (count) metrics.consumed.inc({ consumergroup: this.group.name, outcome: name }, count);
    return reached;
  }

  /** @returns how many of the steps were done before time ran out, and the first that cannot be taken */
  private async dispatch(
    tx: Transaction,
    due: readonly Step[],
    base: number,
    { fresh, parkedKeys, mendedKeys }: Admitted,
    outcome: Record<Outcome, number>,
    started: number,
  ): Promise<{ done: number; refused?: Refused }> {
    const { guards, service, tuning } = this.with_;
    const consumer = this.group.name;
    const parked: Parked[] = [];
    const renewed = new Map<string, number>();
    let run: { handler: Handler; events: AnyReceived[]; from: number } | undefined;
    const flush = async (to: number): Promise<void> => {
      const ended = run;
      run = undefined;
      if (ended) await this.call(tx, ended.handler, ended.events, base + ended.from, base + to);
    };

    let done = due.length;
    for (let index = 0; index < due.length; index += 1) {
      const step = due[index]!;
      if (index > 0 && performance.now() - started > tuning.sliceMs) {
        done = index;
        break;
      }
      if (step.kind === 'ignored' || step.kind === 'unknown') {
        outcome[step.kind] += 1;
        continue;
      }
      if (step.id && guards.inbox && !fresh.delete(step.id)) {
        outcome.duplicate += 1;
        continue;
      }
      const { record } = step;
      const key = storable(record.key);
      if (key && parkedKeys.has(key)) {
        parked.push(step.kind === 'poison' ? step : behindOthers(step));
        outcome.behind += 1;
      } else if (step.kind === 'poison') {
        parked.push(step);
        if (key) parkedKeys.add(key);
        outcome.parked += 1;
      } else {
        outcome.handled += 1;
        if (mendedKeys.has(key)) renewed.set(key, Math.max(renewed.get(key) ?? 0, step.event.version));
        if (run && run.handler.call !== step.handler.call) await flush(index);
        if (!step.handler.batch) await this.call(tx, step.handler, [step.event], base + index, base + index + 1);
        else if (run) run.events.push(step.event);
        else run = { handler: step.handler, events: [step.event], from: index };
      }
    }
    await flush(done);
    await park(tx, service, consumer, parked);
    await forgetMended(tx, this.place, renewed);
    if (done < due.length)
      await withdraw(
        tx,
        consumer,
        due.slice(done).flatMap((step) => ('id' in step && step.id && fresh.has(step.id) ? [step.id] : [])),
      );
    const refused = parked.find(({ errorClass }) => errorClass !== behind);
    return { done, ...(refused ? { refused } : {}) };
  }

  private admissionOf(steps: readonly Step[]): Admission {
    const ids = new Map<string, bigint>();
    const keys = new Set<string>();
    for (const step of steps) {
      if (!('id' in step)) continue;
      if (step.id) ids.set(step.id, step.record.offset);
      if (step.record.key) keys.add(storable(step.record.key));
    }
    return { ids, keys: [...keys], state: this.state, fence: this.with_.guards.fence };
  }

  private async call(
    tx: Transaction,
    handler: Handler,
    events: AnyReceived[],
    from: number,
    to: number,
  ): Promise<void> {
    try {
      await context.run(contextOf(events[0]!), () => handler.call(events, tx));
    } catch (error) {
      throw new HandlerFailure(from, to, error);
    }
  }
}

/**
 * What speaks against the record itself.
 * @throws the error when it is about something else: one that passes, or a tripped breaker
 */
function ownFaultIn(error: unknown): unknown {
  const cause = error instanceof HandlerFailure ? error.cause : error;
  if (isTransient(cause) || cause instanceof BreakerTripped) throw cause;
  return cause;
}
