/** How far a job is; `total` is null until it is known. */
export class JobProgress {
  done!: number;
  total!: number | null;
  failed!: number;
}

/** Where a job's results are. */
export class JobLinks {
  /** Rows that failed, as CSV with line, field and reason, ready to mend and upload again. */
  failedRows?: string;
  /** Files that the job made. */
  files!: string[];
}

/** Long work that runs in the background. */
export class Job {
  /** @example '0198f3a0-7c1e-7000-8000-000000000001' */
  id!: string;
  /** @example 'customer-import' */
  kind!: string;
  /**
   * `succeeded`: it ran to its end, and of a file's rows at least one was taken; how many were not is in
   * `progress.failed`.
   * `failed`: it could not go on (`problem` says why and, of a file, from which line), or every row failed
   * (`every_row_failed`).
   */
  state!: 'waiting' | 'running' | 'succeeded' | 'failed' | 'cancelled';
  progress!: JobProgress;
  /** What the job found or made, by kind of job. */
  result?: Record<string, unknown>;
  /** Why the job failed: a problem's code and text. */
  problem?: Record<string, unknown>;
  links!: JobLinks;
  createdAt!: string;
  startedAt?: string;
  finishedAt?: string;
}
