import { CaseState } from '@quen/events';
import { OnBatch, Reactions, type Received, type Transaction } from '@quen/messaging';
import { CaseStatesService } from './case-states.service.js';

/** Keeps of each case what insights count. */
@Reactions('crm.analytics.cases')
export class CaseStatesReactions {
  constructor(private readonly cases: CaseStatesService) {}

  @OnBatch(CaseState) async take(received: Received<CaseState | null>[], tx: Transaction): Promise<void> {
    await this.cases.take(tx, received);
  }
}
