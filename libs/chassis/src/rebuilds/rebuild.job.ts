import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { finishOperation, Operations, Problem } from '@quen/messaging';
import { JobHandler, type JobRunner } from '../jobs/job-handler.js';
import { JobCancelled, JobInterrupted, type RunningJob } from '../jobs/running-job.js';
import { liveReadingOf } from './live-reading.js';
import { rebuildFailed } from './rebuild-problems.js';
import { summaryOf, type RebuildMessage, type RebuildProgress, type RebuildReport } from './rebuild-report.js';
import type { RebuildParams } from './rebuilds.js';

const lookMs = 500;

/**
 * Runs a rebuild in a process of its own, so that what serves keeps its processor. It ends with this one, and begins
 * anew when the job is taken over.
 */
@JobHandler('rebuild')
export class RebuildJob implements JobRunner<RebuildParams, RebuildReport> {
  constructor(
    private readonly dataSource: DataSource,
    private readonly bus: Operations,
  ) {}

  async run(job: RunningJob<RebuildParams>): Promise<RebuildReport> {
    const { operation } = job.params;
    try {
      const found = await this.runProcess(job);
      // This process consumes and knows what holds it; the one that compared does not.
      const report = { ...found, reading: await liveReadingOf(this.bus, found.consumers) };
      await finishOperation(this.dataSource, operation, summaryOf(report));
      return report;
    } catch (error) {
      if (!(error instanceof JobInterrupted))
        await finishOperation(
          this.dataSource,
          operation,
          error instanceof JobCancelled ? { cancelled: true } : { error: String(error) },
        );
      throw error;
    }
  }

  private async runProcess(job: RunningJob<RebuildParams>): Promise<RebuildReport> {
    const { consumers, take } = job.params;
    const child = spawn(
      process.execPath,
      [
        ...process.execArgv,
        process.argv[1]!,
        'rebuild',
        '--id',
        job.id,
        ...(consumers.length ? ['--consumer', consumers.join(',')] : []),
        ...(take ? ['--take'] : []),
      ],
      { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
    );
    const heard: { progress?: RebuildProgress; report?: RebuildReport; problem?: Problem } = {};
    child.on('message', (message: RebuildMessage) => {
      if ('problem' in message)
        heard.problem = new Problem('unprocessable', message.problem.code, {
          en: message.problem.text,
          vi: message.problem.textVi,
        });
      else Object.assign(heard, message);
    });
    const ended = once(child, 'exit').then(
      ([code, signal]) => String(code ?? signal),
      (error: unknown) => String(error),
    );
    let end: string | undefined;
    void ended.then((how) => {
      end = how;
    });
    try {
      while (end === undefined) {
        await job.progress({
          done: heard.progress?.done ?? 0,
          ...(heard.progress ? { total: heard.progress.total } : {}),
        });
        if (job.cancelled) throw new JobCancelled();
        await Promise.race([ended, sleep(lookMs)]);
      }
    } finally {
      if (end === undefined) {
        child.kill('SIGTERM');
        await ended;
      }
    }
    if (heard.report) return heard.report;
    throw heard.problem ?? rebuildFailed({ reason: `its process ended with ${end}` });
  }
}
