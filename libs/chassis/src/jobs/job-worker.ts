import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import {
  context,
  defineProblem,
  inTransaction,
  type MessageContext,
  type Problem,
  type Transaction,
} from '@quen/messaging';
import { ServiceConfig } from '../config/service.config.js';
import { Log } from '../operations/log.js';
import { countRuns, type RunOutcomes } from '../operations/metrics.js';
import { problemOf } from '../problems/problem-of-error.js';
import type { JobEnd, JobRunner } from './job-handler.js';
import { JobCancelled, JobInterrupted, RunningJob } from './running-job.js';

interface ClaimedRow {
  id: string;
  kind: string;
  params: object;
  caller: MessageContext;
  checkpoint: unknown;
  done: string;
  failed: string;
  total: string | null;
  attempts: number;
}

export const everyRowFailed = defineProblem('unprocessable', 'every_row_failed', {
  en: 'None of the {rows} rows could be taken; the failed rows say why.',
  vi: 'Không dòng nào trong {rows} dòng được nhận; tệp dòng lỗi nêu lý do.',
});

const leaseSeconds = 30;
const beatMs = 5_000;
const pollMs = 1_000;
const maxAttempts = 5;

/**
 * Takes jobs from the table, one lease each, and runs them; a job whose process died is taken over when its lease ends.
 */
@Injectable()
export class JobWorker {
  private readonly owner = randomUUID();
  private readonly handlers = new Map<string, JobRunner>();
  private readonly running = new Map<RunningJob, Promise<void>>();
  private timer?: NodeJS.Timeout;
  private active = false;
  private claiming?: Promise<void>;

  private readonly runs: RunOutcomes;

  constructor(
    private readonly dataSource: DataSource,
    private readonly config: ServiceConfig,
    private readonly log: Log,
    registry: Registry,
  ) {
    this.runs = countRuns(
      registry,
      'crm_job_runs_total',
      "Runs of jobs by outcome: succeeded, refused (the user's input), cancelled, put back to be tried again, or failed.",
    );
  }

  /** Adds the handler of a kind of job. */
  register(kind: string, handler: JobRunner): void {
    if (this.handlers.has(kind)) throw new Error(`Job kind ${kind} has two handlers`);
    this.handlers.set(kind, handler);
    for (const outcome of ['succeeded', 'refused', 'cancelled', 'retried', 'failed'])
      this.runs.inc({ name: kind, outcome }, 0);
  }

  knows(kind: string): boolean {
    return this.handlers.has(kind);
  }

  /** Begins to take jobs. */
  start(): void {
    if (!this.handlers.size) return;
    this.active = true;
    this.wake();
  }

  /** Looks for work now instead of at the next poll. */
  wake(): void {
    if (!this.active) return;
    clearTimeout(this.timer);
    this.claiming ??= this.claim().finally(() => {
      this.claiming = undefined;
      if (this.active) this.timer = setTimeout(() => this.wake(), pollMs).unref();
    });
  }

  /** Stops taking jobs and gives those that run back at their next sign of life, or after `withinMs`. */
  async stop(withinMs = 10_000): Promise<void> {
    this.active = false;
    clearTimeout(this.timer);
    await this.claiming;
    for (const job of this.running.keys()) job.interrupt();
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<void>((resolve) => (timer = setTimeout(resolve, withinMs)));
    await Promise.race([Promise.allSettled(this.running.values()), deadline]);
    clearTimeout(timer);
  }

  private async claim(): Promise<void> {
    try {
      while (this.active && this.running.size < this.config.JOBS_CONCURRENCY) {
        const row = await this.next();
        if (!row) return;
        this.run(row);
      }
    } catch (error) {
      this.log.error({ event: 'job_claim_failed', err: error }, 'jobs cannot be read');
    }
  }

  private async next(): Promise<ClaimedRow | undefined> {
    const [rows]: [ClaimedRow[], number] = await this.dataSource.query(
      `update job set state = 'running', attempts = attempts + 1, lease_owner = $1, lease_until = now() + make_interval(secs => $2),
         started_at = coalesce(started_at, now())
       where id = (
         select id from job where state in ('waiting', 'running') and coalesce(lease_until, '-infinity') < now() and kind = any($3)
         order by created_at for update skip locked limit 1)
       returning *`,
      [this.owner, leaseSeconds, [...this.handlers.keys()]],
    );
    return rows[0];
  }

  private run(row: ClaimedRow): void {
    const progress = {
      done: Number(row.done),
      failed: Number(row.failed),
      total: row.total === null ? null : Number(row.total),
    };
    const job = new RunningJob(
      this.dataSource,
      this.owner,
      row.id,
      row.kind,
      row.params,
      row.checkpoint ?? undefined,
      progress,
      leaseSeconds,
      (line, error) =>
        this.log.error(
          { event: 'job_row_failed', job: row.id, kind: row.kind, line, err: error },
          'a row of a file cannot be written',
        ),
    );
    const beat = setInterval(
      () => void job.beat().catch((error: unknown) => this.beatFailed(job, error)),
      beatMs,
    ).unref();
    const work = context
      .run({ ...row.caller }, () => this.perform(job, row.attempts))
      .finally(() => {
        clearInterval(beat);
        this.running.delete(job);
        this.wake();
      });
    this.running.set(job, work);
  }

  private async perform(job: RunningJob, attempts: number): Promise<void> {
    try {
      if (attempts > maxAttempts)
        return await this.finish(job, 'failed', 'failed', {
          problem: {
            code: 'job_gave_up',
            detail: `The job was begun ${maxAttempts} times and never ended; the last time it had done ${job.progressSoFar.done}.`,
          },
        });
      const result = await this.handlers.get(job.kind)?.run(job);
      await job.flush();
      if (job.cancelled) return await this.finish(job, 'cancelled', 'cancelled', { result });
      const rows = await this.failedThroughout(job);
      if (rows > 0) await this.finish(job, 'failed', 'refused', { result, problem: told(everyRowFailed({ rows })) });
      else await this.finish(job, 'succeeded', 'succeeded', { result });
    } catch (error) {
      await this.failed(job, attempts, error).catch((second: unknown) =>
        this.log.error(
          { event: 'job_state_lost', job: job.id, err: second },
          'the state of a job cannot be written; its lease will end',
        ),
      );
    }
  }

  private async failed(job: RunningJob, attempts: number, error: unknown): Promise<void> {
    if (error instanceof JobInterrupted) return this.giveBack(job, 0, 1);
    await job.flush().catch(() => undefined);
    if (error instanceof JobCancelled) return this.finish(job, 'cancelled', 'cancelled', {});
    const problem = problemOf(error, this.config.BODY_LIMIT_BYTES);
    this.log.error({ event: 'job_failed', job: job.id, kind: job.kind, code: problem.code, err: error }, 'job failed');
    if (problem.kind === 'unavailable' && attempts < maxAttempts) {
      this.runs.inc({ name: job.kind, outcome: 'retried' });
      return this.giveBack(job, 5 * attempts, 0);
    }
    await this.finish(
      job,
      'failed',
      problem.kind === 'internal' || problem.kind === 'unavailable' ? 'failed' : 'refused',
      { problem: told(problem) },
    );
  }

  /** How many rows a job had when each of them failed; else none. */
  private async failedThroughout({ id }: RunningJob): Promise<number> {
    const [row]: { failed: string }[] = await this.dataSource.query(
      'select failed from job where id = $1 and failed > 0 and failed >= done and exists (select 1 from job_failed_row where job_id = $1)',
      [id],
    );
    return Number(row?.failed ?? 0);
  }

  private async finish(
    job: RunningJob,
    state: JobEnd['state'],
    outcome: string,
    { result, problem }: { result?: unknown; problem?: JobEnd['problem'] },
  ): Promise<void> {
    await inTransaction(this.dataSource, async (tx) => {
      const [, ended] = (await tx.query(
        `update job set state = $3, result = $4, problem = $5, finished_at = now(), lease_owner = null, lease_until = null where id = $1 and lease_owner = $2`,
        [
          job.id,
          this.owner,
          state,
          result === undefined ? null : JSON.stringify(result),
          problem ? JSON.stringify(problem) : null,
        ],
      )) as [unknown, number];
      if (ended > 0) await this.tell(tx, job.kind, { id: job.id, state, problem });
    });
    this.runs.inc({ name: job.kind, outcome });
  }

  /** Lets the handler of a kind of job know that one ended. */
  async tell(tx: Transaction, kind: string, end: JobEnd): Promise<void> {
    await this.handlers.get(kind)?.ended?.(tx, end);
  }

  /** Back into the queue, to be taken after `seconds`; an interruption does not count as an attempt. */
  private async giveBack(job: RunningJob, seconds: number, attemptsBack: number): Promise<void> {
    await this.dataSource.query(
      `update job set state = 'waiting', lease_owner = null, lease_until = now() + make_interval(secs => $3), attempts = attempts - $4 where id = $1 and lease_owner = $2`,
      [job.id, this.owner, seconds, attemptsBack],
    );
  }

  private beatFailed(job: RunningJob, error: unknown): void {
    if (!(error instanceof JobInterrupted))
      this.log.warn({ event: 'job_beat_failed', job: job.id, err: error }, 'the lease of a job could not be renewed');
  }
}

function told(problem: Problem): JobEnd['problem'] {
  return { code: problem.code, detail: problem.text('en'), detailVi: problem.text('vi'), errors: problem.errors };
}
