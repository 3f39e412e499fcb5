import { Injectable } from '@nestjs/common';
import { build, CustomerRanked } from '@quen/events';
import { Events, type Transaction } from '@quen/messaging';
import { AnalyticsConfig } from '../analytics.config.js';
import { ModelsService, type ModelInUse, unitOf } from '../models/models.service.js';
import { dayOf, daysBetween, frequencyScore, rankedValue, rankOf, recencyScore, valueScore } from '../value-scores.js';
import { Insight, insightState } from './insight.entity.js';

/** What one fact adds to a customer's insight; money as decimal text in the reporting currency. */
export interface InsightChange {
  customerId: string;
  facts: number;
  orders?: number;
  revenue?: string;
  cost?: string;
  paid?: string;
  serveCost?: string;
  messages?: number;
  cases?: number;
  openComplaints?: number;
  firstOrderOn?: string;
  lastOrderOn?: string;
  becauseOf: string;
  occurredAt: string;
}

/** What is calculated of an insight from its sums. */
type Calculated = Pick<Insight, 'customerId' | 'asOf' | 'rank' | 'recencyScore' | 'frequencyScore' | 'valueScore' | 'lifetimeValue' | 'aliveProbability' | 'ordersNextYear' | 'expectedOrderValue' | 'marginRate' | 'modelVersion'>;

// One statement adds a whole slice. Whatever changes insights locks its customers in the order of their ids and in one statement of its transaction,
// so that two of them never wait for one another.
const addSql = `
  insert into insight as i (customer_id, version, orders, revenue, cost, paid, serve_cost, messages, cases, open_complaints,
                            first_order_on, last_order_on, because_of, last_fact_at, calculated_at)
  select c."customerId", sum(c.facts), coalesce(sum(c.orders), 0), coalesce(sum(c.revenue), 0), coalesce(sum(c.cost), 0), coalesce(sum(c.paid), 0),
         coalesce(sum(c."serveCost"), 0), coalesce(sum(c.messages), 0), coalesce(sum(c.cases), 0), coalesce(sum(c."openComplaints"), 0),
         min(c."firstOrderOn"), max(c."lastOrderOn"),
         (array_agg(c."becauseOf" order by c."occurredAt" desc, c."becauseOf" desc))[1], max(c."occurredAt"), max(c."occurredAt")
    from jsonb_to_recordset($1::jsonb) as c ("customerId" uuid, facts int, orders int, revenue numeric, cost numeric, paid numeric,
         "serveCost" numeric, messages int, cases int, "openComplaints" int, "firstOrderOn" date, "lastOrderOn" date,
         "becauseOf" uuid, "occurredAt" timestamptz)
   group by c."customerId" order by c."customerId"
  on conflict (customer_id) do update set
    version = i.version + excluded.version, orders = i.orders + excluded.orders, revenue = i.revenue + excluded.revenue, cost = i.cost + excluded.cost,
    paid = i.paid + excluded.paid, serve_cost = i.serve_cost + excluded.serve_cost, messages = i.messages + excluded.messages,
    cases = i.cases + excluded.cases, open_complaints = i.open_complaints + excluded.open_complaints,
    first_order_on = least(i.first_order_on, excluded.first_order_on), last_order_on = greatest(i.last_order_on, excluded.last_order_on),
    -- The later event by the producer's clock, whatever order the topics were read in, so that a rebuild ends the same.
    because_of = case when i.last_fact_at is null or (excluded.last_fact_at, excluded.because_of) > (i.last_fact_at, i.because_of) then excluded.because_of else i.because_of end,
    last_fact_at = greatest(i.last_fact_at, excluded.last_fact_at), calculated_at = greatest(i.calculated_at, excluded.calculated_at)
  returning i.customer_id`;

const recalculateSql = `
  with locked as (select customer_id from insight where customer_id = any($1::uuid[]) order by customer_id for update)
  update insight i set version = version + 1, calculated_at = clock_timestamp() from locked where i.customer_id = locked.customer_id`;

const calculatedSql = `
  update insight i set as_of = c."asOf", rank = c.rank, recency_score = c."recencyScore", frequency_score = c."frequencyScore", value_score = c."valueScore",
         lifetime_value = c."lifetimeValue", alive_probability = c."aliveProbability", orders_next_year = c."ordersNextYear",
         expected_order_value = c."expectedOrderValue", margin_rate = c."marginRate", model_version = c."modelVersion"
    from jsonb_to_recordset($1::jsonb) as c ("customerId" uuid, "asOf" date, rank text, "recencyScore" smallint, "frequencyScore" smallint, "valueScore" smallint,
         "lifetimeValue" numeric, "aliveProbability" double precision, "ordersNextYear" double precision, "expectedOrderValue" numeric,
         "marginRate" double precision, "modelVersion" int)
   where i.customer_id = c."customerId"`;

/** Keeps one insight per customer; only customers that a change touches are read, calculated and published. */
@Injectable()
export class InsightsService {
  constructor(private readonly events: Events, private readonly models: ModelsService, private readonly config: AnalyticsConfig) {}

  /**
   * Adds a slice of changes, calculates the customers they touch anew and publishes them: five statements, however many changes.
   * Once in a transaction: a second call would lock customers out of order.
   */
  async apply(tx: Transaction, changes: InsightChange[]): Promise<void> {
    if (changes.length === 0) return;
    const touched = await tx.query<{ customer_id: string }[]>(addSql, [JSON.stringify(changes)]);
    await this.calculateAndPublish(tx, touched.map((row) => row.customer_id));
  }

  /**
   * Calculates these customers anew for another reason than a fact (a day passed, a model or policy changed), which is a
   * change of its own: replicas take only what is newer.
   */
  async recalculate(tx: Transaction, customerIds: string[]): Promise<void> {
    if (customerIds.length === 0) return;
    await tx.query(recalculateSql, [customerIds]);
    await this.calculateAndPublish(tx, customerIds);
  }

  private async calculateAndPublish(tx: Transaction, customerIds: string[]): Promise<void> {
    const insights = await tx.createQueryBuilder(Insight, 'i').where('i.customer_id = any(:ids)', { ids: customerIds }).getMany();
    const inUse = await this.models.inUse(tx);
    const calculated = insights.map((insight) => this.calculate(insight, inUse));
    await tx.query(calculatedSql, [JSON.stringify(calculated)]);
    await this.events.publishAll(tx, insights.map((insight, index) => {
      const previousRank = insight.rank;
      const now = Object.assign(insight, calculated[index]);
      const ranked = now.rank === previousRank ? [] : [build(CustomerRanked, { customerId: now.customerId, rank: now.rank, previousRank, becauseOf: now.becauseOf })];
      return { aggregate: now, messages: [...ranked, insightState(now, this.config.REPORTING_CURRENCY)] };
    }));
  }

  private calculate(insight: Insight, inUse: ModelInUse): Calculated {
    const { version, policy, day } = inUse;
    const { orders, firstOrderOn, lastOrderOn, lastFactAt } = insight;
    const today = dayOf(lastFactAt, lastOrderOn, day);
    const revenue = Number(insight.revenue), rank = rankOf(rankedValue(revenue, Number(insight.paid)), policy);
    const unit = unitOf(this.config.REPORTING_CURRENCY);
    const lifetime = firstOrderOn && lastOrderOn ? this.models.lifetimeValue(inUse, {
      orders, revenue: revenue / unit, margin: (revenue - Number(insight.cost)) / unit,
      lastAt: daysBetween(firstOrderOn, lastOrderOn) / 7, age: Math.max(0, daysBetween(firstOrderOn, today)) / 7,
    }) : undefined;
    return {
      customerId: insight.customerId, asOf: today, rank, modelVersion: version,
      recencyScore: recencyScore(lastOrderOn, today), frequencyScore: frequencyScore(orders), valueScore: valueScore(orders, rank, policy),
      lifetimeValue: ((lifetime?.value ?? 0) * unit).toFixed(0),
      aliveProbability: lifetime?.aliveProbability ?? null, ordersNextYear: lifetime?.ordersNextYear ?? null,
      expectedOrderValue: lifetime ? (lifetime.expectedOrderValue * unit).toFixed(0) : null, marginRate: lifetime?.marginRate ?? null,
    };
  }
}
