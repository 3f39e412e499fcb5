import { Slice } from '@quen/chassis';
import { Insight, insightReplica } from './insight.replica.js';

@Slice({
  entities: [Insight],
  replicas: [insightReplica],
})
export class InsightsModule {}
