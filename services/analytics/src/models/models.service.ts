import { Injectable } from '@nestjs/common';
import { build, ModelPublished } from '@quen/events';
import { Events, type Transaction } from '@quen/messaging';
import type { RankStep } from '../value-scores.js';
import { minimise, purchaseLikelihood, spendLikelihood } from './buyer-model.js';
import { type BuyerHistory, type LifetimeModel, type LifetimeValue, lifetimeValue } from './lifetime-value.js';

/** What insights are calculated with. */
export interface ModelInUse {
  version: number;
  model: LifetimeModel;
  policy: RankStep[];
  /** How far the store's calendar has come, for what changes by time passing. */
  day: string;
  fittedAt: Date;
  /** Customers whose history the model was fitted to; 0 for the one that Quen comes with. */
  customers: number;
}

/** Money in the models is counted in this many units of the currency, which keeps parameters near 1. */
export function unitOf(currency: string): number {
  return currency === 'VND' ? 1_000_000 : 100;
}

/** Sums of buyers with the same history; customers with equal numbers count as one row with a weight. */
interface Buyers { repeats: number; lastAt: number; age: number; weight: number; mean: number; margin: number; revenue: number }

// Histories are grouped by weeks and amounts rounded: what a fit costs does not grow with the number of customers.
const buyersSql = `
  select repeats, last_at as "lastAt", age, sum(customers)::int as weight,
         sum(revenue)::float8 as revenue, sum(margin)::float8 as margin, sum(revenue)::float8 / sum(customers * (repeats + 1)) as mean
    from (select least(orders - 1, 100) as repeats, ((last_order_on - first_order_on) / 7)::int as last_at,
                 ((greatest(as_of, last_order_on) - first_order_on) / 7)::int as age, width_bucket(ln(greatest(revenue / orders, 1))::float8, 0, 30, 60) as spend,
                 count(*) as customers, sum(revenue) as revenue, sum(revenue - cost) as margin
            from insight where orders > 0 and revenue > 0 group by 1, 2, 3, 4) as buyers
   group by repeats, last_at, age, spend`;

/** Models of lifetime value and the policy of ranks: published as a whole, the newest is in use. */
@Injectable()
export class ModelsService {
  constructor(private readonly events: Events) {}

  /** The newest model, the rank policy and the calendar, in one statement. */
  async inUse(tx: Transaction): Promise<ModelInUse> {
    const [row] = await tx.query<ModelInUse[]>(`
      select m.version, m.parameters as model, m.fitted_at as "fittedAt", m.customers,
             (select day::text from calendar) as day,
             (select jsonb_agg(jsonb_build_object('rank', rank, 'minimumValue', minimum_value) order by position) from rank_policy) as policy
        from lifetime_model m order by m.version desc limit 1`);
    return row!;
  }

  /** What a buyer is worth under this model, in its unit. */
  lifetimeValue({ model }: ModelInUse, buyer: BuyerHistory): LifetimeValue {
    return lifetimeValue(model, buyer);
  }

  /**
   * Fits a new model to the firm's own history by maximum likelihood and publishes it.
   * Returns undefined when fewer than `least` customers have bought: such a fit would say nothing.
   */
  async fit(tx: Transaction, currency: string, wanted: Pick<Partial<LifetimeModel>, 'discountRate' | 'horizonYears'>, least: number): Promise<ModelInUse | undefined> {
    const unit = unitOf(currency);
    const buyers = await tx.query<Buyers[]>(buyersSql);
    const customers = buyers.reduce((sum, each) => sum + each.weight, 0);
    if (customers < least) return undefined;
    const before = await this.inUse(tx);
    const { purchases, spend } = before.model;
    const [r, alpha, a, b] = minimise([purchases.r, purchases.alpha, purchases.a, purchases.b], ([pr, pAlpha, pa, pb]) =>
      -buyers.reduce((sum, each) => sum + each.weight * purchaseLikelihood({ r: pr!, alpha: pAlpha!, a: pa!, b: pb! }, each), 0));
    const [p, q, gamma] = minimise([spend.p, spend.q, spend.gamma], ([pp, pq, pGamma]) =>
      -buyers.reduce((sum, each) => sum + each.weight * spendLikelihood({ p: pp!, q: pq!, gamma: pGamma! }, { purchases: each.repeats + 1, mean: each.mean / unit }), 0));
    const [revenue, margin] = [buyers.reduce((sum, each) => sum + each.revenue, 0), buyers.reduce((sum, each) => sum + each.margin, 0)];
    const { discountRate = before.model.discountRate, horizonYears = before.model.horizonYears } = wanted;
    // With q at or below 1 the mean of all buyers does not exist.
    const model: LifetimeModel = { discountRate, horizonYears, purchases: { r: r!, alpha: alpha!, a: a!, b: b! }, spend: { p: p!, q: Math.max(q!, 1.01), gamma: gamma! }, marginRate: margin / revenue };
    const version = before.version + 1;
    await tx.query('insert into lifetime_model (version, parameters, customers) values ($1, $2, $3)', [version, JSON.stringify(model), customers]);
    await this.events.publish(tx, { version }, build(ModelPublished, { modelId: 'lifetime-value', modelVersion: version, customers }));
    return this.inUse(tx);
  }
}
