import { Slice } from '@quen/chassis';
import { InsightsModule } from '../insights/insights.module.js';
import { CaseStatesReactions } from './case-states.reactions.js';
import { CaseStatesService } from './case-states.service.js';

@Slice({
  imports: [InsightsModule],
  tables: { owns: ['support_case'], writes: ['insight'] },
  reactions: [CaseStatesReactions],
  providers: [CaseStatesService],
})
export class CasesModule {}
