import { Slice } from '@quen/chassis';
import { CustomersModule } from '../../audience/customers/customers.module.js';
import { LeadsModule } from '../../demand/leads/leads.module.js';
import { CampaignsModule } from '../campaigns/campaigns.module.js';
import { LinksModule } from '../links/links.module.js';
import { MessagesModule } from '../messages/messages.module.js';
import { ResponseLinkController } from './response-link.controller.js';
import { Response } from './response.entity.js';
import { ResponsesController } from './responses.controller.js';
import { ResponsesService } from './responses.service.js';

@Slice({
  imports: [CampaignsModule, CustomersModule, MessagesModule, LeadsModule, LinksModule],
  entities: [Response],
  tables: { reads: ['customer'] },
  controllers: [ResponsesController, ResponseLinkController],
  providers: [ResponsesService],
})
export class ResponsesModule {}
