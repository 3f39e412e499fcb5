import { entityStates, ServiceModule } from '@quen/chassis';
import { CustomerInsightState } from '@quen/events';
import { analyticsAccess } from './analytics.access.js';
import { AnalyticsConfig } from './analytics.config.js';
import { CaseStatesReactions } from './cases/case-states.reactions.js';
import { CaseStatesService } from './cases/case-states.service.js';
import { FactsReactions } from './facts/facts.reactions.js';
import { FactsService } from './facts/facts.service.js';
import { SalesFact } from './facts/sales-fact.entity.js';
import { TransactionsController } from './facts/transactions.controller.js';
import { TransactionsService } from './facts/transactions.service.js';
import { CustomerNamesReactions } from './insights/customer-names.reactions.js';
import { DaySchedule } from './insights/day.schedule.js';
import { InsightReadsService } from './insights/insight-reads.service.js';
import { insightStore } from './insights/insight-store.js';
import { Insight, insightState } from './insights/insight.entity.js';
import { InsightsController } from './insights/insights.controller.js';
import { InsightsService } from './insights/insights.service.js';
import { PastInsight } from './insights/past-insight.entity.js';
import { PastRankingJob, PastRankings } from './insights/past-rankings.service.js';
import { FactsAndInsights1795341600000 } from './migrations/20261122-facts-and-insights.js';
import { RebuildableStore1795428000000 } from './migrations/20261123-rebuildable-store.js';
import { CasesAsTheyAre1795950000000 } from './migrations/20261129-cases-as-they-are.js';
import { OneDayAndPurchases1796000000101 } from './migrations/20261129-one-day-and-purchases.js';
import { PaymentsOfBranches1796000000002 } from './migrations/20261129-payments-of-branches.js';
import { ModelAdministrationService } from './models/model-administration.service.js';
import { ModelFittingService } from './models/model-fitting.service.js';
import { FittedModel } from './models/model.entity.js';
import { ModelsController } from './models/models.controller.js';
import { FitModelJob, NewDayJob, RankCustomersJob } from './models/models.jobs.js';
import { ModelsService } from './models/models.service.js';
import { PurchaseDays } from './purchases/purchase-days.service.js';

@ServiceModule({
  name: 'analytics',
  title: 'Quen Analytics',
  description:
    'Every transaction and interaction in one store, filled from topics only; the value, rank, profit and lifetime value of each customer, calculated anew at every transaction and put back to work.',
  tags: [
    { name: 'insights', description: 'What is calculated of each customer' },
    { name: 'models', description: 'What insights are calculated with' },
  ],
  entities: [Insight, SalesFact, PastInsight, FittedModel],
  migrations: [
    FactsAndInsights1795341600000,
    RebuildableStore1795428000000,
    CasesAsTheyAre1795950000000,
    PaymentsOfBranches1796000000002,
    OneDayAndPurchases1796000000101,
  ],
  states: [
    entityStates(CustomerInsightState, Insight, {
      build: (insight, get) => insightState(insight, get(AnalyticsConfig).REPORTING_CURRENCY),
      where: 'calculated_at is not null',
    }),
  ],
  access: analyticsAccess,
  controllers: [
    InsightsController,
    TransactionsController,
    ModelsController,
    FactsReactions,
    CaseStatesReactions,
    CustomerNamesReactions,
  ],
  providers: [
    CaseStatesService,
    FactsService,
    TransactionsService,
    InsightsService,
    InsightReadsService,
    PastRankings,
    DaySchedule,
    PurchaseDays,
    ModelsService,
    ModelFittingService,
    ModelAdministrationService,
  ],
  jobs: [FitModelJob, NewDayJob, RankCustomersJob, PastRankingJob],
  derived: [insightStore],
})
export class AnalyticsModule {}
