import { Injectable } from '@nestjs/common';
import {
  choice,
  Database,
  defineList,
  find,
  instant,
  lock,
  page,
  text,
  uuid,
  type Page,
  type ParsedList,
} from '@quen/chassis';
import { build, contactChannels, CustomerUnsubscribed } from '@quen/events';
import { defineProblem, Events, type Transaction } from '@quen/messaging';
import { CustomersService } from '../../audience/customers/customers.service.js';
import { SuppressionsService } from '../../audience/suppressions/suppressions.service.js';
import { CampaignsService } from '../campaigns/campaigns.service.js';
import { LinksService } from '../links/links.service.js';
import { Message, messageStatuses } from './message.entity.js';

export { Message };

const noMessage = defineProblem('unprocessable', 'no_message', {
  en: 'This customer got no message of campaign {code}.',
  vi: 'Khách hàng này không có tin nào của chiến dịch {code}.',
});

export const messageList = defineList({
  entity: Message,
  fields: {
    status: choice(messageStatuses),
    reason: text(),
    channel: choice(contactChannels),
    customerId: uuid(),
    sentAt: instant(),
  },
  sort: ['createdAt', 'sentAt'],
  defaultSort: 'createdAt',
});

/** Messages of campaigns, and what customers do with the links in them. */
@Injectable()
export class MessagesService {
  constructor(
    private readonly database: Database,
    private readonly events: Events,
    private readonly campaigns: CampaignsService,
    private readonly customers: CustomersService,
    private readonly links: LinksService,
    private readonly suppressions: SuppressionsService,
  ) {}

  /** Messages of a campaign, to customers whom the caller reaches. */
  list(campaignId: string, query: ParsedList): Promise<Page<Message>> {
    return this.database.read(async (tx) => {
      await this.campaigns.get(campaignId);
      return page(tx, messageList, query, {
        where: `campaign_id = $1 and (quen_scope() = 'all' or exists (select 1 from customer c where c.id = e.customer_id))`,
        params: [campaignId],
      });
    });
  }

  /** The language in which to speak to whom an unsubscribe link was sent. @throws Problem link_invalid */
  async unsubscribeLanguage(token: string): Promise<'vi' | 'en'> {
    const id = await this.links.messageOf('unsubscribe', token);
    return this.database.elevated(async (tx) =>
      languageOf(await this.customers.get(tx, (await find(tx, Message, id)).customerId)),
    );
  }

  /**
   * Ends advertising on the message's channel at once, for its customer and for every record that has the address. The
   * owner of consents is told of each
   * record whose mails go to this mailbox. Doing it twice changes nothing. @throws Problem link_invalid
   */
  async unsubscribe(token: string): Promise<'vi' | 'en'> {
    const id = await this.links.messageOf('unsubscribe', token);
    return this.database.elevated(async (tx) => {
      const { customerId, campaignId, channel, address, unsubscribedAt } = await lock(tx, Message, id);
      const customer = await this.customers.get(tx, customerId);
      const isNew = await this.suppressions.suppress(tx, {
        customerId,
        address,
        channel,
        reason: 'Unsubscribed by the link in a message',
        origin: 'unsubscribe',
      });
      if (!isNew && unsubscribedAt) return languageOf(customer);
      await tx.query('update message set unsubscribed_at = coalesce(unsubscribed_at, now()) where id = $1', [id]);
      const others = address === null ? [] : await this.customers.othersMailedAt(tx, address, customerId);
      const facts = [customerId, ...others].map((each) =>
        build(CustomerUnsubscribed, { messageId: id, campaignId, customerId: each, channel }),
      );
      await this.events.publish(tx, { version: await this.bump(tx, id) }, ...facts);
      return languageOf(customer);
    });
  }

  /** Notes that the link of a message was visited, the first time, and says whose message it is. */
  async noteClick(tx: Transaction, id: string): Promise<string> {
    await tx.query('update message set clicked_at = now() where id = $1 and clicked_at is null', [id]);
    return (await find(tx, Message, id)).customerId;
  }

  /** The newest message of a campaign to a customer, locked. @throws Problem no_message */
  async lockNewest(tx: Transaction, campaign: { id: string; code: string }, customerId: string): Promise<Message> {
    const found = await tx.findOne(Message, {
      where: { campaignId: campaign.id, customerId },
      order: { createdAt: 'DESC' },
    });
    if (!found) throw noMessage({ code: campaign.code });
    return lock(tx, Message, found.id);
  }

  /** Locks one message. */
  lock(tx: Transaction, id: string): Promise<Message> {
    return lock(tx, Message, id);
  }

  /** The message's next version, for a fact about it; call it with the row locked. */
  async bump(tx: Transaction, id: string): Promise<number> {
    const [[row]]: [{ version: number }[], number] = await tx.query(
      'update message set version = version + 1 where id = $1 returning version',
      [id],
    );
    return row!.version;
  }
}

function languageOf(customer: { language: string | null }): 'vi' | 'en' {
  return customer.language === 'en' ? 'en' : 'vi';
}
