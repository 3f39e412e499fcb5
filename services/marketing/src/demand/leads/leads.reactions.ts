import {
  LeadAccepted,
  LeadAssigned,
  LeadConverted,
  LeadDeclined,
  OpportunityLost,
  OpportunityReopened,
  OpportunityWon,
} from '@quen/events';
import { On, Reactions, type Received, type Transaction } from '@quen/messaging';
import { LeadsService } from './leads.service.js';

/** Learns what sales did with the leads: who took them, who did not, and how they ended. */
@Reactions('crm.marketing.lead-outcomes')
export class LeadsReactions {
  constructor(private readonly leads: LeadsService) {}

  @On(LeadAccepted)
  accept({ data }: Received<LeadAccepted>, tx: Transaction): Promise<void> {
    return this.leads.accepted(tx, data.leadId, data.ownerId);
  }

  @On(LeadAssigned)
  assign({ data }: Received<LeadAssigned>, tx: Transaction): Promise<void> {
    return this.leads.assigned(tx, data.leadId, data.ownerId);
  }

  @On(LeadDeclined)
  decline({ data }: Received<LeadDeclined>, tx: Transaction): Promise<void> {
    return this.leads.declined(tx, data.leadId, data.reason);
  }

  @On(LeadConverted)
  convert({ data }: Received<LeadConverted>, tx: Transaction): Promise<void> {
    return this.leads.converted(tx, data.leadId);
  }

  @On(OpportunityWon)
  async win({ data }: Received<OpportunityWon>, tx: Transaction): Promise<void> {
    if (data.leadId) await this.leads.decided(tx, data.leadId, 'won', data.amount);
  }

  @On(OpportunityLost)
  async lose({ data }: Received<OpportunityLost>, tx: Transaction): Promise<void> {
    if (data.leadId) await this.leads.decided(tx, data.leadId, 'lost');
  }

  @On(OpportunityReopened)
  async reopen({ data }: Received<OpportunityReopened>, tx: Transaction): Promise<void> {
    if (data.leadId) await this.leads.reopened(tx, data.leadId);
  }
}
