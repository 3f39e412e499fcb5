import { Controller, Get, Headers, Query } from '@nestjs/common';
import { ApiQuery, ApiTags } from '@nestjs/swagger';
import {
  Allow,
  ApiList,
  languageOf,
  List,
  Shows,
  UuidParam,
  type Page,
  type ParsedList,
  type ShownAs,
} from '@quen/chassis';
import { InsightReadsService, rankings } from './insight-reads.service.js';
import { InsightQuery, InsightView, RankingRow } from './insights.dto.js';

@ApiTags('insights')
@Controller()
export class InsightsController {
  constructor(private readonly reads: InsightReadsService) {}

  /**
   * What is calculated of one customer
   * @remarks Recency, frequency, value, rank, profit per year and over the relationship, and lifetime value, each with
   * reasons. Calculated anew at every transaction, for today or as of another day.
   */
  @Get('insights/:customerId')
  @Allow('insight', 'read')
  @Shows(InsightView)
  getInsight(
    @UuidParam('customerId') customerId: string,
    @Query() query: InsightQuery,
    @Headers('accept-language') language: string | undefined,
  ): Promise<ShownAs<InsightView>> {
    return this.reads.insight(customerId, languageOf(language), query.asOf);
  }

  /**
   * Customers by value
   * @remarks Sorted by revenue, profit, lifetime value, number of orders or last order; filtered by rank and scores. As
   * of another day it is
   * calculated from the facts up to then when it is first asked for, which takes a while in a large store: 503 with
   * `Retry-After` until it is done.
   */
  @Get('rankings')
  @Allow('insight', 'read')
  @ApiList(rankings, RankingRow)
  @ApiQuery({
    name: 'asOf',
    required: false,
    description: 'Only facts up to this day count; today when left out.',
    schema: { type: 'string', format: 'date' },
  })
  listRankings(
    @List(rankings, { also: ['asOf'] }) query: ParsedList,
    @Query('asOf') asOf: string | undefined,
  ): Promise<Page<RankingRow>> {
    return this.reads.rankings(query, asOf);
  }
}
