import { Controller, Get, Headers } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow, ApiList, languageOf, List, type Page, type ParsedList, UuidParam } from '@quen/chassis';
import { InsightView, RankingRow } from './insights.dto.js';
import { InsightReadsService, rankings } from './insight-reads.service.js';

@ApiTags('insights')
@Controller()
export class InsightsController {
  constructor(private readonly reads: InsightReadsService) {}

  /**
   * What is calculated of one customer
   * @remarks Recency, frequency, value, rank, profit per year and over the relationship, and lifetime value, each with reasons. Calculated anew at every transaction.
   */
  @Get('insights/:customerId')
  @Allow('insight', 'read')
  getInsight(@UuidParam('customerId') customerId: string, @Headers('accept-language') language: string | undefined): Promise<InsightView> {
    return this.reads.insight(customerId, languageOf(language));
  }

  /**
   * Customers by value
   * @remarks Sorted by revenue, profit, lifetime value, number of orders or last order; filtered by rank and scores.
   */
  @Get('rankings')
  @Allow('insight', 'read')
  @ApiList(rankings, RankingRow)
  listRankings(@List(rankings) query: ParsedList): Promise<Page<RankingRow>> {
    return this.reads.rankings(query);
  }
}
