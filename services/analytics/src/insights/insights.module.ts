import { entityStates, Slice } from '@quen/chassis';
import { CustomerInsightState } from '@quen/events';
import { AnalyticsConfig } from '../analytics.config.js';
import { ModelsModule } from '../models/models.module.js';
import { PurchasesModule } from '../purchases/purchases.module.js';
import { customerNameReplica } from './customer-name.replica.js';
import { DaySchedule } from './day.schedule.js';
import { InsightReadsService } from './insight-reads.service.js';
import { insightStore } from './insight-store.js';
import { Insight, insightState } from './insight.entity.js';
import { InsightsController } from './insights.controller.js';
import { FitModelJob, NewDayJob, RankCustomersJob } from './insights.jobs.js';
import { InsightsService } from './insights.service.js';
import { PastInsight } from './past-insight.entity.js';
import { PastRankingJob, PastRankings } from './past-rankings.service.js';

@Slice({
  imports: [ModelsModule, PurchasesModule],
  entities: [Insight, PastInsight],
  tables: {
    owns: ['calendar', 'past_insight', 'past_ranking'],
    reads: ['market_fact', 'sales_fact', 'service_fact'],
  },
  controllers: [InsightsController],
  providers: [InsightsService, InsightReadsService, PastRankings, DaySchedule],
  exports: [InsightsService],
  jobs: [FitModelJob, NewDayJob, RankCustomersJob, PastRankingJob],
  // Who may read a customer may read its insight: the scopes are those of `customer: read` in customers and in sales.
  access: {
    insight: {
      director: 'all',
      'data-reader': { read: 'all' },
      'branch-manager': { read: 'branch' },
      marketer: { read: 'branch' },
      accountant: { read: 'branch' },
      agent: { read: 'all' },
      seller: { read: 'branch' },
    },
  },
  tags: [{ name: 'insights', description: 'What is calculated of each customer' }],
  states: [
    entityStates(CustomerInsightState, Insight, {
      build: (insight, get) => insightState(insight, get(AnalyticsConfig).REPORTING_CURRENCY),
      where: 'calculated_at is not null',
    }),
  ],
  replicas: [customerNameReplica],
  derived: [insightStore],
})
export class InsightsModule {}
