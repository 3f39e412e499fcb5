import { CustomerInsightState } from '@quen/events';
import { OnBatch, Reactions, type Received, type Transaction } from '@quen/messaging';
import { InsightsService } from '../insights/insights.service.js';
import { CustomersService } from './customers.service.js';

/**
 * Moves the life-cycle stage of customers by what they bought. A group of its own, since it changes customers and not a
 * replica.
 */
@Reactions('crm.customers.lifecycle')
export class LifecycleReactions {
  constructor(
    private readonly customers: CustomersService,
    private readonly insights: InsightsService,
  ) {}

  @OnBatch(CustomerInsightState)
  async move(events: Received<CustomerInsightState | null>[], tx: Transaction): Promise<void> {
    await this.customers.followPurchases(tx, await this.insights.newest(tx, events));
  }
}
