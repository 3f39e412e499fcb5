import { Injectable } from '@nestjs/common';
import type { Transaction } from '@quen/messaging';
import type { RankStep } from '../value-scores.js';
import { lifetimeValue, type BuyerHistory, type LifetimeModel, type LifetimeValue } from './lifetime-value.js';

/** What insights are calculated with. */
export interface ModelInUse {
  version: number;
  model: LifetimeModel;
  policy: RankStep[];
  /** The day for which is calculated: the same for every customer. */
  day: string;
  /** Buyers to whose history the model was fitted; 0 for the one that Quen comes with. */
  customers: number;
}

/** Money in the models is counted in this many units of the currency, which keeps parameters near 1. */
export function unitOf(currency: string): number {
  return currency === 'VND' ? 1_000_000 : 100;
}

// A model knows what lies before its end of observation, so the one for a day is the latest that does not look beyond
// it.
const inUseSql = `
  select m.version, m.parameters as model, m.customers, d.day::text as day,
         (select jsonb_agg(jsonb_build_object('rank', rank, 'minimumValue', minimum_value) order by position) from rank_policy) as policy
    from (select coalesce($1::date, (select day from calendar)) as day) as d
    cross join lateral (select * from lifetime_model where as_of <= d.day order by as_of desc, version desc limit 1) as m`;

/** Where a model comes from: fitted to the firm's own history, or the published one that Quen comes with. */
export type ModelBasis = 'built-in' | 'fitted';

/** Where the model of this version comes from: the first is the one that Quen comes with. */
export function basisOf(version: number): ModelBasis {
  return version === 1 ? 'built-in' : 'fitted';
}

/** What a buyer is worth under this model, in its unit. */
export function valueOf({ model }: ModelInUse, buyer: BuyerHistory): LifetimeValue {
  return lifetimeValue(model, buyer);
}

/** Models of lifetime value and the policy of ranks. */
@Injectable()
export class ModelsService {
  /**
   * Model, rank policy and day to calculate with, in one statement: the store's own day without `day`. The model is the
   * one with the latest end of observation
   * up to that day, of several the newest; the one that Quen comes with where there is none.
   */
  async inUse(tx: Transaction, day: string | null = null): Promise<ModelInUse> {
    const [row] = await tx.query<ModelInUse[]>(inUseSql, [day]);
    return row!;
  }
}
