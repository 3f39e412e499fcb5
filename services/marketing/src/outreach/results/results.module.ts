import { Slice } from '@quen/chassis';
import { CampaignsModule } from '../campaigns/campaigns.module.js';
import { ResultsController } from './results.controller.js';
import { ResultsReactions } from './results.reactions.js';
import { ResultsService } from './results.service.js';

@Slice({
  imports: [CampaignsModule],
  tables: { owns: ['campaign_entry'], reads: ['campaign', 'lead', 'message', 'response'] },
  controllers: [ResultsController],
  reactions: [ResultsReactions],
  providers: [ResultsService],
})
export class ResultsModule {}
