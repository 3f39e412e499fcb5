import {
  CaseAnswered,
  CaseAssigned,
  CaseOpened,
  CaseRated,
  CaseReopened,
  CaseSolved,
  ConsentGiven,
  ConsentWithdrawn,
  ContractEnded,
  ContractSigned,
  CustomerCorrected,
  CustomerRanked,
  CustomerRegistered,
  CustomerUnsubscribed,
  DeadlineBreached,
  GoodsDelivered,
  GoodsReturned,
  InvoiceIssued,
  LeadAccepted,
  LeadAssigned,
  LeadCaptured,
  LeadConverted,
  LeadDeclined,
  LeadRouted,
  LeadScored,
  MessageRefused,
  MessageSent,
  OpportunityLost,
  OpportunityOpened,
  OpportunityReopened,
  OpportunityStageChanged,
  OpportunityWon,
  OrderConfirmed,
  OwnershipChanged,
  PaymentReceived,
  QuoteAccepted,
  QuoteIssued,
  QuoteRefused,
  ResponseReceived,
} from '@quen/events';
import { OnBatch, Reactions, type Received, type Transaction } from '@quen/messaging';
import type { CustomerEvent } from './timeline-entry.js';
import { TimelineService } from './timeline.service.js';

/** Every fact of every service that tells of a customer goes into the customer's timeline. */
@Reactions('crm.customers.timeline')
export class TimelineReactions {
  constructor(private readonly timeline: TimelineService) {}

  @OnBatch(CustomerRegistered)
  @OnBatch(CustomerCorrected)
  @OnBatch(ConsentGiven)
  @OnBatch(ConsentWithdrawn)
  @OnBatch(OwnershipChanged)
  @OnBatch(MessageSent)
  @OnBatch(MessageRefused)
  @OnBatch(ResponseReceived)
  @OnBatch(CustomerUnsubscribed)
  @OnBatch(LeadCaptured)
  @OnBatch(LeadScored)
  @OnBatch(LeadRouted)
  @OnBatch(LeadAccepted)
  @OnBatch(LeadAssigned)
  @OnBatch(LeadDeclined)
  @OnBatch(LeadConverted)
  @OnBatch(OpportunityOpened)
  @OnBatch(OpportunityStageChanged)
  @OnBatch(OpportunityWon)
  @OnBatch(OpportunityLost)
  @OnBatch(OpportunityReopened)
  @OnBatch(QuoteIssued)
  @OnBatch(QuoteAccepted)
  @OnBatch(QuoteRefused)
  @OnBatch(ContractSigned)
  @OnBatch(ContractEnded)
  @OnBatch(OrderConfirmed)
  @OnBatch(GoodsDelivered)
  @OnBatch(InvoiceIssued)
  @OnBatch(PaymentReceived)
  @OnBatch(GoodsReturned)
  @OnBatch(CaseOpened)
  @OnBatch(CaseAssigned)
  @OnBatch(CaseAnswered)
  @OnBatch(CaseSolved)
  @OnBatch(CaseReopened)
  @OnBatch(DeadlineBreached)
  @OnBatch(CaseRated)
  @OnBatch(CustomerRanked)
  async enter(events: Received<CustomerEvent>[], tx: Transaction): Promise<void> {
    await this.timeline.enter(tx, events);
  }
}
