import { DataSource } from 'typeorm';
import {
  context,
  finishOperation,
  isTransient,
  Operations,
  type RereadReport,
  type RereadRequest,
} from '@quen/messaging';
import { JobHandler, type JobRunner } from '../jobs/job-handler.js';
import { JobInterrupted, type RunningJob } from '../jobs/running-job.js';

/** What to re-read, and under which account. */
export interface RereadParams extends Omit<RereadRequest, 'since'> {
  operation: string;
  dryRun: boolean;
  since: string;
}

/** Gives a consumer the past of a type in the background. Killed, it begins again, and takes nothing twice. */
@JobHandler('bus-reread')
export class RereadJob implements JobRunner<RereadParams> {
  constructor(
    private readonly bus: Operations,
    private readonly dataSource: DataSource,
  ) {}

  async run(job: RunningJob<RereadParams>): Promise<RereadReport & { cancelled: boolean }> {
    const { operation, dryRun, since, ...request } = job.params;
    const tell = async ({ matching, parked }: RereadReport): Promise<boolean> => {
      await job.progress({ done: matching, failed: parked });
      return !job.cancelled;
    };
    try {
      const report = await context.with({ scope: 'all' }, () =>
        this.bus.reread.reread({ ...request, since: new Date(since) }, { dryRun, progress: tell }),
      );
      const result = { ...report, cancelled: job.cancelled };
      await finishOperation(this.dataSource, operation, result);
      return result;
    } catch (error) {
      if (!(error instanceof JobInterrupted) && !isTransient(error))
        await finishOperation(this.dataSource, operation, { error: String(error) });
      throw error;
    }
  }
}
