import { Slice } from '@quen/chassis';
import { CustomersModule } from '../../audience/customers/customers.module.js';
import { SuppressionsModule } from '../../audience/suppressions/suppressions.module.js';
import { CampaignsModule } from '../campaigns/campaigns.module.js';
import { LinksModule } from '../links/links.module.js';
import { MailModule } from '../mail/mail.module.js';
import { TemplatesModule } from '../templates/templates.module.js';
import { Message } from './message.entity.js';
import { MessagesController } from './messages.controller.js';
import { MessagesService } from './messages.service.js';
import { MessageSender } from './sender.js';
import { UnsubscribeController } from './unsubscribe.controller.js';

@Slice({
  imports: [CampaignsModule, CustomersModule, LinksModule, SuppressionsModule, TemplatesModule, MailModule],
  entities: [Message],
  tables: { reads: ['campaign', 'customer', 'support_case', 'suppressed_address', 'suppression'] },
  controllers: [MessagesController, UnsubscribeController],
  providers: [MessagesService, MessageSender],
  exports: [MessagesService],
  access: {
    message: {
      director: 'all',
      'branch-manager': 'branch',
      marketer: 'branch',
      'data-reader': { read: 'all' },
    },
  },
})
export class MessagesModule {}
