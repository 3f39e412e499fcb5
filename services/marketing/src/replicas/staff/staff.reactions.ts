import { StaffState } from '@quen/events';
import { OnBatch, Reactions, type Received, type Transaction } from '@quen/messaging';
import { StaffService } from './staff.service.js';

/** Keeps the mailboxes of the staff. */
@Reactions('crm.marketing.staff-replica')
export class StaffReplica {
  constructor(private readonly staff: StaffService) {}

  @OnBatch(StaffState)
  copy(events: Received<StaffState | null>[], tx: Transaction): Promise<void> {
    return this.staff.take(tx, events);
  }
}
