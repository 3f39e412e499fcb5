import { Database, JobCancelled, JobHandler, sqlState, transactionTime, type JobRunner, type RunningJob } from '@quen/chassis';
import type { Transaction } from '@quen/messaging';
import { CustomersConfig } from '../customers.config.js';
import { ConsentsService } from '../consents/consents.service.js';
import { CustomersService, isCitizenId } from '../customers/customers.service.js';
import { readCsvRecords, type CsvFile, type CsvRecord } from './csv-records.js';
import { CustomerImport } from './customer-import.entity.js';
import { faultText } from './faults.js';
import { planBatch, type BatchSurroundings, type ImportBranch } from './import-batch.js';
import { columnsOf, customerImportJob, type ImportParams } from './imports.service.js';
import { keysOf } from './row-match.js';
import { readRow, type ReadRow } from './row-values.js';

/** How far an import is: records of the file that were committed. */
interface Checkpoint {
  next: number;
}

/** How many of the first rows are shown with their outcome. */
const sampleRows = 20;

/** Imports a customer list in batches, each one transaction with its counts and its checkpoint; a batch is done wholly or not at all. */
@JobHandler(customerImportJob)
export class CustomerImportJob implements JobRunner<ImportParams> {
  constructor(private readonly database: Database, private readonly customers: CustomersService, private readonly consents: ConsentsService, private readonly config: CustomersConfig) {}

  async run(job: RunningJob<ImportParams>): Promise<object> {
    const file = readCsvRecords((await job.file()).buffer);
    const order = await this.database.read((tx) => tx.findOneByOrFail(CustomerImport, { id: job.id }));
    if (order.dryRun) Object.assign(order, { done: 0, created: 0, updated: 0, matched: 0, rejected: 0, warned: 0, reasons: {}, sample: [] });
    const simulated: Pick<BatchSurroundings, 'holders' | 'customers'> = { holders: new Map(), customers: new Map() };
    await job.progress({ total: file.records.length });
    const size = this.config.IMPORT_BATCH_ROWS;
    try {
      for (let next = order.dryRun ? 0 : ((job.checkpoint as Checkpoint | undefined)?.next ?? 0); next < file.records.length; next += size) {
        await this.batch(job, order, file, file.records.slice(next, next + size), next + size, simulated);
      }
    } catch (error) {
      if (error instanceof JobCancelled) await this.end(order, 'cancelled');
      throw error;
    }
    await this.end(order, 'done');
    const { id, created, updated, matched, rejected, warned, dryRun } = order;
    return { importId: id, created, updated, matched, rejected, warned, dryRun };
  }

  /** One batch; tried again when another entry took the same key at the same moment, since it is then met as a match. */
  private async batch(job: RunningJob<ImportParams>, order: CustomerImport, file: CsvFile, records: CsvRecord[], next: number, simulated: Pick<BatchSurroundings, 'holders' | 'customers'>): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const counted = await this.database.transaction((tx) => this.write(tx, job, order, file, records, next, simulated));
        Object.assign(order, counted);
        return;
      } catch (error) {
        if (sqlState(error) !== '23505' || attempt === 5) throw error;
      }
    }
  }

  private async write(tx: Transaction, job: RunningJob<ImportParams>, order: CustomerImport, file: CsvFile, records: CsvRecord[], next: number, simulated: Pick<BatchSurroundings, 'holders' | 'customers'>): Promise<Partial<CustomerImport>> {
    const columns = columnsOf(order);
    const rows = records.map((record) => ({ line: record.line, read: permitted(readRow(record, file.header, columns), job.params) }));
    const plan = planBatch(order, rows, await this.surroundings(tx, rows.flatMap(({ read }) => (read.values ? [read.values] : [])), order, simulated), this.consents);
    if (!order.dryRun) {
      await this.customers.write(tx, plan.changes);
      await this.consents.append(tx, plan.entries);
    }
    const byLine = new Map(records.map((record) => [record.line, record]));
    const counted = countsAfter(order, plan.outcomes);
    for (const { line, faults } of plan.outcomes.filter(({ outcome }) => outcome === 'rejected')) {
      job.failedRow({
        line, field: faults.map(({ field }) => field).filter(Boolean).join(', '), reason: [...new Set(faults.map(({ code }) => faultText(code, job.params.language)))].join('; '),
        row: rowOf(byLine.get(line)?.cells ?? [], file.header),
      });
    }
    await tx.update(CustomerImport, { id: order.id }, { ...counted, state: 'running' });
    await job.advance(tx, { done: counted.done, failed: counted.rejected, ...(order.dryRun ? {} : { checkpoint: { next } satisfies Checkpoint }) });
    return counted;
  }

  private async surroundings(tx: Transaction, rows: Parameters<typeof keysOf>[0][], order: CustomerImport, simulated: Pick<BatchSurroundings, 'holders' | 'customers'>): Promise<BatchSurroundings> {
    const found = await this.customers.holders(tx, rows.flatMap((row) => keysOf(row, [])));
    const known = order.dryRun ? simulated : { holders: new Map<string, string[]>(), customers: found.customers };
    for (const [key, ids] of found.holders) known.holders.set(key, [...new Set([...(known.holders.get(key) ?? []), ...ids])]);
    for (const [id, customer] of found.customers) if (!known.customers.has(id)) known.customers.set(id, customer);
    const branches: (ImportBranch & { code: string })[] = await tx.query(`select code, id, quen_scope() = 'all' or id = any(quen_branches()) as reached from branch where active`);
    const uncoded = order.mode === 'update' ? 0 : rows.filter(({ code }) => code === undefined).length;
    return {
      ...known, branches: new Map(branches.map((branch) => [branch.code, branch])), at: await transactionTime(tx),
      // A dry run uses up no numbers.
      codes: order.dryRun ? rows.map((_, index) => `#${order.created + index + 1}`).reverse() : (uncoded > 0 ? await this.customers.drawCodes(tx, uncoded) : []).reverse(),
    };
  }

  private async end(order: CustomerImport, state: 'done' | 'cancelled'): Promise<void> {
    await this.database.transaction((tx) => tx.update(CustomerImport, { id: order.id }, { state, finishedAt: () => 'now()' }));
  }
}

/** A row that brings a citizen id as its tax code is for those who may bring one. */
function permitted(read: ReadRow, { citizenIds }: ImportParams): ReadRow {
  return citizenIds || !isCitizenId(read.values?.details.taxCode) ? read : { faults: [{ field: '', code: 'citizen_id_forbidden' }] };
}

/** The import's counts with a batch's outcomes added. */
function countsAfter(order: CustomerImport, outcomes: CustomerImport['sample']): Pick<CustomerImport, 'done' | 'created' | 'updated' | 'matched' | 'rejected' | 'warned' | 'reasons' | 'sample'> {
  const number = (which: string): number => outcomes.filter(({ outcome }) => outcome === which).length;
  const reasons = { ...order.reasons };
  for (const { faults: [first] } of outcomes) if (first) reasons[first.code] = (reasons[first.code] ?? 0) + 1;
  return {
    done: order.done + outcomes.length, created: order.created + number('created'), updated: order.updated + number('updated'), matched: order.matched + number('matched'),
    rejected: order.rejected + number('rejected'), warned: order.warned + outcomes.filter(({ warnings }) => warnings.length > 0).length, reasons,
    sample: [...order.sample, ...outcomes].slice(0, sampleRows),
  };
}

/** The user's own row by header; cells beyond the header are kept under numbered names. */
function rowOf(cells: string[], header: string[]): Record<string, string> {
  const width = Math.max(header.length, cells.length);
  return Object.fromEntries(Array.from({ length: width }, (_, index) => [header[index] || `column ${index + 1}`, cells[index] ?? '']));
}
