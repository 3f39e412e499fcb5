import { ServiceModule } from '@quen/chassis';
import { CustomersModule } from './audience/customers/customers.module.js';
import { SegmentsModule } from './audience/segments/segments.module.js';
import { SuppressionsModule } from './audience/suppressions/suppressions.module.js';
import { ChannelsModule } from './demand/channels/channels.module.js';
import { LeadsModule } from './demand/leads/leads.module.js';
import { CampaignsModule } from './outreach/campaigns/campaigns.module.js';
import { LinksModule } from './outreach/links/links.module.js';
import { MailModule } from './outreach/mail/mail.module.js';
import { MessagesModule } from './outreach/messages/messages.module.js';
import { ResponsesModule } from './outreach/responses/responses.module.js';
import { ResultsModule } from './outreach/results/results.module.js';
import { TemplatesModule } from './outreach/templates/templates.module.js';
import { TestSendsModule } from './outreach/test-sends/test-sends.module.js';
import { StaffModule } from './replicas/staff/staff.module.js';

/** Segments, campaigns with their messages and answers, and leads until a sales channel has them. */
@ServiceModule({
  name: 'marketing',
  title: 'Quen Marketing',
  description:
    'Segments that follow the customers, campaigns with a budget and a send gate, answers that become leads, and leads routed to the sales channel that earns most from them.',
  migrations: import.meta.dirname,
  staffReplica: true,
  forms: true,
  slices: [
    // audience
    CustomersModule,
    SegmentsModule,
    SuppressionsModule,
    // outreach
    CampaignsModule,
    MessagesModule,
    ResponsesModule,
    ResultsModule,
    MailModule,
    LinksModule,
    TemplatesModule,
    TestSendsModule,
    // demand
    ChannelsModule,
    LeadsModule,
    // replicas
    StaffModule,
  ],
})
export class MarketingModule {}
