import { Slice } from '@quen/chassis';
import { CustomerInsight } from './customer-insight.entity.js';
import { InsightsReactions } from './insights.reactions.js';
import { InsightsService } from './insights.service.js';

@Slice({
  entities: [CustomerInsight],
  reactions: [InsightsReactions],
  providers: [InsightsService],
  exports: [InsightsService],
  derived: [{ groups: ['crm.customers.insights'], tables: { customer_insight: { ignore: ['received_at'] } } }],
})
export class InsightsModule {}
