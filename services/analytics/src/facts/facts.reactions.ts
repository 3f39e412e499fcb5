import {
  CaseOpened,
  CaseRated,
  CaseReopened,
  CaseSolved,
  GoodsReturned,
  MessageRefused,
  MessageSent,
  OrderConfirmed,
  PaymentReceived,
  ResponseReceived,
} from '@quen/events';
import { OnBatch, Reactions, type Received, type Transaction } from '@quen/messaging';
import { AnalyticsConfig } from '../analytics.config.js';
import { FactRows, type Fact } from './fact-rows.js';
import { FactsService } from './facts.service.js';
import { ServiceCosts } from './service-costs.js';

/** Fills the store from every service's facts. */
@Reactions('crm.analytics.facts')
export class FactsReactions {
  private readonly rows: FactRows;

  constructor(
    private readonly facts: FactsService,
    config: AnalyticsConfig,
  ) {
    this.rows = new FactRows(
      config.REPORTING_CURRENCY,
      new ServiceCosts(config.COST_PER_WORKED_MINUTE, config.COST_PER_CONTACT),
    );
  }

  @OnBatch(OrderConfirmed)
  @OnBatch(GoodsReturned)
  @OnBatch(PaymentReceived)
  @OnBatch(MessageSent)
  @OnBatch(MessageRefused)
  @OnBatch(ResponseReceived)
  @OnBatch(CaseOpened)
  @OnBatch(CaseSolved)
  @OnBatch(CaseReopened)
  @OnBatch(CaseRated)
  async take(events: Received<Fact>[], tx: Transaction): Promise<void> {
    await this.facts.store(
      tx,
      events.map((event) => this.rows.of(event)),
    );
  }
}
