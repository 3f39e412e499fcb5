import { Injectable } from '@nestjs/common';
import { Decimal } from 'decimal.js';
import { build, CustomerRanked, type CustomerRank } from '@quen/events';
import { Events, type Transaction } from '@quen/messaging';
import { AnalyticsConfig } from '../analytics.config.js';
import { ModelsService, type ModelInUse } from '../models/models.service.js';
import { noPurchases, PurchaseDays, type Purchases } from '../purchases/purchase-days.service.js';
import type { Sums } from '../purchases/sums.value.js';
import { figuresOf, haveMoved, type Figures } from './insight-figures.js';
import { insightState, type PublicInsight } from './insight.entity.js';

/** What one fact adds to a customer's insight; money as decimal text in the reporting currency. */
export interface InsightChange {
  customerId: string;
  facts: number;
  orders?: number;
  revenue?: string;
  cost?: string;
  paid?: string;
  serveCost?: string;
  /** Of the cost to serve, what was work for the customer. */
  serviceCost?: string;
  messages?: number;
  cases?: number;
  openComplaints?: number;
  firstOrderOn?: string;
  lastOrderOn?: string;
  becauseOf: string;
  occurredAt: string;
}

/** An insight as it stands, and the rank that its customer had before. */
type Changed = PublicInsight & Sums & Figures & { becauseOf: string | null; previousRank: CustomerRank | null };

/** The rank of whoever has none yet. */
const unranked: CustomerRank = 'standard';

const known = `i.customer_id as "customerId", i.version::float8 as version, i.orders, i.revenue, i.cost, i.paid, i.service_cost as "serviceCost", i.first_order_on::text as "firstOrderOn",
         i.last_order_on::text as "lastOrderOn", i.purchases, i.purchase_revenue as "purchaseRevenue", i.first_purchase_on::text as "firstPurchaseOn",
         i.last_purchase_on::text as "lastPurchaseOn", i.first_purchase_revenue as "firstPurchaseRevenue"`;

const whole = `${known}, i.because_of as "becauseOf", i.profit, i.serve_cost as "serveCost", i.open_complaints as "openComplaints", i.calculated_at as "calculatedAt", i.as_of::text as "asOf", i.rank,
         i.recency_score as "recencyScore", i.frequency_score as "frequencyScore", i.value_score as "valueScore", i.lifetime_value as "lifetimeValue", i.alive_probability as "aliveProbability",
         i.purchase_probability as "purchaseProbability", i.orders_next_year as "ordersNextYear", i.expected_order_value as "expectedOrderValue", i.margin_rate as "marginRate",
         i.serve_cost_per_year as "serveCostPerYear", i.model_version as "modelVersion"`;

/** Columns that are calculated of a customer and stored as they are, by property. */
const calculated = {
  purchases: ['purchases', 'int'],
  purchaseRevenue: ['purchase_revenue', 'numeric'],
  firstPurchaseOn: ['first_purchase_on', 'date'],
  lastPurchaseOn: ['last_purchase_on', 'date'],
  firstPurchaseRevenue: ['first_purchase_revenue', 'numeric'],
  asOf: ['as_of', 'date'],
  rank: ['rank', 'text'],
  recencyScore: ['recency_score', 'smallint'],
  frequencyScore: ['frequency_score', 'smallint'],
  valueScore: ['value_score', 'smallint'],
  lifetimeValue: ['lifetime_value', 'numeric'],
  aliveProbability: ['alive_probability', 'double precision'],
  purchaseProbability: ['purchase_probability', 'double precision'],
  ordersNextYear: ['orders_next_year', 'double precision'],
  expectedOrderValue: ['expected_order_value', 'numeric'],
  marginRate: ['margin_rate', 'double precision'],
  serveCostPerYear: ['serve_cost_per_year', 'numeric'],
  modelVersion: ['model_version', 'int'],
} as const satisfies Record<keyof Figures | keyof Purchases, readonly [string, string]>;

const each = (text: (column: string, property: string, type: string) => string): string =>
  Object.entries(calculated)
    .map(([property, [column, type]]) => text(column, property, type))
    .join(', ');
const calculatedColumns = each((column) => column),
  calculatedValues = each((_, property) => `c."${property}"`),
  calculatedRecord = each((_, property, type) => `"${property}" ${type}`);

// One statement adds a whole slice. Whatever changes insights locks its customers in the order of their ids and in one
// statement of its transaction,
// so that two of them never wait for one another.
const addSql = `
  insert into insight as i (customer_id, version, orders, revenue, cost, paid, serve_cost, service_cost, messages, cases, open_complaints,
                            first_order_on, last_order_on, because_of, last_fact_at, calculated_at, ${calculatedColumns})
  select c."customerId", c.facts, c.orders, c.revenue, c.cost, c.paid, c."serveCost", c."serviceCost", c.messages, c.cases, c."openComplaints",
         c."firstOrderOn", c."lastOrderOn", c."becauseOf", c."occurredAt", c."occurredAt", ${calculatedValues}
    from jsonb_to_recordset($1::jsonb) as c ("customerId" uuid, facts int, orders int, revenue numeric, cost numeric, paid numeric,
         "serveCost" numeric, "serviceCost" numeric, messages int, cases int, "openComplaints" int, "firstOrderOn" date, "lastOrderOn" date,
         "becauseOf" uuid, "occurredAt" timestamptz, ${calculatedRecord})
   order by c."customerId"
  on conflict (customer_id) do update set
    version = i.version + excluded.version, orders = i.orders + excluded.orders, revenue = i.revenue + excluded.revenue, cost = i.cost + excluded.cost,
    paid = i.paid + excluded.paid, serve_cost = i.serve_cost + excluded.serve_cost, service_cost = i.service_cost + excluded.service_cost, messages = i.messages + excluded.messages,
    cases = i.cases + excluded.cases, open_complaints = i.open_complaints + excluded.open_complaints,
    first_order_on = least(i.first_order_on, excluded.first_order_on), last_order_on = greatest(i.last_order_on, excluded.last_order_on),
    -- The later event by the producer's clock, whatever order the topics were read in, so that a rebuild ends the same.
    because_of = case when i.last_fact_at is null or (excluded.last_fact_at, excluded.because_of) > (i.last_fact_at, i.because_of) then excluded.because_of else i.because_of end,
    last_fact_at = greatest(i.last_fact_at, excluded.last_fact_at), calculated_at = greatest(i.calculated_at, excluded.calculated_at),
    ${each((column) => `${column} = excluded.${column}`)}
  returning ${whole}, old.rank as "previousRank"`;

const lockSql = `select ${whole}, i.rank as "previousRank" from insight i where customer_id = any($1::uuid[]) order by customer_id for update`;

const calculatedSql = `
  update insight i set version = c.version, calculated_at = case when c.version > i.version then clock_timestamp() else i.calculated_at end, (${calculatedColumns}) = row(${calculatedValues})
    from jsonb_to_recordset($1::jsonb) as c ("customerId" uuid, version bigint, ${calculatedRecord})
   where i.customer_id = c."customerId" returning i.customer_id as "customerId", i.calculated_at as "calculatedAt"`;

/** Keeps one insight per customer; only customers that a change touches are read, calculated and published. */
@Injectable()
export class InsightsService {
  constructor(
    private readonly events: Events,
    private readonly models: ModelsService,
    private readonly purchases: PurchaseDays,
    private readonly config: AnalyticsConfig,
  ) {}

  /**
   * Adds a slice of changes, calculates the customers they touch anew and publishes them: four statements, and a fifth
   * for sales, however many changes.
   * `sales` are the events of orders and returns among them, stored already. Once in a transaction: a second call would
   * lock customers out of order.
   */
  async apply(tx: Transaction, changes: InsightChange[], sales: string[]): Promise<void> {
    if (changes.length === 0) return;
    const added = additions(changes);
    const read = await tx.query<(Sums & { version: number })[]>(
      `select ${known} from insight i where customer_id = any($1::uuid[])`,
      [added.map(({ customerId }) => customerId)],
    );
    const before = new Map(read.map((each) => [each.customerId, each]));
    // After the customers: whoever changes purchases, model or policy raises the versions of those read above.
    const bought = await this.purchases.add(tx, sales);
    const inUse = await this.models.inUse(tx);
    const rows = await tx.query<Changed[]>(addSql, [
      JSON.stringify(
        added.map((each) => {
          const sums = { ...sumOf(before.get(each.customerId), each), ...bought.get(each.customerId) };
          return { ...each, ...purchasesOf(sums), ...this.figures(sums, inUse) };
        }),
      ),
    ]);
    // Calculated and stored in one go, which is half the work of the database. It holds only where nobody changed the
    // customer in between.
    const expected = new Map(
      added.map(({ customerId, facts }) => [customerId, (before.get(customerId)?.version ?? 0) + facts]),
    );
    await this.correct(
      tx,
      rows.filter(({ customerId, version }) => version !== expected.get(customerId)),
    );
    await this.publish(tx, rows);
  }

  /**
   * Calculates these customers anew for another reason than a fact (a day passed, a model or policy changed). Telling
   * others of it is a change of its own, since
   * replicas take only what is newer: `all` are told, or those whose figures have `moved`.
   * @returns how many were told
   */
  async recalculate(tx: Transaction, customerIds: string[], tell: 'all' | 'moved' = 'all'): Promise<number> {
    if (customerIds.length === 0) return 0;
    const rows = await tx.query<Changed[]>(lockSql, [customerIds]);
    const inUse = await this.models.inUse(tx);
    const told: Changed[] = [],
      stored: Changed[] = [];
    for (const row of rows) {
      const figures = this.figures(row, inUse);
      const tells = tell === 'all' || haveMoved(row, figures, this.config.REPORTING_CURRENCY);
      if (!tells && isSame(row, figures)) continue;
      Object.assign(row, figures, { version: row.version + (tells ? 1 : 0) });
      stored.push(row);
      if (tells) told.push(row);
    }
    await this.store(tx, stored);
    await this.publish(tx, told);
    return told.length;
  }

  /**
   * Calculates insights that this transaction has locked from what others have changed meanwhile, and stores what came
   * of it.
   */
  private async correct(tx: Transaction, rows: Changed[]): Promise<void> {
    if (rows.length === 0) return;
    const [inUse, bought] = [
      await this.models.inUse(tx),
      await this.purchases.of(
        tx,
        rows.map((row) => row.customerId),
      ),
    ];
    for (const row of rows) {
      Object.assign(row, bought.get(row.customerId) ?? noPurchases);
      Object.assign(row, this.figures(row, inUse));
    }
    await this.store(tx, rows);
  }

  private async store(tx: Transaction, rows: Changed[]): Promise<void> {
    if (rows.length === 0) return;
    const [written] = await tx.query<[{ customerId: string; calculatedAt: Date }[], number]>(calculatedSql, [
      JSON.stringify(
        rows.map(({ customerId, version, ...row }) => ({
          customerId,
          version,
          ...purchasesOf(row),
          ...figuresIn(row),
        })),
      ),
    ]);
    const at = new Map(written.map((row) => [row.customerId, row.calculatedAt]));
    for (const row of rows) row.calculatedAt = at.get(row.customerId) ?? row.calculatedAt;
  }

  private publish(tx: Transaction, rows: Changed[]): Promise<void> {
    return this.events.publishAll(
      tx,
      rows.map((row) => {
        const previousRank = row.previousRank ?? unranked;
        const ranked =
          row.rank === previousRank
            ? []
            : [
                build(CustomerRanked, {
                  customerId: row.customerId,
                  rank: row.rank,
                  previousRank,
                  becauseOf: row.becauseOf,
                }),
              ];
        return { aggregate: row, messages: [...ranked, insightState(row, this.config.REPORTING_CURRENCY)] };
      }),
    );
  }

  private figures(sums: Sums, inUse: ModelInUse): Figures {
    return figuresOf(sums, inUse, this.config.REPORTING_CURRENCY);
  }
}

function purchasesOf({
  purchases,
  purchaseRevenue,
  firstPurchaseOn,
  lastPurchaseOn,
  firstPurchaseRevenue,
}: Purchases): Purchases {
  return { purchases, purchaseRevenue, firstPurchaseOn, lastPurchaseOn, firstPurchaseRevenue };
}

function figuresIn(row: Figures): Figures {
  const {
    asOf,
    rank,
    recencyScore,
    frequencyScore,
    valueScore,
    lifetimeValue,
    aliveProbability,
    purchaseProbability,
    ordersNextYear,
    expectedOrderValue,
    marginRate,
    serveCostPerYear,
    modelVersion,
  } = row;
  return {
    asOf,
    rank,
    recencyScore,
    frequencyScore,
    valueScore,
    lifetimeValue,
    aliveProbability,
    purchaseProbability,
    ordersNextYear,
    expectedOrderValue,
    marginRate,
    serveCostPerYear,
    modelVersion,
  };
}

function isSame(row: Figures, now: Figures): boolean {
  return Object.entries(now).every(([name, value]) => row[name as keyof Figures] === value);
}

/** What one transaction adds to a customer, whatever the number of facts. */
type Addition = Required<Omit<InsightChange, 'firstOrderOn' | 'lastOrderOn'>> &
  Pick<InsightChange, 'firstOrderOn' | 'lastOrderOn'>;

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

const nothing = {
  orders: 0,
  revenue: '0',
  cost: '0',
  paid: '0',
  serveCost: '0',
  serviceCost: '0',
  messages: 0,
  cases: 0,
  openComplaints: 0,
};

function plus(sum: Addition, change: InsightChange): Addition {
  const later =
    change.occurredAt === sum.occurredAt ? change.becauseOf > sum.becauseOf : change.occurredAt > sum.occurredAt;
  return {
    customerId: sum.customerId,
    facts: sum.facts + change.facts,
    orders: sum.orders + (change.orders ?? 0),
    revenue: total(sum.revenue, change.revenue),
    cost: total(sum.cost, change.cost),
    paid: total(sum.paid, change.paid),
    serveCost: total(sum.serveCost, change.serveCost),
    serviceCost: total(sum.serviceCost, change.serviceCost),
    messages: sum.messages + (change.messages ?? 0),
    cases: sum.cases + (change.cases ?? 0),
    openComplaints: sum.openComplaints + (change.openComplaints ?? 0),
    firstOrderOn: earliest(sum.firstOrderOn, change.firstOrderOn),
    lastOrderOn: latest(sum.lastOrderOn, change.lastOrderOn),
    becauseOf: later ? change.becauseOf : sum.becauseOf,
    occurredAt: later ? change.occurredAt : sum.occurredAt,
  };
}

/** What a customer's sums become; purchases are as before. */
function sumOf(before: Sums | undefined, added: Addition): Sums {
  const { customerId, orders, revenue, cost, paid, serviceCost, firstOrderOn = null, lastOrderOn = null } = added;
  if (!before)
    return { ...noPurchases, customerId, orders, revenue, cost, paid, serviceCost, firstOrderOn, lastOrderOn };
  return {
    ...before,
    orders: before.orders + orders,
    revenue: total(before.revenue, revenue),
    cost: total(before.cost, cost),
    paid: total(before.paid, paid),
    serviceCost: total(before.serviceCost, serviceCost),
    firstOrderOn: earliest(before.firstOrderOn, firstOrderOn),
    lastOrderOn: latest(before.lastOrderOn, lastOrderOn),
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
