import { Injectable } from '@nestjs/common';
import {
  Database,
  date,
  defineList,
  find,
  instant,
  integer,
  Jobs,
  page,
  type Job,
  type Page,
  type ParsedList,
} from '@quen/chassis';
import { defineProblem, type Transaction } from '@quen/messaging';
import { mustHaveCome } from '../as-of.js';
import { FittedModel } from './model.entity.js';
import type { FitModel, ModelView, RankPolicy } from './models.dto.js';
import { basisOf, ModelsService } from './models.service.js';

const policyNotRising = defineProblem('unprocessable', 'rank_policy_not_rising', {
  en: 'Name every rank once, from the lowest to the highest, with rising minimums that begin at 0.',
  vi: 'Hãy nêu mỗi hạng một lần, từ thấp đến cao, với mức tối thiểu tăng dần bắt đầu từ 0.',
});

export const models = defineList({
  entity: FittedModel,
  fields: { version: integer(), asOf: date({ sql: '"e"."as_of"' }), customers: integer(), fittedAt: instant() },
  sort: ['version', 'fittedAt'],
  defaultSort: '-version',
});

function view(
  {
    version,
    customers,
    asOf,
    fittedAt,
    parameters: { discountRate, horizonYears, marginRate, serveCostPerYear, purchases, spend },
  }: FittedModel,
  inUse: number,
): ModelView {
  const basis = basisOf(version);
  return {
    version,
    basis,
    inUse: version === inUse,
    customers,
    asOf: basis === 'fitted' ? asOf : null,
    fittedAt,
    discountRate,
    horizonYears,
    marginRate,
    serveCostPerYear,
    purchases: { ...purchases },
    spend: { ...spend },
  };
}

/** Reads and changes what insights are calculated with; every change is carried out by a job. */
@Injectable()
export class ModelAdministrationService {
  constructor(
    private readonly database: Database,
    private readonly models: ModelsService,
    private readonly jobs: Jobs,
  ) {}

  current(): Promise<ModelView> {
    return this.database.read(async (tx) => {
      const { version } = await this.models.inUse(tx);
      return view(await find(tx, FittedModel, String(version)), version);
    });
  }

  /** @throws Problem not_found */
  model(version: number): Promise<ModelView> {
    return this.database.read(async (tx) =>
      view(await find(tx, FittedModel, String(version)), (await this.models.inUse(tx)).version),
    );
  }

  list(query: ParsedList): Promise<Page<ModelView>> {
    return this.database.read(async (tx) => {
      const [found, { version }] = [await page(tx, models, query), await this.models.inUse(tx)];
      return { ...found, data: found.data.map((model) => view(model, version)) };
    });
  }

  rankPolicy(): Promise<RankPolicy> {
    return this.database.read(async (tx) => ({ steps: (await this.models.inUse(tx)).policy }));
  }

  /** @throws Problem validation_failed for an end of observation that has not come yet */
  fit(wanted: FitModel): Promise<Job> {
    return this.database.transaction(async (tx) => {
      mustHaveCome(wanted.asOf, (await this.models.inUse(tx)).day, '/asOf');
      return this.jobs.enqueue(tx, 'fit-model', { ...wanted });
    });
  }

  /** @throws Problem rank_policy_not_rising */
  replaceRankPolicy({ steps }: RankPolicy): Promise<Job> {
    return this.database.transaction(async (tx) => {
      const ranks = (await this.models.inUse(tx)).policy.map((step) => step.rank);
      const rising = steps.every(
        (step, index) =>
          step.rank === ranks[index] &&
          (index === 0 ? step.minimumValue === 0 : step.minimumValue > steps[index - 1]!.minimumValue),
      );
      if (!rising) throw policyNotRising();
      await this.savePolicy(tx, steps);
      return this.jobs.enqueue(tx, 'rank-customers');
    });
  }

  private async savePolicy(tx: Transaction, steps: RankPolicy['steps']): Promise<void> {
    await tx.query(
      `update rank_policy p set minimum_value = s."minimumValue" from jsonb_to_recordset($1::jsonb) as s (rank text, "minimumValue" numeric) where p.rank = s.rank`,
      [JSON.stringify(steps)],
    );
  }
}
