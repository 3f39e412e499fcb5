import { Slice } from '@quen/chassis';
import { InsightsModule } from '../insights/insights.module.js';
import { OpenComplaintsService } from './open-complaints.service.js';
import { SupportCase, supportCaseReplica } from './support-case.replica.js';

@Slice({
  imports: [InsightsModule],
  entities: [SupportCase],
  tables: { writes: ['insight'] },
  providers: [OpenComplaintsService],
  replicas: [supportCaseReplica],
})
export class CasesModule {}
