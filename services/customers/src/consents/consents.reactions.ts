import { CustomerUnsubscribed } from '@quen/events';
import { On, Reactions, type Received, type Transaction } from '@quen/messaging';
import { ConsentsService } from './consents.service.js';

/** What customers answer through other services. */
@Reactions('crm.customers.consents')
export class ConsentsReactions {
  constructor(private readonly consents: ConsentsService) {}

  @On(CustomerUnsubscribed)
  async withdraw({ data, occurredAt }: Received<CustomerUnsubscribed>, tx: Transaction): Promise<void> {
    await this.consents.unsubscribe(tx, data.customerId, data.channel, occurredAt, data.messageId);
  }
}
