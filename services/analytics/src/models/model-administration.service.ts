import { Injectable } from '@nestjs/common';
import { Database, type Job, Jobs } from '@quen/chassis';
import { defineProblem, type Transaction } from '@quen/messaging';
import type { FitModel, ModelView, RankPolicy } from './models.dto.js';
import { ModelsService } from './models.service.js';

const policyNotRising = defineProblem('unprocessable', 'rank_policy_not_rising', {
  en: 'Name every rank once, from the lowest to the highest, with rising minimums that begin at 0.',
  vi: 'Hãy nêu mỗi hạng một lần, từ thấp đến cao, với mức tối thiểu tăng dần bắt đầu từ 0.',
});

/** Reads and changes what insights are calculated with; every change is carried out by a job. */
@Injectable()
export class ModelAdministrationService {
  constructor(private readonly database: Database, private readonly models: ModelsService, private readonly jobs: Jobs) {}

  current(): Promise<ModelView> {
    return this.database.read(async (tx) => {
      const { version, customers, fittedAt, model: { discountRate, horizonYears, marginRate, purchases, spend } } = await this.models.inUse(tx);
      return { version, customers, fittedAt, discountRate, horizonYears, marginRate, purchases: { ...purchases }, spend: { ...spend } };
    });
  }

  rankPolicy(): Promise<RankPolicy> {
    return this.database.read(async (tx) => ({ steps: (await this.models.inUse(tx)).policy }));
  }

  fit(wanted: FitModel): Promise<Job> {
    return this.database.transaction((tx) => this.jobs.enqueue(tx, 'fit-model', { ...wanted }));
  }

  /** @throws Problem rank_policy_not_rising */
  replaceRankPolicy({ steps }: RankPolicy): Promise<Job> {
    return this.database.transaction(async (tx) => {
      const ranks = (await this.models.inUse(tx)).policy.map((step) => step.rank);
      const rising = steps.every((step, index) => step.rank === ranks[index] && (index === 0 ? step.minimumValue === 0 : step.minimumValue > steps[index - 1]!.minimumValue));
      if (!rising) throw policyNotRising();
      await this.savePolicy(tx, steps);
      return this.jobs.enqueue(tx, 'rank-customers');
    });
  }

  private async savePolicy(tx: Transaction, steps: RankPolicy['steps']): Promise<void> {
    await tx.query(`update rank_policy p set minimum_value = s."minimumValue" from jsonb_to_recordset($1::jsonb) as s (rank text, "minimumValue" numeric) where p.rank = s.rank`, [JSON.stringify(steps)]);
  }
}
