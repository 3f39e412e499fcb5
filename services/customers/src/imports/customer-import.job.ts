import {
  Clock,
  CsvFile,
  Database,
  inHalves,
  JobHandler,
  sqlState,
  type CsvRecord,
  type JobEnd,
  type JobRunner,
  type RunningJob,
} from '@quen/chassis';
import type { Transaction } from '@quen/messaging';
import { ConsentsService } from '../consents/consents.service.js';
import { CustomersConfig } from '../customers.config.js';
import { CustomersService, isCitizenId } from '../customers/customers.service.js';
import type { ColumnMap } from './columns.js';
import { CustomerImport } from './customer-import.entity.js';
import { faultText, type FaultCode } from './faults.js';
import { forgetOldest, planBatch, type BatchSurroundings, type ImportBranch } from './import-batch.js';
import { columnsOf, customerImportJob, type ImportParams } from './imports.service.js';
import { keysOf } from './row-match.js';
import { readRow, type ReadRow } from './row-values.js';

/** How far an import is: records of the file that were committed. */
interface Checkpoint {
  next: number;
}

/** One run of an import. */
interface Run {
  readonly job: RunningJob<ImportParams>;
  readonly order: CustomerImport;
  readonly header: readonly string[];
  readonly columns: ColumnMap;
  /** What a preview's rows would have done. */
  readonly simulated: Pick<BatchSurroundings, 'holders' | 'customers'>;
  /** Records that are done. */
  next: number;
}

/** How many of the first rows are shown with their outcome. */
const sampleRows = 20;
/**
 * Customers that a preview remembers, so that one of a file of any length fits into memory: of a guest who stands
 * twice, the second row is met as the same within them.
 */
const previewMemory = 20_000;

/**
 * Imports a customer list in batches, each one transaction with its counts and its checkpoint; a batch is done wholly
 * or not at all, and a row that breaks it costs itself.
 */
@JobHandler(customerImportJob)
export class CustomerImportJob implements JobRunner<ImportParams> {
  constructor(
    private readonly database: Database,
    private readonly customers: CustomersService,
    private readonly consents: ConsentsService,
    private readonly config: CustomersConfig,
    private readonly clock: Clock,
  ) {}

  async run(job: RunningJob<ImportParams>): Promise<object> {
    const file = await CsvFile.open((await job.file()).buffer);
    const rows = await file.count();
    await job.progress({ total: rows });
    const order = await this.database.transaction(async (tx) => {
      await tx.update(CustomerImport, { id: job.id }, { rows, state: 'running' });
      return tx.findOneByOrFail(CustomerImport, { id: job.id });
    });
    if (order.dryRun)
      Object.assign(order, {
        done: 0,
        created: 0,
        updated: 0,
        matched: 0,
        rejected: 0,
        warned: 0,
        reasons: {},
        sample: [],
      });
    const next = order.dryRun ? 0 : ((job.checkpoint as Checkpoint | undefined)?.next ?? 0);
    const run: Run = {
      job,
      order,
      header: file.header,
      columns: columnsOf(order),
      simulated: { holders: new Map(), customers: new Map() },
      next,
    };
    for await (const records of file.batches(this.config.IMPORT_BATCH_ROWS, next)) {
      await inHalves(
        records,
        (some) => this.batch(run, some),
        (record, error) => this.refuse(run, record, error),
      );
      forgetOldest(run.simulated, previewMemory);
    }
    const { id, created, updated, matched, rejected, warned, dryRun } = order;
    return { importId: id, created, updated, matched, rejected, warned, dryRun };
  }

  /** The import shows what its job does, whichever way that ended. */
  async ended(_: Transaction, { id, state, problem }: JobEnd): Promise<void> {
    await this.database.elevated((tx) =>
      tx.update(
        CustomerImport,
        { id },
        { state: state === 'succeeded' ? 'done' : state, problem: problem ?? null, finishedAt: () => 'now()' },
      ),
    );
  }

  /**
   * One batch; tried again when another entry took the same key at the same moment, since it is then met as a match.
   */
  private async batch(run: Run, records: readonly CsvRecord[]): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const counted = await this.database.transaction((tx) => this.write(tx, run, records));
        Object.assign(run.order, counted);
        run.next += records.length;
        return;
      } catch (error) {
        if (sqlState(error) !== '23505' || attempt === 5) throw error;
      }
    }
  }

  /** A row that no transaction takes. */
  private async refuse(run: Run, record: CsvRecord, error: unknown): Promise<void> {
    run.job.broken(record.line, error);
    const outcome = {
      line: record.line,
      outcome: 'rejected' as const,
      name: null,
      customerId: null,
      code: null,
      warnings: [],
      faults: [{ field: '', code: 'not_written' as const }],
    };
    const counted = await this.database.transaction((tx) => this.note(tx, run, [record], [outcome]));
    Object.assign(run.order, counted);
    run.next += 1;
  }

  private async write(tx: Transaction, run: Run, records: readonly CsvRecord[]): Promise<Partial<CustomerImport>> {
    const rows = records.map((record) => ({
      line: record.line,
      read: permitted(readRow(record, run.header, run.columns), run.job.params),
    }));
    const plan = planBatch(
      run.order,
      rows,
      await this.surroundings(
        tx,
        rows.flatMap(({ read }) => (read.values ? [read.values] : [])),
        run,
      ),
      this.consents,
    );
    if (!run.order.dryRun) {
      await this.customers.write(tx, plan.changes);
      await this.consents.append(tx, plan.entries);
    }
    return this.note(tx, run, records, plan.outcomes);
  }

  /** Counts what became of rows, and keeps those that failed for the user. */
  private async note(
    tx: Transaction,
    { job, order, header, next }: Run,
    records: readonly CsvRecord[],
    outcomes: CustomerImport['sample'],
  ): Promise<Partial<CustomerImport>> {
    const byLine = new Map(records.map((record) => [record.line, record]));
    const counted = countsAfter(order, outcomes);
    for (const { line, faults } of outcomes.filter(({ outcome }) => outcome === 'rejected')) {
      job.failedRow({
        line,
        field: faults
          .map(({ field }) => field)
          .filter(Boolean)
          .join(', '),
        reason: reasonOf(faults, job.params),
        row: rowOf(byLine.get(line)?.cells ?? [], header),
      });
    }
    await tx.update(CustomerImport, { id: order.id }, counted);
    await job.advance(tx, {
      done: counted.done,
      failed: counted.rejected,
      ...(order.dryRun ? {} : { checkpoint: { next: next + records.length } satisfies Checkpoint }),
    });
    return counted;
  }

  private async surroundings(
    tx: Transaction,
    rows: Parameters<typeof keysOf>[0][],
    { order, simulated }: Run,
  ): Promise<BatchSurroundings> {
    const found = await this.customers.holders(
      tx,
      rows.flatMap((row) => keysOf(row, [])),
    );
    const known = order.dryRun ? simulated : { holders: new Map<string, string[]>(), customers: found.customers };
    for (const [key, ids] of found.holders)
      known.holders.set(key, [...new Set([...(known.holders.get(key) ?? []), ...ids])]);
    for (const [id, customer] of found.customers) if (!known.customers.has(id)) known.customers.set(id, customer);
    const branches: (ImportBranch & { code: string })[] = await tx.query(
      `select code, id, quen_scope() = 'all' or id = any(quen_branches()) as reached from branch where active`,
    );
    const uncoded = order.mode === 'update' ? 0 : rows.filter(({ code }) => code === undefined).length;
    const { at, zone } = await this.clock.now(tx);
    return {
      ...known,
      branches: new Map(branches.map((branch) => [branch.code, branch])),
      at,
      zone,
      // A dry run uses up no numbers.
      codes: order.dryRun
        ? rows.map((_, index) => `#${order.created + index + 1}`).reverse()
        : (uncoded > 0 ? await this.customers.drawCodes(tx, uncoded) : []).reverse(),
    };
  }
}

function reasonOf(faults: readonly { code: FaultCode }[], { language }: ImportParams): string {
  return [...new Set(faults.map(({ code }) => faultText(code, language)))].join('; ');
}

/** A row that brings a citizen id as its tax code is for those who may bring one. */
function permitted(read: ReadRow, { citizenIds }: ImportParams): ReadRow {
  return citizenIds || !isCitizenId(read.values?.details.taxCode)
    ? read
    : { faults: [{ field: '', code: 'citizen_id_forbidden' }] };
}

/** The import's counts with a batch's outcomes added. */
function countsAfter(
  order: CustomerImport,
  outcomes: CustomerImport['sample'],
): Pick<CustomerImport, 'done' | 'created' | 'updated' | 'matched' | 'rejected' | 'warned' | 'reasons' | 'sample'> {
  const number = (which: string): number => outcomes.filter(({ outcome }) => outcome === which).length;
  const reasons = { ...order.reasons };
  for (const {
    faults: [first],
  } of outcomes)
    if (first) reasons[first.code] = (reasons[first.code] ?? 0) + 1;
  return {
    done: order.done + outcomes.length,
    created: order.created + number('created'),
    updated: order.updated + number('updated'),
    matched: order.matched + number('matched'),
    rejected: order.rejected + number('rejected'),
    warned: order.warned + outcomes.filter(({ warnings }) => warnings.length > 0).length,
    reasons,
    sample: order.sample.length < sampleRows ? [...order.sample, ...outcomes].slice(0, sampleRows) : order.sample,
  };
}

/** The user's own row by header; cells beyond the header are kept under numbered names. */
function rowOf(cells: string[], header: readonly string[]): Record<string, string> {
  const width = Math.max(header.length, cells.length);
  return Object.fromEntries(
    Array.from({ length: width }, (_, index) => [header[index] || `column ${index + 1}`, cells[index] ?? '']),
  );
}
