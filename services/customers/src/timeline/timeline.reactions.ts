import { OnBatchOf, Reactions, type Received, type Transaction } from '@quen/messaging';
import { tellsOfCustomer, type CustomerEvent } from './timeline-entry.js';
import { TimelineService } from './timeline.service.js';

/** Every fact of every service that tells of a customer goes into the customer's timeline. */
@Reactions('crm.customers.timeline')
export class TimelineReactions {
  constructor(private readonly timeline: TimelineService) {}

  @OnBatchOf(tellsOfCustomer)
  async enter(events: Received<CustomerEvent>[], tx: Transaction): Promise<void> {
    await this.timeline.enter(tx, events);
  }
}
