import { CustomerInsightState, CustomerState } from '@quen/events';
import { OnBatch, Reactions, type Received, type Transaction } from '@quen/messaging';
import { CustomersService } from '../customers/customers.service.js';
import { CasesService } from './cases.service.js';

/** Keeps the replica of customers, and moves their cases in the queue when their value changes. */
@Reactions('crm.support.customer-replica')
export class CustomerReactions {
  constructor(
    private readonly customers: CustomersService,
    private readonly cases: CasesService,
  ) {}

  @OnBatch(CustomerState) async copy(received: Received<CustomerState | null>[], tx: Transaction): Promise<void> {
    await this.customers.takeStates(tx, received);
  }

  @OnBatch(CustomerInsightState) async rank(
    received: Received<CustomerInsightState | null>[],
    tx: Transaction,
  ): Promise<void> {
    await this.cases.rank(tx, await this.customers.takeInsights(tx, received));
  }
}
