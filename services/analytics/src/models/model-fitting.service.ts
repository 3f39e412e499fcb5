import { Injectable } from '@nestjs/common';
import { Database } from '@quen/chassis';
import { build, ModelPublished } from '@quen/events';
import { Events, type Transaction } from '@quen/messaging';
import { AnalyticsConfig } from '../analytics.config.js';
import { sumsAsOfSql } from '../insights/past-sums.js';
import { fitModel, type Fitted, type Observations, type ObservedBuyer } from './model-fit.js';
import type { LifetimeModel } from './lifetime-value.js';
import { basisOf } from './model.entity.js';
import { type ModelInUse, ModelsService, unitOf } from './models.service.js';

/** Buyers from whom on a model can be fitted. */
export const leastBuyers = 200;

// More would move the parameters by less than they are uncertain anyway, and take the longer.
const mostBuyers = 20_000;

/** What a fit is asked for. */
export interface FitWishes extends Partial<Pick<LifetimeModel, 'discountRate' | 'horizonYears'>> {
  /** End of observation; the store's day when left out. */
  asOf?: string;
  /** Not at all when no purchase has come or gone since the model in use was fitted. */
  onlyIfChanged?: boolean;
}

/** What the firm's history is in numbers. */
interface Totals { customers: number; purchases: string; revenue: string; purchaseRevenue: number; allRevenue: number; cost: number; serveCost: number; years: number }

const totalsSql = (from: string): string => `
  select count(*)::int as customers, coalesce(sum(b.purchases), 0)::text as purchases, coalesce(sum(b.purchase_revenue), 0)::text as revenue, sum(b.purchase_revenue)::float8 as "purchaseRevenue",
         sum(b.revenue)::float8 as "allRevenue", sum(b.cost)::float8 as cost, sum(b.service_cost)::float8 as "serveCost", sum(greatest($1::date - b.first_purchase_on, 0) / 365.25)::float8 as years
    from ${from} as b where b.purchases > 0`;

// The end of observation is one day for all buyers. The hash draws the same sample each time, whoever it is that came first.
const buyersSql = (from: string): string => `
  select b.purchases - 1 as repeats, (b.last_purchase_on - b.first_purchase_on) / 7.0::float8 as "lastAt",
         greatest($1::date - b.first_purchase_on, b.last_purchase_on - b.first_purchase_on) / 7.0::float8 as age,
         case when b.purchases > 1 then (b.purchase_revenue - b.first_purchase_revenue)::float8 / (b.purchases - 1) else 0 end as "repeatMean"
    from ${from} as b where b.purchases > 0 order by uuid_hash_extended(b.customer_id, 0), b.customer_id limit ${mostBuyers}`;

/** Fits models of lifetime value to the firm's own history and puts them to use. */
@Injectable()
export class ModelFittingService {
  constructor(private readonly database: Database, private readonly models: ModelsService, private readonly events: Events, private readonly config: AnalyticsConfig) {}

  /**
   * Fits a model to the facts up to a day. `store` is called with it in the transaction that stores and publishes it.
   * Returns undefined when there are fewer than {@link leastBuyers}, to whom a fit would say nothing, or when nothing changed and only a change was to be fitted.
   */
  async fit(wishes: FitWishes, store: (tx: Transaction, fitted: { version: number; customers: number }) => Promise<void>): Promise<{ version: number; customers: number } | undefined> {
    const seen = await this.database.elevated((tx) => this.observe(tx, wishes));
    if (!seen) return undefined;
    const fitted = await fitModel(seen.observations, seen.before.model);
    return this.database.elevated(async (tx) => {
      const saved = { version: await this.save(tx, wishes, seen, fitted), customers: seen.totals.customers };
      await store(tx, saved);
      return saved;
    });
  }

  /** Whether there are buyers enough for a first model of the firm's own. */
  async isDue(tx: Transaction): Promise<boolean> {
    if (basisOf((await this.models.inUse(tx)).version) === 'fitted') return false;
    const [row] = await tx.query<{ n: number }[]>('select count(*)::int as n from (select from purchase_day where kept group by customer_id limit $1) as buyer', [leastBuyers]);
    return row!.n >= leastBuyers;
  }

  private async observe(tx: Transaction, { asOf, onlyIfChanged }: FitWishes): Promise<Seen | undefined> {
    const [before, today] = [await this.models.inUse(tx, asOf ?? null), await this.models.inUse(tx)];
    const day = asOf ?? today.day;
    // What the store says today is in every insight; what it said on another day follows from the facts.
    const from = day === today.day ? 'insight' : `(${sumsAsOfSql()})`;
    await tx.query(`select set_config('statement_timeout', '0', true)`);
    const [totals] = await tx.query<Totals[]>(totalsSql(from), [day]);
    if (!totals || totals.customers < leastBuyers) return undefined;
    const [last] = await tx.query<{ purchases: string; revenue: string }[]>('select purchases::text, revenue::text from lifetime_model where version = $1', [before.version]);
    if (onlyIfChanged && last && Number(last.purchases) === Number(totals.purchases) && Number(last.revenue) === Number(totals.revenue)) return undefined;
    const unit = unitOf(this.config.REPORTING_CURRENCY);
    const buyers = await tx.query<ObservedBuyer[]>(buyersSql(from), [day]);
    return {
      day, before, totals, observations: {
        buyers: buyers.map((each) => ({ ...each, repeatMean: each.repeatMean / unit })), meanPurchase: totals.purchaseRevenue / Number(totals.purchases) / unit,
        marginRate: (totals.allRevenue - totals.cost) / totals.allRevenue, serveCostPerYear: totals.years > 0 ? totals.serveCost / totals.years / unit : 0,
      },
    };
  }

  private async save(tx: Transaction, wishes: FitWishes, { day, before, totals }: Seen, fitted: Fitted): Promise<number> {
    const { discountRate = before.model.discountRate, horizonYears = before.model.horizonYears } = wishes;
    const model: LifetimeModel = { ...fitted, discountRate, horizonYears };
    // Two fits at the same time get versions one after the other.
    await tx.query('lock table lifetime_model in exclusive mode');
    const [row] = await tx.query<{ version: number }[]>(`
      insert into lifetime_model (version, parameters, customers, as_of, purchases, revenue) select max(version) + 1, $1, $2, $3, $4, $5 from lifetime_model returning version`,
    [JSON.stringify(model), totals.customers, day, totals.purchases, totals.revenue]);
    const { version } = row!;
    await this.events.publish(tx, { version }, build(ModelPublished, {
      modelId: 'lifetime-value', modelVersion: version, customers: totals.customers, basis: basisOf(version), asOf: day,
      parameters: { ...model.purchases, ...model.spend, moneyUnit: unitOf(this.config.REPORTING_CURRENCY), marginRate: model.marginRate, serveCostPerYear: model.serveCostPerYear, discountRate, horizonYears },
    }));
    return version;
  }
}

/** What a fit has seen, and the model that it begins at. */
interface Seen { day: string; before: ModelInUse; totals: Totals; observations: Observations }
