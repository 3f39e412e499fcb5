import type { DataSource } from 'typeorm';
import { defineProblem, type Transaction } from '@quen/messaging';
import type { UploadedFile } from '../uploads/upload.js';

/** A row of the user's file that could not be taken. */
export interface FailedRow {
  /** Line of the file, the header being line 1. */
  line: number;
  field?: string;
  reason: string;
  /** What programs tell the reason by. */
  code?: string;
  /** The user's own row, column by column: by name, or as names and cells where two columns may have one name. */
  row: Readonly<Record<string, unknown>> | readonly (readonly [name: string, cell: unknown])[];
}

/** What to note of a job's advance; numbers are totals, not differences. */
export interface JobAdvance {
  done?: number;
  total?: number;
  failed?: number;
  /** Where to go on after a kill: any JSON. */
  checkpoint?: unknown;
}

export const jobStopped = defineProblem('internal', 'job_stopped', {
  en: '{rows} rows could not be written, for a reason on our side; the last of them begins on line {line}. What lies behind it was not tried.',
  vi: 'Có {rows} dòng không ghi được do lỗi phía hệ thống; dòng cuối trong số đó là dòng {line}. Phần sau chưa được xử lý.',
});
/** When so many rows break on our side, the rows are not the cause. */
const mostBroken = 100;

/** The process stops or another one took the job over: its run ends here and goes on elsewhere. */
export class JobInterrupted extends Error {
  override readonly name = 'JobInterrupted';
}

/** The user cancelled the job. */
export class JobCancelled extends Error {
  override readonly name = 'JobCancelled';
}

const pieceBytes = 1_048_576;

/** What a handler sees of the job it runs. */
export class RunningJob<P extends object = object> {
  private failedRows: FailedRow[] = [];
  private brokenRows = 0;
  private interrupted = false;
  private cancelRequested = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly owner: string,
    readonly id: string,
    readonly kind: string,
    readonly params: P,
    /** What the last committed advance noted; undefined on the first run. */
    readonly checkpoint: unknown,
    /** Numbers noted so far, to count on from after a resume. */
    readonly progressSoFar: { done: number; failed: number; total: number | null },
    private readonly leaseSeconds: number,
    /** Told of each row that broke on our side. */
    private readonly onBroken: (line: number, error: unknown) => void = () => undefined,
  ) {}

  /** True once the user asked to cancel; finish the piece at hand and return. */
  get cancelled(): boolean {
    return this.cancelRequested;
  }

  /** Notes progress, seen at once. @throws JobInterrupted when this process has to let the job go */
  async progress(advance: JobAdvance): Promise<void> {
    await this.note((sql, params) => this.dataSource.query(sql, params), advance);
  }

  /**
   * Notes progress and checkpoint in the transaction that did the work: after a kill neither is repeated nor lost.
   * @throws JobCancelled or JobInterrupted, which roll that transaction back and end the run
   */
  async advance(tx: Transaction, advance: JobAdvance): Promise<void> {
    if (this.cancelRequested) throw new JobCancelled();
    await this.note((sql, params) => tx.query(sql, params), advance);
  }

  /**
   * Notes a row that failed; written with the next advance, or at the end. A row is noted once however often it is
   * tried.
   */
  failedRow(row: FailedRow): void {
    this.failedRows.push(row);
  }

  /**
   * Notes that a row broke on our side, and why. The caller lets it fail.
   * @throws Problem job_stopped when there are too many for the rows to be the cause
   */
  broken(line: number, error: unknown): void {
    this.brokenRows += 1;
    this.onBroken(line, error);
    if (this.brokenRows >= mostBroken) throw jobStopped({ rows: this.brokenRows, line });
  }

  /** The file that the job was given. @throws Error when it was given none */
  async file(): Promise<UploadedFile> {
    const [found]: { name: string; media_type: string; bytes: number }[] = await this.dataSource.query(
      `select name, media_type, octet_length(content) as bytes from job_file where job_id = $1 and direction = 'in'`,
      [this.id],
    );
    if (!found) throw new Error(`Job ${this.id} was given no file`);
    // Read in pieces: the driver makes text of what it reads, and the text of a large file would fill the heap.
    const buffer = Buffer.alloc(found.bytes);
    for (let at = 0; at < buffer.length; at += pieceBytes) {
      const [{ piece }]: [{ piece: Buffer }] = await this.dataSource.query(
        `select substring(content from $2 for $3) as piece from job_file where job_id = $1 and direction = 'in'`,
        [this.id, at + 1, pieceBytes],
      );
      piece.copy(buffer, at);
    }
    return { filename: found.name, mimetype: found.media_type, buffer, fields: {} };
  }

  /** Keeps a file that the job made, to be downloaded from the job. */
  async attach(name: string, mediaType: string, content: Uint8Array): Promise<void> {
    if (!/^[\w.-]{1,100}$/.test(name)) throw new Error('A result file is named with letters, digits, dots and hyphens');
    await this.dataSource.query(
      `insert into job_file (job_id, direction, name, media_type, content) values ($1, 'out', $2, $3, $4)
       on conflict (job_id, direction, name, piece) do update set media_type = excluded.media_type, content = excluded.content`,
      [this.id, name, mediaType, Buffer.from(content)],
    );
  }

  /** Adds a piece to a file that the job makes bit by bit, in the transaction of its checkpoint; the first is number 0. */
  async append(tx: Transaction, name: string, mediaType: string, piece: number, content: Uint8Array): Promise<void> {
    await tx.query(
      `insert into job_file (job_id, direction, name, media_type, piece, content) values ($1, 'out', $2, $3, $4, $5)
       on conflict (job_id, direction, name, piece) do update set media_type = excluded.media_type, content = excluded.content`,
      [this.id, name, mediaType, piece, Buffer.from(content)],
    );
  }

  /** For the worker: lets the run end at its next sign of life. */
  interrupt(): void {
    this.interrupted = true;
  }

  /** For the worker: renews the lease and learns of a cancellation. */
  async beat(): Promise<void> {
    await this.note((sql, params) => this.dataSource.query(sql, params), {}, false);
  }

  /** For the worker: writes the failed rows that wait. */
  async flush(
    query: (sql: string, params: unknown[]) => Promise<unknown> = (sql, params) => this.dataSource.query(sql, params),
  ): Promise<void> {
    const rows = this.failedRows;
    if (!rows.length) return;
    await query(
      `insert into job_failed_row (job_id, line, field, reason, code, row)
       select $1, line, coalesce(field, ''), reason, code, row from json_to_recordset($2::json) as r(line int, field text, reason text, code text, row json)
       on conflict (job_id, line, field) do nothing`,
      [this.id, JSON.stringify(rows)],
    );
    this.failedRows = [];
  }

  private async note(
    query: (sql: string, params: unknown[]) => Promise<unknown>,
    advance: JobAdvance,
    flush = true,
  ): Promise<void> {
    if (this.interrupted) throw new JobInterrupted();
    if (flush) await this.flush(query);
    const [rows] = (await query(
      `update job set done = coalesce($3, done), total = coalesce($4, total), failed = coalesce($5, failed),
         checkpoint = coalesce($6::jsonb, checkpoint), lease_until = now() + make_interval(secs => $7)
       where id = $1 and lease_owner = $2 and state = 'running' returning cancel_requested`,
      [
        this.id,
        this.owner,
        advance.done ?? null,
        advance.total ?? null,
        advance.failed ?? null,
        advance.checkpoint === undefined ? null : JSON.stringify(advance.checkpoint),
        this.leaseSeconds,
      ],
    )) as [{ cancel_requested: boolean }[], number];
    const row = rows[0];
    if (!row) {
      this.interrupted = true;
      throw new JobInterrupted();
    }
    this.cancelRequested = row.cancel_requested;
  }
}
