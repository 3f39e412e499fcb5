import { Injectable } from '@nestjs/common';
import {
  choice,
  Database,
  date,
  decimal,
  defineList,
  find,
  integer,
  page,
  uuid,
  type Page,
  type ParsedList,
} from '@quen/chassis';
import { customerRanks, Money } from '@quen/events';
import { AnalyticsConfig } from '../analytics.config.js';
import { mustHaveCome } from '../as-of.js';
import { basisOf, ModelsService } from '../models/models.service.js';
import { sumsAsOf } from '../purchases/past-sums.service.js';
import { insightOf } from './insight-figures.js';
import { reasonsOf } from './insight-reasons.js';
import { Insight } from './insight.entity.js';
import type { InsightView, RankingRow, YearlyProfit } from './insights.dto.js';
import { yearsOf, type YearRow } from './insights.queries.js';
import { PastInsight } from './past-insight.entity.js';
import { PastRankings } from './past-rankings.service.js';

const fields = {
  rank: choice(customerRanks),
  orders: integer(),
  revenue: decimal(),
  profit: decimal(),
  lifetimeValue: decimal(),
  lastOrderOn: date(),
  recencyScore: integer(),
  frequencyScore: integer(),
  valueScore: integer(),
  branchId: uuid(),
  ownerId: uuid(),
  openComplaints: integer(),
};
const order = {
  sort: ['revenue', 'profit', 'lifetimeValue', 'orders', 'lastOrderOn'],
  defaultSort: '-revenue',
  search: ['displayName', 'customerCode'],
};

export const rankings = defineList({ entity: Insight, fields, ...order });
export const pastRankings = defineList({ entity: PastInsight, fields, ...order });

/** Reads of insights for people and applications. */
@Injectable()
export class InsightReadsService {
  constructor(
    private readonly database: Database,
    private readonly models: ModelsService,
    private readonly past: PastRankings,
    private readonly config: AnalyticsConfig,
  ) {}

  /**
   * Calculated when it is read, so that it is for the store's day while a new day is still being calculated, and for
   * any day before.
   * @throws Problem not_found when there is no such customer within the caller's reach, validation_failed for a day
   * that has not come
   */
  insight(customerId: string, language: 'vi' | 'en', asOf?: string): Promise<InsightView> {
    return this.database.read(async (tx) => {
      const stored = await find(tx, Insight, customerId);
      const today = await this.models.inUse(tx);
      mustHaveCome(asOf, today.day, '?asOf');
      const inUse = asOf ? await this.models.inUse(tx, asOf) : today;
      // Who reaches the customer learns what all of its facts come to.
      const [sums, years] = await this.database.elevated(
        async (all) =>
          [asOf ? await sumsAsOf(all, [customerId], asOf) : [stored], await yearsOf(all, customerId, asOf)] as const,
      );
      // How many complaints are open is told by the cases as they are today; of other days only what happened to them
      // is known.
      const known = asOf === today.day && sums[0] ? { ...sums[0], openComplaints: stored.openComplaints } : sums[0];
      const insight = insightOf(stored, known, inUse, this.config.REPORTING_CURRENCY);
      const {
        version,
        firstOrderOn,
        purchases,
        firstPurchaseOn,
        lastPurchaseOn,
        aliveProbability,
        purchaseProbability,
        ordersNextYear,
        marginRate,
        modelVersion,
        openComplaints,
        cases,
        messages,
        becauseOf,
        calculatedAt,
      } = insight;
      return {
        ...this.row(insight),
        version,
        firstOrderOn,
        purchases,
        firstPurchaseOn,
        lastPurchaseOn,
        paid: this.money(insight.paid),
        costOfGoods: this.money(insight.cost),
        serveCost: this.money(insight.serveCost),
        aliveProbability,
        purchaseProbability,
        ordersNextYear,
        expectedOrderValue: this.moneyOrNull(insight.expectedOrderValue),
        marginRate,
        serveCostPerYear: this.moneyOrNull(insight.serveCostPerYear),
        discountRate: inUse.model.discountRate,
        horizonYears: inUse.model.horizonYears,
        modelVersion,
        modelBasis: basisOf(inUse.version),
        openComplaints,
        cases,
        messages,
        asOf: insight.asOf,
        becauseOf: asOf ? null : becauseOf,
        calculatedAt,
        years: years.map((year) => this.year(year)),
        reasons: reasonsOf(insight, inUse, language),
      };
    });
  }

  /**
   * @throws Problem validation_failed for a day that has not come, ranking_being_made while one of a large store is
   * calculated
   */
  async rankings(query: ParsedList, asOf?: string): Promise<Page<RankingRow>> {
    if (asOf !== undefined) await this.past.make(asOf);
    return this.database.read(async (tx) => {
      const found = asOf
        ? await page(tx, pastRankings, query, { where: 'orders > 0 and day = $1', params: [asOf] })
        : await page(tx, rankings, query, { where: 'orders > 0' });
      return { ...found, data: found.data.map((insight) => this.row(insight)) };
    });
  }

  private row(insight: Insight): RankingRow {
    const {
      customerId,
      customerCode,
      displayName,
      rank,
      orders,
      lastOrderOn,
      recencyScore,
      frequencyScore,
      valueScore,
    } = insight;
    return {
      customerId,
      customerCode,
      displayName,
      rank,
      orders,
      lastOrderOn,
      recencyScore,
      frequencyScore,
      valueScore,
      revenue: this.money(insight.revenue),
      profit: this.money(insight.profit),
      lifetimeValue: this.money(insight.lifetimeValue),
    };
  }

  private year({ year, orders, revenue, cost, serve_cost }: YearRow): YearlyProfit {
    const [income, goods, serve] = [this.money(revenue), this.money(cost), this.money(serve_cost)];
    return { year, orders, revenue: income, cost: goods, serveCost: serve, profit: income.minus(goods).minus(serve) };
  }

  private moneyOrNull(amount: string | null): Money | null {
    return amount === null ? null : this.money(amount);
  }

  private money(amount: string): Money {
    return Money.of(amount, this.config.REPORTING_CURRENCY);
  }
}
