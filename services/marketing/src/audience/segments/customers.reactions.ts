import { CaseState, CustomerInsightState, CustomerState } from '@quen/events';
import { OnBatch, Reactions, type Received, type Transaction } from '@quen/messaging';
import { CustomersService } from '../customers/customers.service.js';
import { SuppressionsService } from '../suppressions/suppressions.service.js';
import { SegmentsService } from './segments.service.js';

/**
 * Keeps the replica of customers and, in the same transaction, the segments that a change moves a customer into or out
 * of, and what their suppressions cover.
 */
@Reactions('crm.marketing.customer-replica')
export class CustomersReactions {
  constructor(
    private readonly customers: CustomersService,
    private readonly segments: SegmentsService,
    private readonly suppressions: SuppressionsService,
  ) {}

  @OnBatch(CustomerState)
  async takeCustomers(events: Received<CustomerState | null>[], tx: Transaction): Promise<void> {
    await this.segments.beginUpkeep(tx);
    const touched = await this.customers.takeCustomers(tx, events);
    await this.suppressions.follow(tx, touched);
    await this.segments.evaluateTouched(tx, touched);
  }

  @OnBatch(CustomerInsightState)
  async takeInsights(events: Received<CustomerInsightState | null>[], tx: Transaction): Promise<void> {
    await this.segments.beginUpkeep(tx);
    await this.segments.evaluateTouched(tx, await this.customers.takeInsights(tx, events));
  }

  @OnBatch(CaseState)
  async takeCases(events: Received<CaseState | null>[], tx: Transaction): Promise<void> {
    await this.segments.beginUpkeep(tx);
    await this.segments.evaluateTouched(tx, await this.customers.takeCases(tx, events));
  }
}
