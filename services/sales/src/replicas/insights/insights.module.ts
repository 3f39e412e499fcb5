import { Slice } from '@quen/chassis';
import { InsightReplica } from './insights.reactions.js';

@Slice({
  tables: { owns: ['insight'] },
  reactions: [InsightReplica],
  derived: [{ groups: ['crm.sales.insight-replica'], tables: { insight: { ignore: ['received_at'] } } }],
})
export class InsightsModule {}
