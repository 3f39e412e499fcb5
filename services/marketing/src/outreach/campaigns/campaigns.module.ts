import { entityStates, Slice } from '@quen/chassis';
import { CampaignState } from '@quen/events';
import { CustomersModule } from '../../audience/customers/customers.module.js';
import { MailModule } from '../mail/mail.module.js';
import { TemplatesModule } from '../templates/templates.module.js';
import { TestSendsModule } from '../test-sends/test-sends.module.js';
import { CampaignExpense } from './campaign-expense.entity.js';
import { Campaign } from './campaign.entity.js';
import { CampaignsController } from './campaigns.controller.js';
import { CampaignsService } from './campaigns.service.js';

@Slice({
  imports: [CustomersModule, TemplatesModule, TestSendsModule, MailModule],
  entities: [Campaign, CampaignExpense],
  tables: { reads: ['customer', 'segment_membership'], writes: ['message'] },
  controllers: [CampaignsController],
  providers: [CampaignsService],
  exports: [CampaignsService],
  access: {
    campaign: {
      director: 'all',
      'branch-manager': 'branch',
      marketer: 'branch',
      seller: { read: 'branch', respond: 'branch' },
      agent: { read: 'branch', respond: 'branch' },
      accountant: { read: 'branch', spend: 'branch' },
      'data-reader': { read: 'all' },
    },
  },
  tags: [
    {
      name: 'campaigns',
      description:
        'An approved message to a segment within a period and a budget; what was sent, refused, answered, earned.',
    },
  ],
  states: [entityStates(CampaignState, Campaign)],
})
export class CampaignsModule {}
