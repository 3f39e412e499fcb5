import { Slice } from '@quen/chassis';
import { CustomerInsight, customerInsightReplica } from './customer-insight.replica.js';
import { InsightsService } from './insights.service.js';

@Slice({
  entities: [CustomerInsight],
  providers: [InsightsService],
  exports: [InsightsService],
  replicas: [customerInsightReplica],
})
export class InsightsModule {}
