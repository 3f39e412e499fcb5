import { Database, JobHandler, type JobRunner, type RunningJob } from '@quen/chassis';
import { defineProblem, type Transaction } from '@quen/messaging';
import { AnalyticsConfig } from '../analytics.config.js';
import { InsightsService } from '../insights/insights.service.js';
import type { FitModel } from './models.dto.js';
import { ModelsService } from './models.service.js';

const leastBuyers = 200;
const batch = 500;
const tooFewBuyers = defineProblem('unprocessable', 'too_few_buyers', {
  en: 'Fewer than {least} customers have bought; a model fitted to them would say nothing.',
  vi: 'Chưa đủ {least} khách hàng đã mua; mô hình sẽ không có ý nghĩa.',
});

/** Where a walk over all customers goes on. */
interface Walk { after: string; fitted?: number }

const beginning = '00000000-0000-0000-0000-000000000000';

/** Calculates every customer with facts anew, in batches that a kill neither repeats nor leaves out. */
async function walk(job: RunningJob, database: Database, insights: InsightsService, from: Walk): Promise<number> {
  let { after } = from, { done } = job.progressSoFar;
  for (;;) {
    const found = await database.elevated(async (tx) => {
      const rows = await tx.query<{ customer_id: string }[]>('select customer_id from insight where customer_id > $1 and version > 0 order by customer_id limit $2', [after, batch]);
      await insights.recalculate(tx, rows.map((row) => row.customer_id));
      done += rows.length;
      after = rows.at(-1)?.customer_id ?? after;
      await job.advance(tx, { done, checkpoint: { ...from, after } });
      return rows.length;
    });
    if (found < batch) return done;
  }
}

/** Fits a model to the firm's own history, puts it to use, and calculates every customer with it. */
@JobHandler('fit-model')
export class FitModelJob implements JobRunner<FitModel> {
  constructor(private readonly database: Database, private readonly models: ModelsService, private readonly insights: InsightsService, private readonly config: AnalyticsConfig) {}

  async run(job: RunningJob<FitModel>): Promise<{ modelVersion: number; customers: number }> {
    const begun = job.checkpoint as Walk | undefined;
    const fitted = begun?.fitted ?? await this.database.elevated((tx) => this.fit(tx, job));
    return { modelVersion: fitted, customers: await walk(job, this.database, this.insights, { after: begun?.after ?? beginning, fitted }) };
  }

  private async fit(tx: Transaction, job: RunningJob<FitModel>): Promise<number> {
    const fitted = await this.models.fit(tx, this.config.REPORTING_CURRENCY, job.params, leastBuyers);
    if (!fitted) throw tooFewBuyers({ least: leastBuyers });
    await job.advance(tx, { checkpoint: { after: beginning, fitted: fitted.version } });
    return fitted.version;
  }
}

/** Ranks every customer by the policy as it is now. */
@JobHandler('rank-customers')
export class RankCustomersJob implements JobRunner {
  constructor(private readonly database: Database, private readonly insights: InsightsService) {}

  async run(job: RunningJob): Promise<{ customers: number }> {
    return { customers: await walk(job, this.database, this.insights, (job.checkpoint as Walk | undefined) ?? { after: beginning }) };
  }
}
