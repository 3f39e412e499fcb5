import { Injectable } from '@nestjs/common';
import { Database } from '@quen/chassis';
import { build, ModelPublished } from '@quen/events';
import { Events, type Transaction } from '@quen/messaging';
import { AnalyticsConfig } from '../analytics.config.js';
import { sumsAsOfSql } from '../purchases/past-sums.service.js';
import type { LifetimeModel } from './lifetime-value.js';
import { fitModel, type Fitted, type Observations } from './model-fit.js';
import { basisOf, ModelsService, unitOf, type ModelInUse } from './models.service.js';

/** Buyers from whom on a model can be fitted. */
export const leastBuyers = 200;

// More would move the parameters by less than they are uncertain anyway, and take the longer.
const mostBuyers = 20_000;
/** Customers that are read at a time: so many that a statement takes a moment. */
const [ofToday, ofThePast] = [10_000, 500];

/** What a fit is asked for. */
export interface FitWishes extends Partial<Pick<LifetimeModel, 'discountRate' | 'horizonYears'>> {
  /** End of observation; the store's day when left out. */
  asOf?: string;
  /** Not at all when no purchase has come or gone since the model in use was fitted. */
  onlyIfChanged?: boolean;
}

/** What the firm's history comes to; money in the reporting currency. */
interface Totals {
  customers: number;
  purchases: number;
  purchaseRevenue: number;
  revenue: number;
  cost: number;
  serveCost: number;
  years: number;
}

/** A buyer as he is read: the hash draws the same sample each time, whoever it is that came first. */
interface BuyerRow {
  id: string;
  hash: string;
  repeats: number;
  lastAt: number;
  age: number;
  repeatMean: number;
  purchaseRevenue: number;
  revenue: number;
  cost: number;
  serveCost: number;
}

// The end of observation is one day for all buyers.
const buyersSql = (from: string): string => `
  select b.customer_id as id, uuid_hash_extended(b.customer_id, 0)::float8 as hash, b.purchases - 1 as repeats, (b.last_purchase_on - b.first_purchase_on) / 7.0::float8 as "lastAt",
         greatest($1::date - b.first_purchase_on, b.last_purchase_on - b.first_purchase_on) / 7.0::float8 as age,
         case when b.purchases > 1 then (b.purchase_revenue - b.first_purchase_revenue)::float8 / (b.purchases - 1) else 0 end as "repeatMean",
         b.purchase_revenue::float8 as "purchaseRevenue", b.revenue::float8 as revenue, b.cost::float8 as cost, b.service_cost::float8 as "serveCost"
    from ${from} as b where b.purchases > 0`;
const todaySql = buyersSql('(select * from insight where customer_id = any($2::uuid[]))'),
  pastSql = buyersSql(`(${sumsAsOfSql({ few: true })})`);

/** Fits models of lifetime value to the firm's own history and puts them to use. */
@Injectable()
export class ModelFittingService {
  constructor(
    private readonly database: Database,
    private readonly models: ModelsService,
    private readonly events: Events,
    private readonly config: AnalyticsConfig,
  ) {}

  /**
   * Fits a model to the facts up to a day. `store` is called with it in the transaction that stores and publishes it.
   * Returns undefined when there are fewer than {@link leastBuyers}, to whom a fit would say nothing, or when nothing
   * changed and only a change was to be fitted.
   */
  async fit(
    wishes: FitWishes,
    store: (tx: Transaction, fitted: { version: number; customers: number }) => Promise<void>,
  ): Promise<{ version: number; customers: number } | undefined> {
    const seen = await this.observe(wishes);
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
    const [row] = await tx.query<{ n: number }[]>(
      'select count(*)::int as n from (select from purchase_day where kept group by customer_id limit $1) as buyer',
      [leastBuyers],
    );
    return row!.n >= leastBuyers;
  }

  private async observe({ asOf, onlyIfChanged }: FitWishes): Promise<Seen | undefined> {
    const [before, today, last] = await this.database.elevated(async (tx) => {
      const inUse = await this.models.inUse(tx, asOf ?? null);
      const [row] = await tx.query<{ purchases: number; revenue: number }[]>(
        'select purchases::float8, revenue::float8 from lifetime_model where version = $1',
        [inUse.version],
      );
      return [inUse, await this.models.inUse(tx), row!] as const;
    });
    const day = asOf ?? today.day;
    const { totals, buyers } = await this.read(day, day === today.day);
    if (
      totals.customers < leastBuyers ||
      (onlyIfChanged && last.purchases === totals.purchases && last.revenue === totals.purchaseRevenue)
    )
      return undefined;
    const unit = unitOf(this.config.REPORTING_CURRENCY);
    return {
      day,
      before,
      totals,
      observations: {
        buyers: buyers.map(({ repeats, lastAt, age, repeatMean }) => ({
          repeats,
          lastAt,
          age,
          repeatMean: repeatMean / unit,
        })),
        meanPurchase: totals.purchaseRevenue / totals.purchases / unit,
        marginRate: (totals.revenue - totals.cost) / totals.revenue,
        serveCostPerYear: totals.years > 0 ? Math.max(0, totals.serveCost / totals.years / unit) : 0,
      },
    };
  }

  /**
   * Reads all buyers, some at a time. What the store says today is in every insight; what it said on another day
   * follows from the facts.
   */
  private async read(day: string, isToday: boolean): Promise<{ totals: Totals; buyers: BuyerRow[] }> {
    const totals: Totals = {
      customers: 0,
      purchases: 0,
      purchaseRevenue: 0,
      revenue: 0,
      cost: 0,
      serveCost: 0,
      years: 0,
    };
    const atOnce = isToday ? ofToday : ofThePast;
    let buyers: BuyerRow[] = [];
    for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
      const ids = await this.database.elevated(async (tx) => {
        const found = await tx.query<{ id: string }[]>(
          'select customer_id as id from insight where customer_id > $1 and last_fact_at is not null order by customer_id limit $2',
          [after, atOnce],
        );
        const rows = await tx.query<BuyerRow[]>(isToday ? todaySql : pastSql, [day, found.map(({ id }) => id)]);
        for (const row of rows) add(totals, row);
        buyers.push(...rows);
        return found;
      });
      if (buyers.length > 2 * mostBuyers || ids.length < atOnce)
        buyers = buyers.sort((one, other) => Number(one.hash) - Number(other.hash)).slice(0, mostBuyers);
      if (ids.length < atOnce) return { totals, buyers };
      after = ids.at(-1)!.id;
    }
  }

  private async save(
    tx: Transaction,
    wishes: FitWishes,
    { day, before, totals }: Seen,
    fitted: Fitted,
  ): Promise<number> {
    const { discountRate = before.model.discountRate, horizonYears = before.model.horizonYears } = wishes;
    const model: LifetimeModel = { ...fitted, discountRate, horizonYears };
    // Two fits at the same time get versions one after the other.
    await tx.query('lock table lifetime_model in exclusive mode');
    const [row] = await tx.query<{ version: number }[]>(
      `
      insert into lifetime_model (version, parameters, customers, as_of, purchases, revenue) select max(version) + 1, $1, $2, $3, $4, $5 from lifetime_model returning version`,
      [JSON.stringify(model), totals.customers, day, totals.purchases, totals.purchaseRevenue],
    );
    const { version } = row!;
    await this.events.publish(
      tx,
      { version },
      build(ModelPublished, {
        modelId: 'lifetime-value',
        modelVersion: version,
        customers: totals.customers,
        basis: basisOf(version),
        asOf: day,
        parameters: {
          ...model.purchases,
          ...model.spend,
          moneyUnit: unitOf(this.config.REPORTING_CURRENCY),
          marginRate: model.marginRate,
          serveCostPerYear: model.serveCostPerYear,
          discountRate,
          horizonYears,
        },
      }),
    );
    return version;
  }
}

function add(totals: Totals, { repeats, age, purchaseRevenue, revenue, cost, serveCost }: BuyerRow): void {
  totals.customers += 1;
  totals.purchases += repeats + 1;
  totals.purchaseRevenue += purchaseRevenue;
  totals.revenue += revenue;
  totals.cost += cost;
  totals.serveCost += serveCost;
  totals.years += (age * 7) / 365.25;
}

/** What a fit has seen, and the model that it begins at. */
interface Seen {
  day: string;
  before: ModelInUse;
  totals: Totals;
  observations: Observations;
}
