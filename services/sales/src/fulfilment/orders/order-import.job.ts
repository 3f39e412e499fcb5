import {
  Clock,
  Database,
  ImportJob,
  JobHandler,
  type ImportRow,
  type ImportRun,
  type ImportState,
  type RowOutcome,
  type TakenRows,
} from '@quen/chassis';
import { context, Events, type Transaction } from '@quen/messaging';
import { ProductsService } from '../../catalogue/products/products.service.js';
import { CustomersService } from '../../replicas/customers/customers.service.js';
import { SalesConfig } from '../../sales.config.js';
import { orderColumns, orderFaults, type OrderColumns } from './order-import.columns.js';
import { planOrder, type Known, type OrderRow } from './order-import.plan.js';
import { ordersByCode, writeBatch } from './order-import.queries.js';

export const orderImportJob = 'order-import';

/**
 * Brings in a firm's history of orders, order by order wherever its rows stand. An imported order counts as delivered
 * and paid.
 */
@JobHandler(orderImportJob)
export class OrderImport extends ImportJob<OrderColumns> {
  override readonly columns = orderColumns;
  protected override readonly groupBy = 'orderCode';
  protected override readonly texts = orderFaults;
  protected override readonly batchSize: number;

  constructor(
    database: Database,
    clock: Clock,
    private readonly events: Events,
    config: SalesConfig,
    private readonly customers: CustomersService,
    private readonly products: ProductsService,
  ) {
    super(database, clock);
    this.batchSize = config.IMPORT_BATCH_ORDERS;
  }

  /** A checkpoint of before counted groups and had its numbers side by side. */
  protected override begun({ state }: ImportRun<OrderColumns>): Promise<void> {
    const { groups, orders, lines, returns } = state as ImportState & Partial<Record<string, number>>;
    if (groups !== undefined && state.next === 0)
      Object.assign(state, { next: groups, counts: { orders, lines, returns } });
    return Promise.resolve();
  }

  protected override async take(
    tx: Transaction,
    rows: readonly ImportRow<OrderColumns>[],
    run: ImportRun<OrderColumns>,
  ): Promise<TakenRows> {
    const groups = groupsOf(rows);
    const known = await this.knownOf(tx, rows, run);
    const plans = groups.map((group) => planOrder(group, known));
    const planned = plans.flatMap((plan) => plan.planned ?? []);
    const lost = await writeBatch(tx, planned, run.job.id, context.get().actor ?? 'import');
    const kept = planned.filter(({ order }) => !lost.has(order.code));
    await this.events.publishAll(
      tx,
      kept.flatMap((each) => each.changes),
    );
    const taken = { field: run.field('orderCode'), code: 'order_code_taken' };
    const made = kept.filter(({ isNew }) => isNew);
    return {
      outcomes: plans.flatMap(({ outcomes, planned: order }) =>
        order && lost.has(order.order.code)
          ? outcomes.map(({ line }): RowOutcome => ({ line, outcome: 'rejected', faults: [taken], warnings: [] }))
          : outcomes,
      ),
      tally: {
        orders: made.length,
        lines: made.reduce((sum, { lines }) => sum + lines.length, 0),
        returns: kept.reduce((sum, { returns }) => sum + returns.length, 0),
      },
    };
  }

  private async knownOf(tx: Transaction, rows: readonly OrderRow[], run: ImportRun<OrderColumns>): Promise<Known> {
    const named = (column: 'customerCode' | 'productCode' | 'orderCode'): string[] =>
      rows.flatMap(({ values }) => values[column] ?? []);
    return {
      customers: await this.customers.byCode(tx, named('customerCode')),
      products: await this.products.byCode(tx, named('productCode')),
      orders: await ordersByCode(tx, named('orderCode')),
      at: run.moment.at,
      today: run.moment.today,
      field: (target) => run.field(target),
    };
  }
}

/** Rows by order; one without a code is alone. */
function groupsOf(rows: readonly OrderRow[]): OrderRow[][] {
  const groups = new Map<string, OrderRow[]>();
  for (const row of rows) {
    const key = row.values.orderCode ?? `\0${row.line}`;
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.values()];
}
