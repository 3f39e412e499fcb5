import { context, newId } from '@quen/messaging';
import { CsvFile, Database, JobHandler, type JobRunner, type RunningJob } from '../index.js';
import { Book } from './shelf.entity.js';

/** Adds the books of a CSV file one by one; a row `slow` waits, so that tests can stop the job in its middle. */
@JobHandler('book-import')
export class BookImport implements JobRunner<{ note: string }> {
  constructor(private readonly database: Database) {}

  async run(job: RunningJob<{ note: string }>): Promise<{ added: number; note: string; scope: string | undefined }> {
    const csv = await CsvFile.open((await job.file()).buffer);
    const columns = csv.columns();
    const rows: { line: number; values: Record<string, string> }[] = [];
    for await (const batch of csv.batches(100)) {
      rows.push(
        ...batch.map(({ line, cells }) => ({
          line,
          values: Object.fromEntries(columns.map((name, index) => [name, cells[index] ?? ''])),
        })),
      );
    }
    let { done, failed } = job.progressSoFar;
    await job.progress({ total: rows.length });
    for (const [index, { line, values }] of rows.entries()) {
      if (index < Number(job.checkpoint ?? 0)) continue;
      const title = values['title'] ?? '';
      if (!title) {
        failed += 1;
        job.failedRow({ line, field: 'title', reason: 'is empty', row: values });
      }
      await this.database.transaction(async (tx) => {
        if (title.startsWith('slow')) await tx.query('select pg_sleep(0.3)');
        if (title)
          await tx.insert(Book, {
            id: newId(),
            title,
            author: values['author'] ?? null,
            price: null,
            state: 'in',
            ownerId: context.get().actor ?? '',
            branchId: null,
            version: 1,
          });
        done += 1;
        await job.advance(tx, { done, failed, checkpoint: index + 1 });
      });
    }
    await job.attach('titles.txt', 'text/plain', Buffer.from(rows.map(({ values }) => values['title']).join('\n')));
    return { added: done - failed, note: job.params.note, scope: context.get().scope };
  }
}
