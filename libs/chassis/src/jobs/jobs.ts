import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { afterCommit, context, inTransaction, newId, type MessageContext, type Transaction } from '@quen/messaging';
import type { Page } from '../lists/list-query.dto.js';
import { page } from '../lists/page.js';
import type { ParsedList } from '../lists/parse-list.js';
import { notFound } from '../problems/problems.js';
import type { UploadedFile } from '../uploads/upload.js';
import { JobWorker } from './job-worker.js';
import { Job } from './job.dto.js';
import { jobList, type JobRow } from './job.entity.js';
import type { FailedRow } from './running-job.js';

/** What a job has made besides its result. */
interface Made {
  readonly files: string[];
  readonly hasFailedRows: boolean;
}

const madeSql = `exists (select 1 from job_failed_row f where f.job_id = job.id) as "hasFailedRows",
  array(select name from job_file f where f.job_id = job.id and direction = 'out' and piece = 0 order by name) as files`;

const pageRows = 1_000;

const finished = ['succeeded', 'failed', 'cancelled'];

/**
 * Long work as rows in the service's own database: enqueued with the use case that asked for it, run in the background.
 */
@Injectable()
export class Jobs {
  constructor(
    private readonly dataSource: DataSource,
    private readonly worker: JobWorker,
  ) {}

  /**
   * Puts a job into the queue. It exists only if `tx` commits, and runs on behalf of the present caller. The route
   * returns the job and answers 202 with `Location`.
   */
  async enqueue(
    tx: Transaction,
    kind: string,
    params: object = {},
    file?: Pick<UploadedFile, 'filename' | 'mimetype' | 'buffer'>,
  ): Promise<Job> {
    if (!this.worker.knows(kind)) throw new Error(`There is no @JobHandler('${kind}')`);
    const id = newId();
    const { actor, branch, roles, scope, correlationId } = context.get();
    await tx.query('insert into job (id, kind, params, caller, created_by) values ($1, $2, $3, $4, $5)', [
      id,
      kind,
      JSON.stringify(params),
      JSON.stringify({ actor, branch, roles, scope: scope ?? 'all', correlationId }),
      actor ?? '',
    ]);
    if (file) {
      await tx.query(
        `insert into job_file (job_id, direction, name, media_type, content) values ($1, 'in', $2, $3, $4)`,
        [id, file.filename, file.mimetype, file.buffer],
      );
    }
    afterCommit(tx, () => this.worker.wake());
    return this.view(await this.row((sql, values) => tx.query(sql, values), id, undefined));
  }

  /** A job of the given person; of anybody without one. @throws Problem not_found */
  async get(id: string, createdBy?: string): Promise<Job> {
    return this.view(await this.row((sql, values) => this.dataSource.query(sql, values), id, createdBy));
  }

  /** A page of the jobs of the given person; of everybody without one. */
  async list(query: ParsedList, createdBy?: string): Promise<Page<Job>> {
    return inTransaction(this.dataSource, async (tx) => {
      const found = await page(
        tx,
        jobList,
        query,
        createdBy === undefined ? {} : { where: 'created_by = $1', params: [createdBy] },
      );
      const rows: (Made & { id: string })[] = await tx.query(
        `select id, ${madeSql} from job where id = any($1::uuid[])`,
        [found.data.map(({ id }) => id)],
      );
      const made = new Map(rows.map((row) => [row.id, row]));
      return {
        ...found,
        data: found.data.map((row) =>
          this.view({ ...row, ...(made.get(row.id) ?? { files: [], hasFailedRows: false }) }),
        ),
      };
    });
  }

  /** Asks a job to end; one that has not begun ends at once. @throws Problem not_found */
  async cancel(id: string, createdBy?: string): Promise<Job> {
    const { kind } = await this.get(id, createdBy);
    await inTransaction(this.dataSource, async (tx) => {
      const [[row]] = (await tx.query(
        `update job set cancel_requested = true,
           state = case when state = 'waiting' then 'cancelled' else state end,
           finished_at = case when state = 'waiting' then now() else finished_at end
         where id = $1 and state in ('waiting', 'running') returning state, caller`,
        [id],
      )) as [{ state: string; caller: MessageContext }[], number];
      if (row?.state === 'cancelled')
        await context.run({ ...row.caller }, () => this.worker.tell(tx, kind, { id, state: 'cancelled' }));
    });
    return this.get(id, createdBy);
  }

  /** The rows that failed, by line, page by page: there may be as many as a file has. */
  async *failedRows(id: string): AsyncGenerator<FailedRow[]> {
    let last: Pick<FailedRow, 'line' | 'field'> = { line: -1, field: '' };
    for (;;) {
      const rows: FailedRow[] = await this.dataSource.query(
        'select line, field, reason, code, row from job_failed_row where job_id = $1 and (line, field) > ($2, $3) order by line, field limit $4',
        [id, last.line, last.field, pageRows],
      );
      if (rows.length > 0) yield rows;
      const end = rows.at(-1);
      if (!end || rows.length < pageRows) return;
      last = end;
    }
  }

  /** A file that the job made, piece by piece. @throws Problem not_found */
  async resultFile(
    id: string,
    name: string,
    createdBy?: string,
  ): Promise<{ mediaType: string; content: AsyncGenerator<Buffer> }> {
    await this.get(id, createdBy);
    const [file]: { mediaType: string; pieces: number }[] = await this.dataSource.query(
      `select min(media_type) as "mediaType", count(*)::int as pieces from job_file
       where job_id = $1 and direction = 'out' and name = $2 having count(*) > 0`,
      [id, name],
    );
    if (!file) throw notFound({ what: 'file', id: name });
    return { mediaType: file.mediaType, content: this.pieces(id, name, file.pieces) };
  }

  private async *pieces(id: string, name: string, count: number): AsyncGenerator<Buffer> {
    for (let piece = 0; piece < count; piece += 1) {
      const [row]: { content: Buffer }[] = await this.dataSource.query(
        `select content from job_file where job_id = $1 and direction = 'out' and name = $2 and piece = $3`,
        [id, name, piece],
      );
      if (row) yield row.content;
    }
  }

  /** Whether the job will not change any more. */
  isFinished(job: Job): boolean {
    return finished.includes(job.state);
  }

  private async row(
    query: (sql: string, values: unknown[]) => Promise<(JobRow & Made)[]>,
    id: string,
    createdBy: string | undefined,
  ): Promise<JobRow & Made> {
    const [row] = await query(
      `select id, kind, state, done, total, failed, result, problem, created_at as "createdAt", started_at as "startedAt", finished_at as "finishedAt", ${madeSql}
       from job where id = $1 and ($2::text is null or created_by = $2)`,
      [id, createdBy ?? null],
    );
    if (!row) throw notFound({ what: 'job', id });
    return row;
  }

  private view({ files, hasFailedRows, ...row }: Omit<JobRow, 'createdBy'> & Made): Job {
    return Object.assign(new Job(), {
      id: row.id,
      kind: row.kind,
      state: row.state,
      progress: {
        done: Number(row.done),
        total: row.total === null ? null : Number(row.total),
        failed: Number(row.failed),
      },
      ...(row.result ? { result: row.result } : {}),
      ...(row.problem ? { problem: row.problem } : {}),
      links: {
        ...(hasFailedRows ? { failedRows: `/v1/jobs/${row.id}/failed-rows.csv` } : {}),
        files: files.map((name) => `/v1/jobs/${row.id}/files/${name}`),
      },
      createdAt: row.createdAt.toISOString(),
      ...(row.startedAt ? { startedAt: row.startedAt.toISOString() } : {}),
      ...(row.finishedAt ? { finishedAt: row.finishedAt.toISOString() } : {}),
    });
  }
}
