import { Injectable } from '@nestjs/common';
import { choice, Database, date, decimal, defineList, find, integer, page, type Page, type ParsedList, uuid } from '@quen/chassis';
import { customerRanks, Money } from '@quen/events';
import { AnalyticsConfig } from '../analytics.config.js';
import { ModelsService } from '../models/models.service.js';
import { businessZone } from '../value-scores.js';
import { Insight } from './insight.entity.js';
import type { InsightView, RankingRow, YearlyProfit } from './insights.dto.js';
import { yearsOf, type YearRow } from './insights.queries.js';
import { reasonsOf } from './insight-reasons.js';

export const rankings = defineList({
  entity: Insight,
  fields: {
    rank: choice(customerRanks), orders: integer(), revenue: decimal(), profit: decimal(), lifetimeValue: decimal(), lastOrderOn: date(),
    recencyScore: integer(), frequencyScore: integer(), valueScore: integer(), branchId: uuid(), ownerId: uuid(), openComplaints: integer(),
  },
  sort: ['revenue', 'profit', 'lifetimeValue', 'orders', 'lastOrderOn'],
  defaultSort: '-revenue',
  search: ['displayName', 'customerCode'],
});

/** Reads of insights for people and applications. */
@Injectable()
export class InsightReadsService {
  constructor(private readonly database: Database, private readonly models: ModelsService, private readonly config: AnalyticsConfig) {}

  /** @throws Problem not_found when there is no such customer within the caller's reach */
  insight(customerId: string, language: 'vi' | 'en'): Promise<InsightView> {
    return this.database.read(async (tx) => {
      const insight = await find(tx, Insight, customerId);
      const inUse = await this.models.inUse(tx);
      const years = await yearsOf(tx, customerId, businessZone);
      const { version, firstOrderOn, aliveProbability, ordersNextYear, marginRate, modelVersion, openComplaints, cases, messages, asOf, becauseOf, calculatedAt } = insight;
      return {
        ...this.row(insight), version, firstOrderOn, paid: this.money(insight.paid), costOfGoods: this.money(insight.cost), serveCost: this.money(insight.serveCost),
        aliveProbability, ordersNextYear, expectedOrderValue: insight.expectedOrderValue === null ? null : this.money(insight.expectedOrderValue), marginRate,
        discountRate: inUse.model.discountRate, horizonYears: inUse.model.horizonYears, modelVersion, openComplaints, cases, messages, asOf, becauseOf, calculatedAt,
        years: years.map((year) => this.year(year)), reasons: reasonsOf(insight, inUse, language),
      };
    });
  }

  rankings(query: ParsedList): Promise<Page<RankingRow>> {
    return this.database.read(async (tx) => {
      const found = await page(tx, rankings, query, { where: 'orders > 0' });
      return { ...found, data: found.data.map((insight) => this.row(insight)) };
    });
  }

  private row(insight: Insight): RankingRow {
    const { customerId, customerCode, displayName, rank, orders, lastOrderOn, recencyScore, frequencyScore, valueScore } = insight;
    return {
      customerId, customerCode, displayName, rank, orders, lastOrderOn, recencyScore, frequencyScore, valueScore,
      revenue: this.money(insight.revenue), profit: this.money(insight.profit), lifetimeValue: this.money(insight.lifetimeValue),
    };
  }

  private year({ year, orders, revenue, cost, serve_cost }: YearRow): YearlyProfit {
    const [income, goods, serve] = [this.money(revenue), this.money(cost), this.money(serve_cost)];
    return { year, orders, revenue: income, cost: goods, serveCost: serve, profit: income.minus(goods).minus(serve) };
  }

  private money(amount: string): Money {
    return Money.of(amount, this.config.REPORTING_CURRENCY);
  }
}
