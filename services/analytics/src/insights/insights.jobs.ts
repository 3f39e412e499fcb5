import { setTimeout as sleep } from 'node:timers/promises';
import { Database, JobHandler, type JobRunner, type RunningJob } from '@quen/chassis';
import { defineProblem } from '@quen/messaging';
import { leastBuyers, ModelFittingService, type FitWishes } from '../models/model-fitting.service.js';
import { ModelsService } from '../models/models.service.js';
import { InsightsService } from './insights.service.js';

const batch = 500;
const tooFewBuyers = defineProblem('unprocessable', 'too_few_buyers', {
  en: 'Fewer than {least} customers have bought; a model fitted to them would say nothing.',
  vi: 'Chưa đủ {least} khách hàng đã mua; mô hình sẽ không có ý nghĩa.',
});

/** Where a walk over all customers goes on, and what came of it so far. */
interface Walk {
  after: string;
  told: number;
  fitted?: { version: number; customers: number } | null;
}

const beginning: Walk = { after: '00000000-0000-0000-0000-000000000000', told: 0 };

/**
 * Calculates every customer with facts anew, in batches that a kill neither repeats nor leaves out, and tells others of
 * those whose figures have moved.
 * Rests after each batch for as long as it took, so that facts that come in meanwhile find a processor and a database
 * at leisure.
 */
async function walk(
  job: RunningJob,
  database: Database,
  insights: InsightsService,
  from: Walk,
): Promise<{ customers: number; told: number }> {
  let { after, told } = from,
    { done } = job.progressSoFar;
  for (;;) {
    const began = performance.now();
    const found = await database.elevated(async (tx) => {
      const rows = await tx.query<{ customer_id: string }[]>(
        'select customer_id from insight where customer_id > $1 and last_fact_at is not null order by customer_id limit $2',
        [after, batch],
      );
      told += await insights.recalculate(
        tx,
        rows.map((row) => row.customer_id),
        'moved',
      );
      done += rows.length;
      after = rows.at(-1)?.customer_id ?? after;
      await job.advance(tx, { done, checkpoint: { ...from, after, told } });
      return rows.length;
    });
    if (found < batch || job.cancelled) return { customers: done, told };
    await sleep(performance.now() - began);
  }
}

/** Fits a model to the firm's own history, puts it to use, and calculates every customer with it. */
@JobHandler('fit-model')
export class FitModelJob implements JobRunner<FitWishes> {
  constructor(
    private readonly database: Database,
    private readonly fitting: ModelFittingService,
    private readonly models: ModelsService,
    private readonly insights: InsightsService,
  ) {}

  async run(
    job: RunningJob<FitWishes>,
  ): Promise<{ modelVersion: number; customers: number; inUse: boolean; calculated: number; told: number }> {
    const begun = (job.checkpoint as Walk | undefined) ?? beginning;
    const fitted =
      begun.fitted ??
      (await this.fitting.fit(job.params, (tx, found) =>
        job.advance(tx, { checkpoint: { ...beginning, fitted: found } }),
      ));
    if (!fitted) throw tooFewBuyers({ least: leastBuyers });
    const inUse = (await this.database.elevated((tx) => this.models.inUse(tx))).version === fitted.version;
    const { customers, told } = inUse
      ? await walk(job, this.database, this.insights, { ...begun, fitted })
      : { customers: 0, told: 0 };
    return { modelVersion: fitted.version, customers: fitted.customers, inUse, calculated: customers, told };
  }
}

/** Begins a day: fits the model anew where purchases have come or gone, and calculates every customer for the day. */
@JobHandler('new-day')
export class NewDayJob implements JobRunner {
  constructor(
    private readonly database: Database,
    private readonly fitting: ModelFittingService,
    private readonly insights: InsightsService,
  ) {}

  async run(job: RunningJob): Promise<{ modelVersion?: number; customers: number; told: number }> {
    const begun = (job.checkpoint as Walk | undefined) ?? beginning;
    const fitted =
      begun.fitted === undefined
        ? ((await this.fitting.fit({ onlyIfChanged: true }, (tx, found) =>
            job.advance(tx, { checkpoint: { ...beginning, fitted: found } }),
          )) ?? null)
        : begun.fitted;
    const walked = await walk(job, this.database, this.insights, { ...begun, fitted });
    return { ...(fitted && { modelVersion: fitted.version }), ...walked };
  }
}

/** Ranks every customer by the policy as it is now. */
@JobHandler('rank-customers')
export class RankCustomersJob implements JobRunner {
  constructor(
    private readonly database: Database,
    private readonly insights: InsightsService,
  ) {}

  run(job: RunningJob): Promise<{ customers: number; told: number }> {
    return walk(job, this.database, this.insights, (job.checkpoint as Walk | undefined) ?? beginning);
  }
}
