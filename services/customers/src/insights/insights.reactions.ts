import { CustomerInsightState } from '@quen/events';
import { OnBatch, Reactions, type Received, type Transaction } from '@quen/messaging';
import { InsightsService } from './insights.service.js';

/** Keeps the replica of insights. */
@Reactions('crm.customers.insights')
export class InsightsReactions {
  constructor(private readonly insights: InsightsService) {}

  @OnBatch(CustomerInsightState)
  async copy(events: Received<CustomerInsightState | null>[], tx: Transaction): Promise<void> {
    await this.insights.copy(tx, events);
  }
}
