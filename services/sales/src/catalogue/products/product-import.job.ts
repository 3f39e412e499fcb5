import { In } from 'typeorm';
import {
  Clock,
  Database,
  ImportJob,
  JobHandler,
  type ImportRow,
  type ImportRun,
  type RowFault,
  type RowOutcome,
  type TakenRows,
} from '@quen/chassis';
import { Money } from '@quen/events';
import { Events, Problem, type Transaction } from '@quen/messaging';
import { productColumns, type ProductColumns } from './product-import.columns.js';
import { Product, type ProductFields } from './product.entity.js';

export const productImportJob = 'product-import';
const batchRows = 500;

type Row = ImportRow<ProductColumns>;

/** Brings in a list of products: what is new is added, what is there is corrected by what the row says. */
@JobHandler(productImportJob)
export class ProductImport extends ImportJob<ProductColumns> {
  override readonly columns = productColumns;
  protected override readonly batchSize = batchRows;

  constructor(
    database: Database,
    clock: Clock,
    private readonly events: Events,
  ) {
    super(database, clock);
  }

  protected override async take(
    tx: Transaction,
    rows: readonly Row[],
    run: ImportRun<ProductColumns>,
  ): Promise<TakenRows> {
    const codes = [...new Set(rows.flatMap(({ values }) => values.code ?? []))];
    const found = await tx.find(Product, {
      where: { code: In(codes) },
      order: { id: 'ASC' },
      lock: { mode: 'pessimistic_write' },
    });
    const known = new Map(found.map((product) => [product.code, product]));
    const [made, changed] = [new Set<Product>(), new Set<Product>()];
    const outcomes = rows.map((row): RowOutcome => {
      const taken = row.faults.length > 0 ? row.faults : takeIn(row, known.get(row.values.code ?? ''), run);
      if (Array.isArray(taken)) return { line: row.line, outcome: 'rejected', faults: taken, warnings: [] };
      const before = known.get(taken.code);
      const same = before !== undefined && JSON.stringify(before) === JSON.stringify(taken);
      if (!same) {
        // What an earlier row of the batch made or changed stays one product.
        const product = Object.assign(before ?? taken, taken);
        known.set(product.code, product);
        if (before === undefined) made.add(product);
        else if (!made.has(product)) changed.add(product);
      }
      const outcome = before === undefined ? 'created' : same ? 'matched' : 'updated';
      return { line: row.line, outcome, faults: [], warnings: [] };
    });
    await this.write(tx, [...made], [...changed]);
    return { outcomes };
  }

  private async write(tx: Transaction, made: Product[], changed: Product[]): Promise<void> {
    for (const product of made) product.version = 1;
    for (const product of changed) product.version += 1;
    if (made.length > 0) await tx.insert(Product, made);
    if (changed.length > 0)
      await tx.query(
        `update product p set name = r.name, kind = r.kind, unit = r.unit, category = r.category, department = r.department, list_price = r."listPrice", cost = r.cost,
           currency = r.currency, active = r.active, search_text = r."searchText", version = r.version, updated_at = now()
         from jsonb_to_recordset($1::jsonb) as r(id uuid, name text, kind text, unit text, category text, department text, "listPrice" numeric, cost numeric, currency char(3), active boolean,
           "searchText" text, version int) where p.id = r.id`,
        [JSON.stringify(changed)],
      );
    await this.events.publishAll(
      tx,
      [...made, ...changed].map((product) => ({ aggregate: product, messages: [product.state()] })),
    );
  }
}

/** The product as a row makes it, a copy of what is there; or why it cannot be. */
function takeIn({ values }: Row, before: Product | undefined, run: ImportRun<ProductColumns>): Product | RowFault[] {
  const { code = '', name, unit, listPrice, cost, ...rest } = values;
  const fields: ProductFields = {
    ...rest,
    ...(name !== undefined && { name }),
    ...(unit !== undefined && { unit }),
    ...(listPrice !== undefined && { listPrice: Money.of(listPrice) }),
    ...(cost !== undefined && { cost: Money.of(cost) }),
  };
  try {
    if (!before) {
      const missing = (['name', 'unit'] as const).filter((field) => values[field] === undefined);
      if (missing.length > 0 || name === undefined || unit === undefined)
        return missing.map((field) => ({ field: run.field(field), code: 'missing' }));
      return Product.create(code, { ...fields, name, unit });
    }
    const after = Object.assign(new Product(), before);
    after.change(fields);
    return after;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const field = run.field(listPrice !== undefined ? 'listPrice' : 'cost');
    return [{ field, code: error.code, texts: { en: error.text('en'), vi: error.text('vi') } }];
  }
}
