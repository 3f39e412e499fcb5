import { setTimeout as sleep } from 'node:timers/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { DataSource } from 'typeorm';
import {
  context,
  inTransaction,
  newId,
  Operations,
  positionsOf,
  settledOf,
  ShadowReading,
  type GroupPositions,
  type Transaction,
} from '@quen/messaging';
import { everything, noteReach, reachSql } from '../database/scope.js';
import { sqlState } from '../problems/sql-state.js';
import { tablesOf, type DerivedStore } from './derived-store.js';
import { liveReadingOf } from './live-reading.js';
import { historyLost, neverFilled, rebuildStuck, storeBusy } from './rebuild-problems.js';
import type { RebuildProgress, RebuildReport, RebuildRequest } from './rebuild-report.js';
import { correct } from './store-correction.js';
import { copyTables, countParkedIn, isSettled, whatChanges } from './store-state.js';
import { compareTable, type TableComparison } from './table-comparison.js';
import { shapesOf, type TableShape } from './table-shape.js';

/** What a rebuild works with. */
export interface RebuildParts {
  readonly schema: string;
  readonly shadow: string;
  readonly stores: readonly DerivedStore[];
  /** The service's application on the live store; it does not serve, consume or send. */
  readonly liveApp: INestApplicationContext;
  /** The same on the shadow schema; it publishes nothing. */
  readonly shadowApp: INestApplicationContext;
  /** Reaches every row of both, without a time limit on statements. */
  readonly db: DataSource;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: RebuildProgress) => void;
}

/**
 * A cut needs a moment in which nothing is left to read. When none comes by itself for `nearlyThereMs`, the live
 * consumers wait while at most so many offsets are read.
 */
const nearlyThere = 500;
const nearlyThereMs = 5_000;
/** Longest that the live consumers wait for them. After that both go on, and it is tried again. */
const patienceMs = 2_000;
const stuckMs = 120_000;
const busyMs = 600_000;

/** The shadow was not fast enough for a short cut, or the store was between two states. */
class NotYet extends Error {
  override readonly name = 'NotYet';
}

/**
 * Makes derived stores anew beside the live ones, compares both at one cut of the topics, and corrects what differs.
 */
export class Rebuild {
  private readonly reading: ShadowReading;
  private readonly groups: readonly string[];
  private heldMs = 0;
  private clusterId = '';

  constructor(
    private readonly parts: RebuildParts,
    private readonly request: RebuildRequest,
  ) {
    this.reading = parts.shadowApp.get(ShadowReading);
    this.groups = parts.stores.flatMap((store) => store.groups);
  }

  /**
   * @throws Problem history_lost, store_never_filled, rebuild_stuck or store_busy; the reason of the signal when it was
   * cancelled. The live store is then as it was, unless the correction had committed.
   */
  async run(): Promise<RebuildReport> {
    const started = performance.now();
    const {
      parts: { db, schema, stores },
      request,
      groups,
    } = this;
    this.clusterId = await this.reading.clusterId();
    const live = await this.positions();
    await this.mustBePossible(live);
    const shapes = await shapesOf(db, schema, stores);
    await this.copy(shapes, (store) => [
      ...(store.copied ?? []),
      ...Object.keys(store.tables).filter((table) => store.tables[table]?.seeded),
    ]);
    // Not the request's id: the brokers keep the group member of a killed attempt until its session ends.
    this.reading.begin(newId(), groups, live, await settledOf(db, groups));
    try {
      const first = await this.compareAtCut(shapes);
      await this.mustBePossible(live);
      const report: RebuildReport = {
        id: request.id,
        consumers: [...groups],
        ...first,
        reading: [],
        seconds: 0,
        heldMs: 0,
      };
      if (request.take) {
        const corrected = await this.take(shapes, first.tables);
        const { equal, tables } = await this.compareAtCut(shapes);
        report.taken = { corrected, equal, tables };
      }
      report.reading = await liveReadingOf(this.parts.liveApp.get(Operations), groups);
      return {
        ...report,
        seconds: Math.round((performance.now() - started) / 100) / 10,
        heldMs: Math.round(this.heldMs),
      };
    } finally {
      await this.reading.stop();
    }
  }

  private positions(): Promise<GroupPositions> {
    return positionsOf(this.parts.db, this.groups, this.clusterId);
  }

  private async mustBePossible(live: GroupPositions): Promise<void> {
    for (const [consumer, places] of live) if (!places.size) throw neverFilled({ consumer });
    const [lost] = await this.reading.lostHistory(this.groups);
    if (lost) throw historyLost({ topic: lost.topic, partition: lost.partition, offset: lost.firstOffset });
  }

  private async copy(
    shapes: ReadonlyMap<string, TableShape>,
    tables: (store: DerivedStore) => string[],
  ): Promise<void> {
    const { db, schema, shadow, stores } = this.parts;
    await copyTables(
      db,
      schema,
      shadow,
      [...new Set(stores.flatMap(tables))].map((table) => shapes.get(table)!),
    );
  }

  /** Reads on behind the live consumers until little is left. */
  private async follow(): Promise<void> {
    const { signal, onProgress } = this.parts;
    const began = performance.now();
    let best = -1n,
      since = began;
    for (;;) {
      signal.throwIfAborted();
      const live = await this.positions();
      this.reading.allow(live);
      const { done, total } = await this.reading.progress(live);
      onProgress({ phase: 'reading', done: Number(done), total: Number(total) });
      if (done === total || (total - done <= nearlyThere && performance.now() - began > nearlyThereMs)) return;
      if (done > best) [best, since] = [done, performance.now()];
      else if (performance.now() - since > stuckMs)
        throw rebuildStuck({
          seconds: stuckMs / 1000,
          reasons: this.reading.problems().join('; ') || `${total - done} offsets are left`,
        });
      await sleep(50);
    }
  }

  /** Keeps the live consumers where they are, lets the shadow read exactly to there, and works on both. */
  private async cut<T>(tx: Transaction, work: () => Promise<T>): Promise<T> {
    const positions = await positionsOf(tx, this.groups, this.clusterId, true);
    const locked = performance.now();
    try {
      this.reading.allow(positions);
      for (;;) {
        const { done, total } = await this.reading.progress(positions);
        if (done === total) return await work();
        if (performance.now() - locked > patienceMs)
          throw new NotYet(`${total - done} offsets were left after ${patienceMs} ms`);
        await sleep(10);
      }
    } finally {
      this.heldMs += performance.now() - locked;
    }
  }

  /** Tries a cut until the shadow is there in time and nothing calculates the store anew. */
  private async untilSettled<T>(shapes: ReadonlyMap<string, TableShape>, attempt: () => Promise<T>): Promise<T> {
    const { db, signal, stores, shadowApp } = this.parts;
    for (const since = performance.now(); ;) {
      await this.follow();
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof NotYet) && !['40001', '40P01', '55P03'].includes(sqlState(error) ?? '')) throw error;
        const busy = await whatChanges(db, stores);
        if (performance.now() - since > busyMs) throw storeBusy({ reasons: busy.join(', ') || String(error) });
        if (!busy.length && !(await this.copiesAreEqual(shapes))) {
          await this.copy(shapes, (store) => [...(store.copied ?? [])]);
          for (const { settle } of stores)
            await context.run({ scope: 'all' }, () => settle?.(shadowApp) ?? Promise.resolve());
        }
        await sleep(200, undefined, { signal });
      }
    }
  }

  private copiesAreEqual(
    shapes: ReadonlyMap<string, TableShape>,
    tx: Pick<Transaction, 'query'> = this.parts.db,
  ): Promise<boolean> {
    return isSettled(tx, this.parts.schema, this.parts.shadow, this.parts.stores, shapes);
  }

  private async mustBeSettled(tx: Transaction, shapes: ReadonlyMap<string, TableShape>): Promise<void> {
    const busy = await whatChanges(tx, this.parts.stores);
    if (busy.length) throw new NotYet(`${busy.join(', ')} runs`);
    if (!(await this.copiesAreEqual(shapes, tx))) throw new NotYet('what the handlers read was changed');
  }

  /**
   * Compares every table in one snapshot of the cut. The live consumers wait until the snapshot is taken, not for the
   * comparison.
   */
  private async compareAtCut(
    shapes: ReadonlyMap<string, TableShape>,
  ): Promise<Pick<RebuildReport, 'equal' | 'tables' | 'parked' | 'offsets'>> {
    const { db, schema, shadow, stores, onProgress, signal } = this.parts;
    return this.untilSettled(shapes, async () => {
      const snapshot = db.createQueryRunner();
      try {
        await inTransaction(db, (tx) =>
          this.cut(tx, async () => {
            await snapshot.startTransaction('REPEATABLE READ');
            await snapshot.query('select pg_current_snapshot()');
          }),
        );
        const tx = snapshot.manager;
        await this.mustBeSettled(tx, shapes);
        const { done } = await this.reading.progress(await positionsOf(tx, this.groups, this.clusterId));
        const tables: TableComparison[] = [];
        for (const table of tablesOf(stores)) {
          signal.throwIfAborted();
          onProgress({ phase: 'comparing', done: Number(done), total: Number(done) });
          tables.push(await compareTable(tx, schema, shadow, shapes.get(table)!));
        }
        const parked = await countParkedIn(tx, schema, shadow, this.groups);
        await snapshot.commitTransaction();
        return { equal: tables.every(({ equal }) => equal), tables, parked, offsets: Number(done) };
      } finally {
        if (snapshot.isTransactionActive) await snapshot.rollbackTransaction().catch(() => undefined);
        await snapshot.release();
      }
    });
  }

  /**
   * Corrects the rows that the comparison found, in one transaction at a later cut. Rows that were equal at the first
   * cut took the same events since. So only rows that differed are compared again, and the live consumers wait for no
   * longer than that takes.
   */
  private async take(
    shapes: ReadonlyMap<string, TableShape>,
    tables: readonly TableComparison[],
  ): Promise<NonNullable<RebuildReport['taken']>['corrected']> {
    const { schema, shadow, stores, liveApp, onProgress } = this.parts;
    const wrong = tables.filter(({ equal }) => !equal).map(({ table }) => shapes.get(table)!);
    return this.untilSettled(shapes, () =>
      context.run({ correlationId: this.request.id, scope: 'all' }, () =>
        inTransaction(
          liveApp.get(DataSource),
          async (tx) => {
            await tx.query(`select set_config('statement_timeout', '0', true)`);
            return this.cut(tx, async () => {
              await this.mustBeSettled(tx, shapes);
              onProgress({
                phase: 'correcting',
                done: 0,
                total: tables.reduce((sum, { different }) => sum + different, 0),
              });
              return correct(tx, liveApp, { schema, shadow, stores, groups: this.groups, wrong });
            });
          },
          { beginWith: reachSql(everything), begin: (tx) => Promise.resolve(noteReach(tx, everything)) },
        ),
      ),
    );
  }
}
