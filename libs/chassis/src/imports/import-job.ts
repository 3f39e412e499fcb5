import type { Language, Transaction } from '@quen/messaging';
import { Clock } from '../database/clock.js';
import { Database } from '../database/database.js';
import { inHalves } from '../jobs/in-halves.js';
import type { JobRunner } from '../jobs/job-handler.js';
import type { RunningJob } from '../jobs/running-job.js';
import { sqlState } from '../problems/sql-state.js';
import type { CsvFile, CsvRecord } from '../text/csv-reader.js';
import type { Moment } from '../time/moment.js';
import type { ColumnMap, Columns, ColumnSet, Mapping } from './column-set.js';
import { faultText, type FaultTexts, type RowFault } from './faults.js';
import { stateAfter, stateOf, type ImportState, type TakenRows } from './import-state.js';
import { openTable } from './open-table.js';
import { fieldOf, readRow, type ImportRow } from './read-row.js';
import { mostRows, RowGroups } from './row-groups.js';

/** What a job of an import is given. */
export interface ImportParams {
  language?: Language;
  /** What the caller said of the file's headers. */
  mapping?: Mapping;
  /** Nothing is written; what would be is told. */
  dryRun?: boolean;
  /** A workbook's sheet. */
  sheet?: string;
}

/** One run of an import. */
export interface ImportRun<C extends Columns = Columns, P extends ImportParams = ImportParams> {
  readonly job: RunningJob<P>;
  readonly params: P;
  readonly dryRun: boolean;
  readonly header: readonly string[];
  readonly map: ColumnMap;
  /** When the batch at hand began. */
  moment: Moment;
  /** Numbers so far, without the batch at hand. */
  state: ImportState;
  /** The header of the column that fills a target. */
  field(target: keyof C & string): string;
}

/** Rows that are taken or refused together: one, or those of one group. */
type Unit = readonly CsvRecord[];

class DryRun extends Error {
  constructor(readonly taken: TakenRows) {
    super('a dry run writes nothing');
  }
}

/**
 * An import of one kind of file: declared columns and a `take`. Rows are read by their columns and taken in batches,
 * each one transaction with its numbers, its failed rows and its checkpoint, so that a kill neither loses nor repeats
 * anything. A row that breaks a batch costs itself. Rows with faults come back to the user with line, field, reason and
 * code; cells that could not be read are told in the result, as are columns that nothing reads.
 */
export abstract class ImportJob<C extends Columns, P extends ImportParams = ImportParams> implements JobRunner<P> {
  abstract readonly columns: ColumnSet<C>;
  /** Units of a batch. */
  protected abstract readonly batchSize: number;
  /** Column that groups rows: those with one value are taken together, even if they stand apart. */
  protected readonly groupBy?: keyof C & string;
  /** Texts of the import's own codes. */
  protected readonly texts: FaultTexts = {};

  constructor(
    protected readonly database: Database,
    protected readonly clock: Clock,
  ) {}

  /**
   * Takes rows in `tx`: writes what can be taken, and says of each row what became of it. Rows with faults come too,
   * since others of their group may depend on them. A dry run is rolled back.
   */
  protected abstract take(tx: Transaction, rows: readonly ImportRow<C>[], run: ImportRun<C, P>): Promise<TakenRows>;

  /** Hears of each batch's numbers in its transaction. */
  protected noted?(tx: Transaction, run: ImportRun<C, P>, state: ImportState): Promise<void>;
  /** Hears that the rows were counted, before the first batch. */
  protected begun?(run: ImportRun<C, P>, rows: number): Promise<void>;
  /** Hears that a batch is over. */
  protected rested?(run: ImportRun<C, P>): void;

  /** What is said of the file's headers; by default by the job's caller. */
  protected mapping(job: RunningJob<P>): Promise<Mapping> {
    return Promise.resolve(job.params.mapping ?? {});
  }

  async run(job: RunningJob<P>): Promise<object> {
    const table = await openTable((await job.file()).buffer, { sheet: job.params.sheet });
    const map = this.columns.map(table.header, await this.mapping(job));
    this.columns.mustCover(table.header, map);
    const total = await table.count();
    await job.progress({ total });
    const dryRun = job.params.dryRun ?? false;
    const run: ImportRun<C, P> = {
      job,
      params: job.params,
      dryRun,
      header: table.header,
      map,
      moment: await this.database.read((tx) => this.clock.now(tx)),
      // A dry run wrote nothing, so it begins anew.
      state: stateOf(dryRun ? undefined : job.checkpoint),
      field: (target) => fieldOf(table.header, map, target),
    };
    await this.begun?.(run, total);
    for await (const { units, oversized } of this.batches(table, run)) {
      if (job.cancelled) break;
      if (oversized)
        await this.refuse(run, units, [
          { field: this.groupField(run), code: 'group_too_large', params: { most: mostRows } },
        ]);
      else
        await inHalves(
          units,
          (some) => this.batch(run, some),
          (unit, error) => {
            job.broken(unit[0]?.line ?? 0, error);
            return this.refuse(run, [unit], [{ field: this.groupField(run), code: 'not_written' }]);
          },
        );
      this.rested?.(run);
    }
    return this.result(run, table);
  }

  /** What the job answers with. */
  protected result({ state, header, map, dryRun }: ImportRun<C, P>, table: CsvFile): object {
    const { rows, failed, warned, counts, reasons, warnings, unreadCells, sample } = state;
    return {
      ...counts,
      rows,
      failed,
      warned,
      dryRun,
      encoding: table.encoding,
      columns: [...map].map(([index, target]) => ({ field: header[index] ?? '', target })),
      unread: this.columns.unread(header, map),
      reasons,
      warnings,
      unreadCells,
      sample,
    };
  }

  private async *batches(
    table: CsvFile,
    { map, state, moment }: ImportRun<C, P>,
  ): AsyncGenerator<{ units: Unit[]; oversized: boolean }> {
    const key = this.groupBy;
    if (key === undefined) {
      for await (const records of table.batches(this.batchSize, state.next))
        yield { units: records.map((record) => [record]), oversized: false };
      return;
    }
    const [at = -1] = [...map].find(([, target]) => target === key) ?? [];
    const column = this.columns.column(key);
    const groups = new RowGroups();
    for await (const records of table.batches(1_000))
      for (const record of records) {
        const read = record.fault ? undefined : column?.read(record.cells[at] ?? '', moment);
        groups.add(read && 'value' in read ? String(read.value) : '', record);
      }
    for (const { groups: some, oversized } of groups.batches(this.batchSize, state.next))
      yield { units: some.map((places) => places.map((place) => table.recordAt(place))), oversized };
  }

  /**
   * One batch. It is tried again when another entry took the same key at the same moment, which is then a known one.
   */
  private async batch(run: ImportRun<C, P>, units: readonly Unit[]): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        run.state = run.dryRun
          ? await this.rehearsed(run, units)
          : await this.database.transaction((tx) => this.taken(tx, run, units));
        return;
      } catch (error) {
        if (sqlState(error) !== '23505' || attempt === 5) throw error;
      }
    }
  }

  private async taken(tx: Transaction, run: ImportRun<C, P>, units: readonly Unit[]): Promise<ImportState> {
    const rows = await this.read(tx, run, units);
    return this.note(tx, run, units, rows, await this.take(tx, rows, run));
  }

  /** Does the work, takes it back, and notes what it would have done. */
  private async rehearsed(run: ImportRun<C, P>, units: readonly Unit[]): Promise<ImportState> {
    let rows: ImportRow<C>[] = [];
    let taken: TakenRows | undefined;
    try {
      await this.database.transaction(async (tx) => {
        rows = await this.read(tx, run, units);
        throw new DryRun(await this.take(tx, rows, run));
      });
    } catch (error) {
      if (!(error instanceof DryRun)) throw error;
      taken = error.taken;
    }
    const done = taken as TakenRows;
    return this.database.transaction((tx) => this.note(tx, run, units, rows, done));
  }

  private async read(tx: Transaction, run: ImportRun<C, P>, units: readonly Unit[]): Promise<ImportRow<C>[]> {
    run.moment = await this.clock.now(tx);
    return units.flat().map((record) => readRow(record, run.header, run.map, this.columns, run.moment));
  }

  /** Gives units back as they are. */
  private async refuse(run: ImportRun<C, P>, units: readonly Unit[], faults: RowFault[]): Promise<void> {
    const outcomes = units.flat().map(({ line }) => ({ line, outcome: 'rejected', faults, warnings: [] }));
    run.state = await this.database.transaction((tx) => this.note(tx, run, units, [], { outcomes }));
  }

  private async note(
    tx: Transaction,
    run: ImportRun<C, P>,
    units: readonly Unit[],
    rows: readonly ImportRow<C>[],
    taken: TakenRows,
  ): Promise<ImportState> {
    const { job, params, state: before } = run;
    const cells = new Map(units.flat().map((record) => [record.line, record.cells]));
    for (const { line, faults } of taken.outcomes.filter(({ outcome }) => outcome === 'rejected'))
      job.failedRow({
        line,
        field: [...new Set(faults.map(({ field }) => field).filter(Boolean))].join(', '),
        reason: [...new Set(faults.map((fault) => faultText(fault, this.texts, params.language ?? 'en')))].join('; '),
        code: [...new Set(faults.map(({ code }) => code))].join(' '),
        row: this.ownRow(cells.get(line) ?? [], run.header),
      });
    const after = stateAfter(before, units.length, rows, taken);
    await this.noted?.(tx, run, after);
    await job.advance(tx, {
      done: after.rows,
      failed: after.failed,
      ...(run.dryRun ? {} : { checkpoint: after }),
    });
    return after;
  }

  /** The user's own row, cell by cell, since two columns may have one name. */
  private ownRow(cells: readonly string[], header: readonly string[]): [string, string][] {
    return Array.from({ length: Math.max(header.length, cells.length) }, (_, index) => [
      header[index] || `column ${index + 1}`,
      cells[index] ?? '',
    ]);
  }

  private groupField(run: ImportRun<C, P>): string {
    return this.groupBy === undefined ? '' : run.field(this.groupBy);
  }
}
