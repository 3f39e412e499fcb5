import { DataSource } from 'typeorm';
import {
  context,
  finishOperation,
  isTransient,
  Operations,
  type ParkedFilter,
  type ReplayReport,
} from '@quen/messaging';
import { JobHandler, type JobRunner } from '../jobs/job-handler.js';
import { JobInterrupted, type RunningJob } from '../jobs/running-job.js';

/** What to replay, and under which account. */
export interface ReplayParams {
  operation: string;
  dryRun: boolean;
  filter: Omit<ParkedFilter, 'parkedSince' | 'parkedUntil'> & { parkedSince?: string; parkedUntil?: string };
}

const tellEveryMs = 500;

/** Replays parked records in the background. Killed, it takes up what still waits. */
@JobHandler('bus-replay')
export class ReplayJob implements JobRunner<ReplayParams> {
  constructor(
    private readonly bus: Operations,
    private readonly dataSource: DataSource,
  ) {}

  async run(job: RunningJob<ReplayParams>): Promise<ReplayReport & { cancelled: boolean }> {
    const {
      operation,
      dryRun,
      filter: { parkedSince, parkedUntil, ...filter },
    } = job.params;
    const before = dryRun ? 0 : job.progressSoFar.done;
    let toldAt = 0;
    const tell = async (report: ReplayReport): Promise<boolean> => {
      if (performance.now() - toldAt > tellEveryMs) {
        toldAt = performance.now();
        await job.progress({
          done: before + report.replayed,
          failed: report.failedKeys,
          total: before + report.records,
        });
      }
      return !job.cancelled;
    };
    try {
      const within = {
        ...filter,
        ...(parkedSince ? { parkedSince: new Date(parkedSince) } : {}),
        ...(parkedUntil ? { parkedUntil: new Date(parkedUntil) } : {}),
      };
      const report = await context.with({ scope: 'all' }, () =>
        this.bus.replay.replay(within, { dryRun, progress: tell }),
      );
      const result = {
        ...report,
        records: before + report.records,
        replayed: before + report.replayed,
        cancelled: job.cancelled,
      };
      await job.progress({ done: result.replayed, failed: report.failedKeys, total: result.records });
      await finishOperation(this.dataSource, operation, result);
      return result;
    } catch (error) {
      if (!(error instanceof JobInterrupted) && !isTransient(error))
        await finishOperation(this.dataSource, operation, { error: String(error) });
      throw error;
    }
  }
}
