import { Injectable } from '@nestjs/common';
import {
  choice,
  Database,
  defineList,
  instant,
  page,
  uuid,
  type Page,
  type ParsedList,
  type Principal,
} from '@quen/chassis';
import { build, ResponseReceived } from '@quen/events';
import { Events, newId, type Transaction } from '@quen/messaging';
import { CustomersService } from '../../audience/customers/customers.service.js';
import { LeadsService } from '../../demand/leads/leads.service.js';
import { CampaignsService, type Campaign } from '../campaigns/campaigns.service.js';
import { LinksService, type PageLanguage } from '../links/links.service.js';
import { MessagesService, type Message } from '../messages/messages.service.js';
import { Response } from './response.entity.js';
import type { RecordResponse } from './responses.dto.js';

export const responseList = defineList({
  entity: Response,
  fields: { via: choice(['link', 'manual', 'reply']), customerId: uuid(), createdAt: instant() },
  sort: ['createdAt'],
  defaultSort: '-createdAt',
});

/** Answers to campaigns; each becomes a lead, or renews the one that is open. */
@Injectable()
export class ResponsesService {
  constructor(
    private readonly database: Database,
    private readonly events: Events,
    private readonly campaigns: CampaignsService,
    private readonly customers: CustomersService,
    private readonly messages: MessagesService,
    private readonly leads: LeadsService,
    private readonly links: LinksService,
  ) {}

  list(campaignId: string, query: ParsedList): Promise<Page<Response>> {
    return this.database.read(async (tx) => {
      await this.campaigns.get(campaignId);
      return page(tx, responseList, query, {
        where: `campaign_id = $1 and (quen_scope() = 'all' or exists (select 1 from customer c where c.id = e.customer_id))`,
        params: [campaignId],
      });
    });
  }

  /** Notes what a customer answered by other ways than the link. @throws Problem not_found, no_message */
  record(campaignId: string, body: RecordResponse, by: Principal): Promise<Response> {
    return this.database.transaction(async (tx) => {
      const campaign = await this.campaigns.get(campaignId);
      await this.customers.get(tx, body.customerId);
      const message = await this.messages.lockNewest(tx, campaign, body.customerId);
      return this.take(tx, campaign, message, { via: 'manual', note: body.note ?? null, createdBy: by.subject });
    });
  }

  /**
   * Notes that the link in a message was visited, by its reader or by a program that scans mails, and says in which
   * language to ask. @throws Problem link_invalid
   */
  async visit(token: string): Promise<PageLanguage> {
    const id = await this.links.messageOf('response', token);
    return this.database.elevated(async (tx) =>
      languageOf(await this.customers.get(tx, await this.messages.noteClick(tx, id))),
    );
  }

  /**
   * Notes that the reader of a message answered by its link, the first time, and says where it leads: to the campaign's
   * page, or undefined for a word of thanks.
   * @throws Problem link_invalid
   */
  async answer(token: string): Promise<{ landingUrl: string | undefined; language: PageLanguage }> {
    const id = await this.links.messageOf('response', token);
    return this.database.elevated(async (tx) => {
      const message = await this.messages.lock(tx, id);
      const campaign = await this.campaigns.get(message.campaignId);
      const customer = await this.customers.get(tx, message.customerId);
      const before = await tx.existsBy(Response, { messageId: id, via: 'link' });
      if (!before && customer.code !== null)
        await this.take(tx, campaign, message, { via: 'link', note: null, createdBy: null });
      return { landingUrl: landingPage(campaign), language: languageOf(customer) };
    });
  }

  private async take(
    tx: Transaction,
    campaign: Campaign,
    message: Message,
    how: Pick<Response, 'via' | 'note' | 'createdBy'>,
  ): Promise<Response> {
    const { id: messageId, campaignId, customerId } = message;
    const response = Object.assign(new Response(), { id: newId(), messageId, campaignId, customerId, ...how });
    await tx.insert(Response, response);
    const version = await this.messages.bump(tx, messageId);
    await this.events.publish(
      tx,
      { version },
      build(ResponseReceived, { messageId, campaignId, customerId, via: how.via, note: how.note }),
    );
    await this.leads.captureAnswer(tx, { customerId, campaignId, interest: how.note ?? campaign.name });
    return response;
  }
}

function languageOf(customer: { language: string | null }): PageLanguage {
  return customer.language === 'en' ? 'en' : 'vi';
}

/** Pages that were set before only https was taken are led to no more. */
function landingPage({ landingUrl }: Campaign): string | undefined {
  return landingUrl?.startsWith('https://') ? landingUrl : undefined;
}
