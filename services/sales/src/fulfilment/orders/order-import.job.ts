import { CsvFile, Database, inHalves, JobHandler, momentOf, type JobRunner, type RunningJob } from '@quen/chassis';
import { context, Events, type Transaction } from '@quen/messaging';
import { ProductsService } from '../../catalogue/products/products.service.js';
import { CustomersService } from '../../replicas/customers/customers.service.js';
import { SalesConfig } from '../../sales.config.js';
import { mostRows, OrderIndex, type OrderBatch } from './order-import.index.js';
import { planOrder, type FailedImportRow, type Known, type PlannedOrder } from './order-import.plan.js';
import { ordersByCode, writeBatch } from './order-import.queries.js';
import { columnsOf, groupsOf, typedRow, type ImportGroup } from './order-import.rows.js';

/** Numbers of an import so far, and where it goes on. */
interface Checkpoint {
  groups: number;
  rows: number;
  orders: number;
  lines: number;
  returns: number;
  failed: number;
}

const beginning: Checkpoint = { groups: 0, rows: 0, orders: 0, lines: 0, returns: 0, failed: 0 };

/** One run of an import. */
interface Run {
  readonly job: RunningJob;
  reached: Checkpoint;
}

/**
 * Brings in a firm's history of orders from CSV. Orders are written in batches, each one transaction with its events,
 * its failed rows and
 * the checkpoint, so that a kill neither loses nor repeats anything. An imported order counts as delivered and paid.
 */
@JobHandler('order-import')
export class OrderImport implements JobRunner {
  constructor(
    private readonly database: Database,
    private readonly events: Events,
    private readonly config: SalesConfig,
    private readonly customers: CustomersService,
    private readonly products: ProductsService,
  ) {}

  async run(job: RunningJob): Promise<Omit<Checkpoint, 'groups'>> {
    const { today } = await this.database.read(async (tx) => momentOf(tx));
    const file = await CsvFile.open((await job.file()).buffer, { codePages: true });
    const names = file.columns();
    const codeAt = names.indexOf(columnsOf(names).orderCode as string);
    const index = new OrderIndex();
    await job.progress({ total: await file.count() });
    for await (const records of file.batches(1_000))
      for (const record of records) index.add(record.cells[codeAt] ?? '', record);

    const run: Run = { job, reached: (job.checkpoint as Checkpoint | undefined) ?? beginning };
    for (const batch of index.batches(this.config.IMPORT_BATCH_ORDERS, run.reached.groups)) {
      if (job.cancelled) break;
      await this.takeBatch(
        run,
        batch,
        groupsOf({ columns: names, rows: batch.places.map((place) => typedRow(file.recordAt(place), names)) }, today),
      );
    }
    const { groups: _groups, ...result } = run.reached;
    return result;
  }

  private async takeBatch(run: Run, { oversized }: OrderBatch, groups: readonly ImportGroup[]): Promise<void> {
    if (oversized) return this.fail(run, groups, `has more than ${mostRows} rows`);
    await inHalves(
      groups,
      async (some) => {
        const before = run.reached;
        run.reached = await this.database.transaction((tx) => this.take(tx, run.job, some, before));
      },
      async (group, error) => {
        for (const { line } of [...group.sales, ...group.returns].slice(0, 1)) run.job.broken(line, error);
        await this.fail(run, [group], 'could not be written, for a reason on our side; tell us the time of the import');
      },
    );
  }

  /** Gives orders back as they are. */
  private async fail(run: Run, groups: readonly ImportGroup[], reason: string): Promise<void> {
    const failed = groups.flatMap(({ sales, returns }) =>
      [...sales, ...returns].map((row): FailedImportRow => ({ row, field: 'orderCode', reason })),
    );
    run.reached = await this.database.transaction((tx) => this.note(tx, run.job, run.reached, groups, [], failed));
  }

  private async take(
    tx: Transaction,
    job: RunningJob,
    batch: readonly ImportGroup[],
    before: Checkpoint,
  ): Promise<Checkpoint> {
    const known = await this.knownOf(tx, batch);
    const plans = batch.map((group) => planOrder(group, known));
    const failed = plans.flatMap((plan) => plan.failed);
    const planned = plans.flatMap((plan) => (plan.planned ? [plan.planned] : []));
    const lost = await writeBatch(tx, planned, job.id, context.get().actor ?? 'import');
    failed.push(...batch.filter((group) => lost.has(group.orderCode)).flatMap(lostRows));
    const kept = planned.filter(({ order }) => !lost.has(order.code));
    await this.events.publishAll(
      tx,
      kept.flatMap((each) => each.changes),
    );
    return this.note(tx, job, before, batch, kept, failed);
  }

  private async note(
    tx: Transaction,
    job: RunningJob,
    before: Checkpoint,
    batch: readonly ImportGroup[],
    kept: readonly PlannedOrder[],
    failed: readonly FailedImportRow[],
  ): Promise<Checkpoint> {
    for (const { row, field, reason } of failed) job.failedRow({ line: row.line, field, reason, row: row.raw });
    const after = advanced(before, batch, kept, failed);
    await job.advance(tx, { done: after.rows, failed: after.failed, checkpoint: after });
    return after;
  }

  private async knownOf(tx: Transaction, batch: readonly ImportGroup[]): Promise<Known> {
    const rows = batch.flatMap((group) => [...group.sales, ...group.returns]);
    return {
      customers: await this.customers.byCode(
        tx,
        rows.map((row) => row.customerCode),
      ),
      products: await this.products.byCode(
        tx,
        rows.map((row) => row.productCode),
      ),
      orders: await ordersByCode(
        tx,
        batch.map((group) => group.orderCode),
      ),
    };
  }
}

function lostRows({ sales, returns }: ImportGroup): FailedImportRow[] {
  return [...sales, ...returns].map((row) => ({
    row,
    field: 'orderCode',
    reason: 'there is an order with this code already',
  }));
}

function advanced(
  before: Checkpoint,
  batch: readonly ImportGroup[],
  kept: readonly PlannedOrder[],
  failed: readonly FailedImportRow[],
): Checkpoint {
  const made = kept.filter(({ order }) => order.isNew);
  return {
    groups: before.groups + batch.length,
    rows: before.rows + batch.reduce((sum, { sales, returns }) => sum + sales.length + returns.length, 0),
    orders: before.orders + made.length,
    lines: before.lines + made.reduce((sum, { order }) => sum + order.lines.length, 0),
    returns: before.returns + kept.reduce((sum, { returns }) => sum + returns.length, 0),
    failed: before.failed + failed.length,
  };
}
