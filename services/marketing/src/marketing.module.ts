import { entityStates, ServiceModule } from '@quen/chassis';
import { CampaignState } from '@quen/events';
import { CampaignExpense } from './campaigns/campaign-expense.entity.js';
import { Campaign } from './campaigns/campaign.entity.js';
import { CampaignsController } from './campaigns/campaigns.controller.js';
import { CampaignsService } from './campaigns/campaigns.service.js';
import { SalesChannel } from './channels/channel.entity.js';
import { ChannelsController } from './channels/channels.controller.js';
import { ChannelsService } from './channels/channels.service.js';
import { Customer } from './customers/customer.entity.js';
import { CustomersService } from './customers/customers.service.js';
import { Lead } from './leads/lead.entity.js';
import { LeadsController } from './leads/leads.controller.js';
import { LeadsReactions } from './leads/leads.reactions.js';
import { LeadsService } from './leads/leads.service.js';
import { LinksService } from './links/links.service.js';
import { MailService } from './mail/mail.service.js';
import { marketingAccess } from './marketing.access.js';
import { Message } from './messages/message.entity.js';
import { MessagesController } from './messages/messages.controller.js';
import { MessagesService } from './messages/messages.service.js';
import { MessageSender } from './messages/sender.js';
import { UnsubscribeController } from './messages/unsubscribe.controller.js';
import { CustomersSegments1795341600000 } from './migrations/20261122100000-customers-segments.js';
import { CampaignsMessages1795342200000 } from './migrations/20261122101000-campaigns-messages.js';
import { LeadsResults1795342800000 } from './migrations/20261122102000-leads-results.js';
import { ChannelDays1795345200000 } from './migrations/20261122110000-channel-days.js';
import { FoldedTexts1795946400000 } from './migrations/20261129100000-folded-texts.js';
import { SuppressedAddresses1795950000000 } from './migrations/20261129110000-suppressed-addresses.js';
import { RowSecurity1795953600000 } from './migrations/20261129111000-row-security.js';
import { ClicksTestSends1795957200000 } from './migrations/20261129112000-clicks-test-sends.js';
import { WonCurrencies1795960800000 } from './migrations/20261129113000-won-currencies.js';
import { ResponseLinkController } from './responses/response-link.controller.js';
import { Response } from './responses/response.entity.js';
import { ResponsesController } from './responses/responses.controller.js';
import { ResponsesService } from './responses/responses.service.js';
import { ResultsController } from './results/results.controller.js';
import { ResultsReactions } from './results/results.reactions.js';
import { ResultsService } from './results/results.service.js';
import { CustomersReactions } from './segments/customers.reactions.js';
import { membershipStates } from './segments/membership.states.js';
import { Segment } from './segments/segment.entity.js';
import { SegmentsController } from './segments/segments.controller.js';
import { SegmentsService } from './segments/segments.service.js';
import { StaffReplica } from './staff/staff.reactions.js';
import { StaffService } from './staff/staff.service.js';
import { Suppression } from './suppressions/suppression.entity.js';
import { SuppressionsController } from './suppressions/suppressions.controller.js';
import { SuppressionsService } from './suppressions/suppressions.service.js';
import { TemplatesService } from './templates/templates.service.js';
import { TestSendsService } from './test-sends/test-sends.service.js';

/** Segments, campaigns with their messages and answers, and leads until a sales channel has them. */
@ServiceModule({
  name: 'marketing',
  title: 'Quen Marketing',
  forms: true,
  description:
    'Segments that follow the customers, campaigns with a budget and a send gate, answers that become leads, and leads routed to the sales channel that earns most from them.',
  entities: [Customer, Segment, Suppression, Campaign, CampaignExpense, Message, Response, SalesChannel, Lead],
  migrations: [
    CustomersSegments1795341600000,
    CampaignsMessages1795342200000,
    LeadsResults1795342800000,
    ChannelDays1795345200000,
    FoldedTexts1795946400000,
    SuppressedAddresses1795950000000,
    RowSecurity1795953600000,
    ClicksTestSends1795957200000,
    WonCurrencies1795960800000,
  ],
  states: [entityStates(CampaignState, Campaign), membershipStates],
  access: marketingAccess,
  controllers: [
    SegmentsController,
    CampaignsController,
    MessagesController,
    ResponsesController,
    ResultsController,
    SuppressionsController,
    ChannelsController,
    LeadsController,
    ResponseLinkController,
    UnsubscribeController,
    CustomersReactions,
    LeadsReactions,
    ResultsReactions,
    StaffReplica,
  ],
  providers: [
    CustomersService,
    SegmentsService,
    SuppressionsService,
    CampaignsService,
    MailService,
    LinksService,
    MessagesService,
    MessageSender,
    ResponsesService,
    ChannelsService,
    LeadsService,
    ResultsService,
    StaffService,
    TemplatesService,
    TestSendsService,
  ],
  tags: [
    { name: 'segments', description: 'Groups of customers by rule or by list, kept up event by event.' },
    {
      name: 'campaigns',
      description:
        'An approved message to a segment within a period and a budget; what was sent, refused, answered, earned.',
    },
    { name: 'suppressions', description: 'Who gets no advertising, whatever consent says.' },
    { name: 'leads', description: 'Interest of customers: captured, scored and routed, with reasons.' },
    { name: 'channels', description: 'Sales channels to which leads are routed.' },
    { name: 'links', description: 'What the links in mails lead to.' },
  ],
})
export class MarketingModule {}
