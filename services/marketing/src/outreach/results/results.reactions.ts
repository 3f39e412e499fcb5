import { GoodsReturned, OrderConfirmed, PaymentReceived } from '@quen/events';
import { On, Reactions, type Received, type Transaction } from '@quen/messaging';
import { orderEntry, paymentEntry, returnEntry } from './results.queries.js';
import { ResultsService } from './results.service.js';

/** Keeps the ledger of what campaigns brought. A firm's imported history is nobody's merit. */
@Reactions('crm.marketing.campaign-results')
export class ResultsReactions {
  constructor(private readonly results: ResultsService) {}

  @On(OrderConfirmed)
  async order({ data, occurredAt }: Received<OrderConfirmed>, tx: Transaction): Promise<void> {
    if (data.origin === 'entry') await this.results.enter(tx, orderEntry(data), occurredAt);
  }

  @On(PaymentReceived)
  async payment({ data, occurredAt }: Received<PaymentReceived>, tx: Transaction): Promise<void> {
    if (data.origin !== 'import') await this.results.enter(tx, paymentEntry(data), occurredAt);
  }

  @On(GoodsReturned)
  async goods({ data, occurredAt }: Received<GoodsReturned>, tx: Transaction): Promise<void> {
    if (data.origin === 'entry') await this.results.enter(tx, returnEntry(data), occurredAt);
  }
}
