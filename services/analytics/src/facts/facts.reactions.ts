import { CaseAnswered, CaseAssigned, CaseOpened, CaseRated, CaseReopened, CaseSolved, CustomerUnsubscribed, DeadlineBreached, GoodsDelivered, GoodsReturned, InvoiceIssued, MessageRefused, MessageSent, OrderConfirmed, PaymentReceived, ResponseReceived } from '@quen/events';
import { OnBatch, Reactions, type Received, type Transaction } from '@quen/messaging';
import { AnalyticsConfig } from '../analytics.config.js';
import { FactRows } from './fact-rows.js';
import { FactsService } from './facts.service.js';

/** Fills the store from every service's facts. */
@Reactions('crm.analytics.facts', { ignores: [CustomerUnsubscribed, GoodsDelivered, InvoiceIssued, CaseAssigned, CaseAnswered, DeadlineBreached] })
export class FactsReactions {
  private readonly rows: FactRows;

  constructor(private readonly facts: FactsService, config: AnalyticsConfig) {
    this.rows = new FactRows(config.REPORTING_CURRENCY, config.COST_PER_WORKING_MINUTE);
  }

  @OnBatch(OrderConfirmed) async ordered(events: Received<OrderConfirmed>[], tx: Transaction): Promise<void> {
    await this.facts.store(tx, 'sales_fact', events.map((event) => this.rows.ordered(event)));
  }

  @OnBatch(GoodsReturned) async returned(events: Received<GoodsReturned>[], tx: Transaction): Promise<void> {
    await this.facts.store(tx, 'sales_fact', events.map((event) => this.rows.returned(event)));
  }

  @OnBatch(PaymentReceived) async paid(events: Received<PaymentReceived>[], tx: Transaction): Promise<void> {
    await this.facts.store(tx, 'payment_fact', events.map((event) => this.rows.paid(event)));
  }

  @OnBatch(MessageSent) async sent(events: Received<MessageSent>[], tx: Transaction): Promise<void> {
    await this.facts.store(tx, 'market_fact', events.map((event) => this.rows.marketed(event)));
  }

  @OnBatch(MessageRefused) async refused(events: Received<MessageRefused>[], tx: Transaction): Promise<void> {
    await this.facts.store(tx, 'market_fact', events.map((event) => this.rows.marketed(event)));
  }

  @OnBatch(ResponseReceived) async answered(events: Received<ResponseReceived>[], tx: Transaction): Promise<void> {
    await this.facts.store(tx, 'market_fact', events.map((event) => this.rows.marketed(event)));
  }

  @OnBatch(CaseOpened) async opened(events: Received<CaseOpened>[], tx: Transaction): Promise<void> {
    await this.facts.store(tx, 'service_fact', events.map((event) => this.rows.served('opened', event)));
  }

  @OnBatch(CaseSolved) async solved(events: Received<CaseSolved>[], tx: Transaction): Promise<void> {
    await this.facts.store(tx, 'service_fact', events.map((event) => this.rows.served('solved', event)));
  }

  @OnBatch(CaseReopened) async reopened(events: Received<CaseReopened>[], tx: Transaction): Promise<void> {
    await this.facts.store(tx, 'service_fact', events.map((event) => this.rows.served('reopened', event)));
  }

  @OnBatch(CaseRated) async rated(events: Received<CaseRated>[], tx: Transaction): Promise<void> {
    await this.facts.store(tx, 'service_fact', events.map((event) => this.rows.served('rated', event)));
  }
}
