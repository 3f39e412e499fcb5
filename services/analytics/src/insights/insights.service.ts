import { Injectable } from '@nestjs/common';
import { Decimal } from 'decimal.js';
import { build, CustomerRanked, type CustomerRank } from '@quen/events';
import { Events, type Transaction } from '@quen/messaging';
import { AnalyticsConfig } from '../analytics.config.js';
import { ModelsService, type ModelInUse, unitOf } from '../models/models.service.js';
import { dayOf, daysBetween, frequencyScore, rankedValue, rankOf, recencyScore, valueScore } from '../value-scores.js';
import { type Insight, insightState, type PublicInsight } from './insight.entity.js';

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

/** What an insight is calculated from. */
type Sums = Pick<Insight, 'customerId' | 'orders' | 'revenue' | 'cost' | 'paid' | 'firstOrderOn' | 'lastOrderOn' | 'lastFactAt'>;

/** What is calculated of an insight from its sums. */
type Calculated = Pick<Insight, 'customerId' | 'asOf' | 'rank' | 'recencyScore' | 'frequencyScore' | 'valueScore' | 'lifetimeValue' | 'aliveProbability' | 'ordersNextYear' | 'expectedOrderValue' | 'marginRate' | 'modelVersion'>;

/** A changed insight as it stands, and the rank that its customer had before. */
type Changed = PublicInsight & Sums & { becauseOf: string | null; previousRank: CustomerRank | null };

/** The rank of whoever has none yet. */
const unranked: CustomerRank = 'standard';

const known = `i.customer_id as "customerId", i.version::float8 as version, i.orders, i.revenue, i.cost, i.paid, i.first_order_on::text as "firstOrderOn", i.last_order_on::text as "lastOrderOn",
         i.last_fact_at as "lastFactAt"`;

const changed = `${known}, i.because_of as "becauseOf", i.rank, i.profit, i.lifetime_value as "lifetimeValue", i.recency_score as "recencyScore", i.frequency_score as "frequencyScore",
         i.value_score as "valueScore", i.open_complaints as "openComplaints", i.calculated_at as "calculatedAt", old.rank as "previousRank"`;

const calculatedColumns = `"asOf" date, rank text, "recencyScore" smallint, "frequencyScore" smallint, "valueScore" smallint, "lifetimeValue" numeric, "aliveProbability" double precision,
         "ordersNextYear" double precision, "expectedOrderValue" numeric, "marginRate" double precision, "modelVersion" int`;

// One statement adds a whole slice. Whatever changes insights locks its customers in the order of their ids and in one statement of its transaction,
// so that two of them never wait for one another.
const addSql = `
  insert into insight as i (customer_id, version, orders, revenue, cost, paid, serve_cost, messages, cases, open_complaints,
                            first_order_on, last_order_on, because_of, last_fact_at, calculated_at, as_of, rank, recency_score, frequency_score, value_score,
                            lifetime_value, alive_probability, orders_next_year, expected_order_value, margin_rate, model_version)
  select c."customerId", c.facts, c.orders, c.revenue, c.cost, c.paid, c."serveCost", c.messages, c.cases, c."openComplaints",
         c."firstOrderOn", c."lastOrderOn", c."becauseOf", c."occurredAt", c."occurredAt", c."asOf", c.rank, c."recencyScore", c."frequencyScore", c."valueScore",
         c."lifetimeValue", c."aliveProbability", c."ordersNextYear", c."expectedOrderValue", c."marginRate", c."modelVersion"
    from jsonb_to_recordset($1::jsonb) as c ("customerId" uuid, facts int, orders int, revenue numeric, cost numeric, paid numeric,
         "serveCost" numeric, messages int, cases int, "openComplaints" int, "firstOrderOn" date, "lastOrderOn" date,
         "becauseOf" uuid, "occurredAt" timestamptz, ${calculatedColumns})
   order by c."customerId"
  on conflict (customer_id) do update set
    version = i.version + excluded.version, orders = i.orders + excluded.orders, revenue = i.revenue + excluded.revenue, cost = i.cost + excluded.cost,
    paid = i.paid + excluded.paid, serve_cost = i.serve_cost + excluded.serve_cost, messages = i.messages + excluded.messages,
    cases = i.cases + excluded.cases, open_complaints = i.open_complaints + excluded.open_complaints,
    first_order_on = least(i.first_order_on, excluded.first_order_on), last_order_on = greatest(i.last_order_on, excluded.last_order_on),
    -- The later event by the producer's clock, whatever order the topics were read in, so that a rebuild ends the same.
    because_of = case when i.last_fact_at is null or (excluded.last_fact_at, excluded.because_of) > (i.last_fact_at, i.because_of) then excluded.because_of else i.because_of end,
    last_fact_at = greatest(i.last_fact_at, excluded.last_fact_at), calculated_at = greatest(i.calculated_at, excluded.calculated_at),
    as_of = excluded.as_of, rank = excluded.rank, recency_score = excluded.recency_score, frequency_score = excluded.frequency_score, value_score = excluded.value_score,
    lifetime_value = excluded.lifetime_value, alive_probability = excluded.alive_probability, orders_next_year = excluded.orders_next_year,
    expected_order_value = excluded.expected_order_value, margin_rate = excluded.margin_rate, model_version = excluded.model_version
  returning ${changed}`;

const recalculateSql = `
  with locked as (select customer_id from insight where customer_id = any($1::uuid[]) order by customer_id for update)
  update insight i set version = version + 1, calculated_at = clock_timestamp() from locked where i.customer_id = locked.customer_id
  returning ${changed}`;

const calculatedSql = `
  update insight i set as_of = c."asOf", rank = c.rank, recency_score = c."recencyScore", frequency_score = c."frequencyScore", value_score = c."valueScore",
         lifetime_value = c."lifetimeValue", alive_probability = c."aliveProbability", orders_next_year = c."ordersNextYear",
         expected_order_value = c."expectedOrderValue", margin_rate = c."marginRate", model_version = c."modelVersion"
    from jsonb_to_recordset($1::jsonb) as c ("customerId" uuid, ${calculatedColumns})
   where i.customer_id = c."customerId"`;

/** Keeps one insight per customer; only customers that a change touches are read, calculated and published. */
@Injectable()
export class InsightsService {
  constructor(private readonly events: Events, private readonly models: ModelsService, private readonly config: AnalyticsConfig) {}

  /**
   * Adds a slice of changes, calculates the customers they touch anew and publishes them: four statements, however many changes.
   * Once in a transaction: a second call would lock customers out of order.
   */
  async apply(tx: Transaction, changes: InsightChange[]): Promise<void> {
    if (changes.length === 0) return;
    const added = additions(changes);
    const read = await tx.query<(Sums & { version: number })[]>(`select ${known} from insight i where customer_id = any($1::uuid[])`, [added.map(({ customerId }) => customerId)]);
    const before = new Map(read.map((each) => [each.customerId, each]));
    // After the customers: whoever changes model or policy calculates all customers afterwards, and raises the versions of those read above.
    const inUse = await this.models.inUse(tx);
    const rows = await tx.query<Changed[]>(addSql, [JSON.stringify(added.map((each) => ({ ...each, ...this.calculate(sumOf(before.get(each.customerId), each), inUse) })))]);
    // Calculated and stored in one go, which is half the work of the database. It holds only where nobody changed the customer in between.
    const expected = new Map(added.map(({ customerId, facts }) => [customerId, (before.get(customerId)?.version ?? 0) + facts]));
    await this.calculateAnew(tx, rows.filter(({ customerId, version }) => version !== expected.get(customerId)));
    await this.publish(tx, rows);
  }

  /**
   * Calculates these customers anew for another reason than a fact (a day passed, a model or policy changed), which is a
   * change of its own: replicas take only what is newer.
   */
  async recalculate(tx: Transaction, customerIds: string[]): Promise<void> {
    if (customerIds.length === 0) return;
    const [rows] = await tx.query<[Changed[], number]>(recalculateSql, [customerIds]);
    await this.calculateAnew(tx, rows);
    await this.publish(tx, rows);
  }

  /** Calculates insights that this transaction has locked, and stores what came of it. */
  private async calculateAnew(tx: Transaction, rows: Changed[]): Promise<void> {
    if (rows.length === 0) return;
    const inUse = await this.models.inUse(tx);
    const calculated = rows.map((row) => this.calculate(row, inUse));
    await tx.query(calculatedSql, [JSON.stringify(calculated)]);
    rows.forEach((row, index) => Object.assign(row, calculated[index]));
  }

  private publish(tx: Transaction, rows: Changed[]): Promise<void> {
    return this.events.publishAll(tx, rows.map((row) => {
      const previousRank = row.previousRank ?? unranked;
      const ranked = row.rank === previousRank ? [] : [build(CustomerRanked, { customerId: row.customerId, rank: row.rank, previousRank, becauseOf: row.becauseOf })];
      return { aggregate: row, messages: [...ranked, insightState(row, this.config.REPORTING_CURRENCY)] };
    }));
  }

  private calculate(insight: Sums, inUse: ModelInUse): Calculated {
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

/** What one transaction adds to a customer, whatever the number of facts. */
type Addition = Required<Omit<InsightChange, 'firstOrderOn' | 'lastOrderOn'>> & Pick<InsightChange, 'firstOrderOn' | 'lastOrderOn'>;

/** One addition for each customer, in the order of their ids. */
function additions(changes: InsightChange[]): Addition[] {
  const sums = new Map<string, Addition>();
  for (const change of changes) {
    const { customerId } = change;
    const sum = sums.get(customerId);
    sums.set(customerId, sum ? plus(sum, change) : { ...nothing, ...change });
  }
  return [...sums.values()].sort((a, b) => (a.customerId < b.customerId ? -1 : 1));
}

const nothing = { orders: 0, revenue: '0', cost: '0', paid: '0', serveCost: '0', messages: 0, cases: 0, openComplaints: 0 };

function plus(sum: Addition, change: InsightChange): Addition {
  const later = change.occurredAt === sum.occurredAt ? change.becauseOf > sum.becauseOf : change.occurredAt > sum.occurredAt;
  return {
    customerId: sum.customerId, facts: sum.facts + change.facts, orders: sum.orders + (change.orders ?? 0),
    revenue: total(sum.revenue, change.revenue), cost: total(sum.cost, change.cost), paid: total(sum.paid, change.paid), serveCost: total(sum.serveCost, change.serveCost),
    messages: sum.messages + (change.messages ?? 0), cases: sum.cases + (change.cases ?? 0), openComplaints: sum.openComplaints + (change.openComplaints ?? 0),
    firstOrderOn: earliest(sum.firstOrderOn, change.firstOrderOn), lastOrderOn: latest(sum.lastOrderOn, change.lastOrderOn),
    becauseOf: later ? change.becauseOf : sum.becauseOf, occurredAt: later ? change.occurredAt : sum.occurredAt,
  };
}

/** What a customer's sums become. */
function sumOf(before: Sums | undefined, added: Addition): Sums {
  const lastFactAt = new Date(added.occurredAt);
  const { customerId, orders, revenue, cost, paid, firstOrderOn = null, lastOrderOn = null } = added;
  if (!before) return { customerId, orders, revenue, cost, paid, firstOrderOn, lastOrderOn, lastFactAt };
  return {
    customerId, orders: before.orders + orders, revenue: total(before.revenue, revenue), cost: total(before.cost, cost), paid: total(before.paid, paid),
    firstOrderOn: earliest(before.firstOrderOn, firstOrderOn), lastOrderOn: latest(before.lastOrderOn, lastOrderOn),
    lastFactAt: before.lastFactAt && before.lastFactAt > lastFactAt ? before.lastFactAt : lastFactAt,
  };
}

// Enough for sums of any number of amounts that Postgres would add without rounding, too.
const Exact = Decimal.clone({ precision: 60 });

function total(sum: string, added = '0'): string {
  return added === '0' ? sum : new Exact(sum).plus(added).toFixed();
}

function earliest<T extends string | null | undefined>(a: T, b: T): T {
  return a && b ? (a < b ? a : b) : a || b;
}

function latest<T extends string | null | undefined>(a: T, b: T): T {
  return a && b ? (a > b ? a : b) : a || b;
}
