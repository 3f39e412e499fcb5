import {
  Clock,
  Database,
  ImportJob,
  JobHandler,
  type CsvFile,
  type ImportRow,
  type ImportRun,
  type ImportState,
  type JobEnd,
  type Mapping,
  type RunningJob,
  type SampleRow,
  type TakenRows,
} from '@quen/chassis';
import type { Transaction } from '@quen/messaging';
import { ConsentsService } from '../consents/consents.service.js';
import { CustomersConfig } from '../customers.config.js';
import { CustomersService, isCitizenId } from '../customers/customers.service.js';
import { customerColumnSet, type CustomerColumns } from './columns.js';
import { CustomerImport, type RowOutcome } from './customer-import.entity.js';
import { faultTexts } from './faults.js';
import { forgetOldest, planBatch, type BatchSurroundings, type ImportBranch } from './import-batch.js';
import { customerImportJob, mappingOf, type CustomerImportParams } from './imports.service.js';
import { keysOf } from './row-match.js';
import { rowValues, type ReadRow } from './row-values.js';

type Run = ImportRun<CustomerColumns, CustomerImportParams>;
/** What an import keeps beside its numbers. */
interface Context {
  order: CustomerImport;
  /** What a preview's rows would have done. */
  simulated: Pick<BatchSurroundings, 'holders' | 'customers'>;
}

/**
 * Customers that a preview remembers, so that one of a file of any length fits into memory: of a guest who stands
 * twice, the second row is met as the same within them.
 */
const previewMemory = 20_000;

/** Imports a customer list; the import's record shows what its job does. */
@JobHandler(customerImportJob)
export class CustomerImportJob extends ImportJob<CustomerColumns, CustomerImportParams> {
  // The file's own columns were settled when it was taken in.
  override readonly columns = customerColumnSet([]);
  protected override readonly texts = faultTexts;
  protected override readonly batchSize: number;
  private readonly contexts = new WeakMap<Run, Context>();

  constructor(
    database: Database,
    clock: Clock,
    private readonly customers: CustomersService,
    private readonly consents: ConsentsService,
    config: CustomersConfig,
  ) {
    super(database, clock);
    this.batchSize = config.IMPORT_BATCH_ROWS;
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

  protected override async mapping({ id }: RunningJob<CustomerImportParams>): Promise<Mapping> {
    return mappingOf(await this.database.read((tx) => tx.findOneByOrFail(CustomerImport, { id })));
  }

  protected override async begun(run: Run, rows: number): Promise<void> {
    const order = await this.database.transaction(async (tx) => {
      await tx.update(CustomerImport, { id: run.job.id }, { rows, state: 'running' });
      return tx.findOneByOrFail(CustomerImport, { id: run.job.id });
    });
    // A checkpoint of before held nothing but its place: the numbers stand in the record.
    if (run.state.next > 0 && run.state.rows === 0) {
      const { done, rejected, warned, reasons, created, updated, matched } = order;
      Object.assign(run.state, {
        rows: done,
        failed: rejected,
        warned,
        reasons,
        counts: { created, updated, matched },
      });
    }
    this.contexts.set(run, { order, simulated: { holders: new Map(), customers: new Map() } });
  }

  protected override async take(
    tx: Transaction,
    rows: readonly ImportRow<CustomerColumns>[],
    run: Run,
  ): Promise<TakenRows> {
    const { order } = this.context(run);
    const read = rows.map((row) => ({ line: row.line, read: permitted(rowValues(row, run.field), run.params) }));
    const known = await this.surroundings(
      tx,
      read.flatMap(({ read: { values } }) => (values ? [values] : [])),
      run,
    );
    const plan = planBatch(order, read, known, this.consents);
    if (!order.dryRun) {
      await this.customers.write(tx, plan.changes);
      await this.consents.append(tx, plan.entries);
    }
    return {
      outcomes: plan.outcomes.map(({ name, customerId, code, ...outcome }) => ({
        ...outcome,
        shown: { name, customerId, code },
      })),
    };
  }

  protected override async noted(tx: Transaction, run: Run, state: ImportState): Promise<void> {
    const { order } = this.context(run);
    const { created = 0, updated = 0, matched = 0 } = state.counts;
    await tx.update(
      CustomerImport,
      { id: order.id },
      {
        done: state.rows,
        created,
        updated,
        matched,
        rejected: state.failed,
        warned: state.warned,
        reasons: state.reasons,
        warnings: state.warnings,
        unreadCells: state.unreadCells.map(({ line, field, code }) => ({ line, field, code })),
        sample: state.sample.map(outcomeOf),
      },
    );
  }

  protected override rested(run: Run): void {
    forgetOldest(this.context(run).simulated, previewMemory);
  }

  protected override result(run: Run, table: CsvFile): object {
    return { importId: run.job.id, ...super.result(run, table) };
  }

  private context(run: Run): Context {
    const context = this.contexts.get(run);
    if (!context) throw new Error(`Import ${run.job.id} was not begun`);
    return context;
  }

  private async surroundings(
    tx: Transaction,
    rows: Parameters<typeof keysOf>[0][],
    run: Run,
  ): Promise<BatchSurroundings> {
    const { order, simulated } = this.context(run);
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
    const made = run.state.counts['created'] ?? 0;
    return {
      ...known,
      branches: new Map(branches.map((branch) => [branch.code, branch])),
      at: run.moment.at,
      zone: run.moment.zone,
      // A dry run uses up no numbers.
      codes: order.dryRun
        ? rows.map((_, index) => `#${made + index + 1}`).reverse()
        : (uncoded > 0 ? await this.customers.drawCodes(tx, uncoded) : []).reverse(),
    };
  }
}

/** One of the first rows as the import's record shows it; of a row that broke nothing is known but that. */
function outcomeOf({ line, outcome, warnings, odd, faults, shown }: SampleRow): RowOutcome {
  const { name = null, customerId = null, code = null } = (shown ?? {}) as Partial<RowOutcome>;
  return {
    line,
    outcome: outcome as RowOutcome['outcome'],
    name,
    customerId,
    code,
    warnings: outcome === 'rejected' ? [] : [...new Set([...warnings.map((warning) => warning.code), ...odd])],
    faults,
  };
}

/** A row that brings a citizen id as its tax code is for those who may bring one. */
function permitted(read: ReadRow, { citizenIds }: CustomerImportParams): ReadRow {
  return citizenIds || !isCitizenId(read.values?.details.taxCode)
    ? read
    : { faults: [{ field: '', code: 'citizen_id_forbidden' }] };
}
