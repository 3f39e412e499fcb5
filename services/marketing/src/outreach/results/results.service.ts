import { Injectable } from '@nestjs/common';
import { Database } from '@quen/chassis';
import type { Transaction } from '@quen/messaging';
import { MarketingConfig } from '../../marketing.config.js';
import { CampaignsService } from '../campaigns/campaigns.service.js';
import { returnOf } from './campaign-return.js';
import type { CampaignResults } from './results.dto.js';
import { countResults, enterFollowing, enterOrder, type Entry } from './results.queries.js';

/** What campaigns brought, from what sales publishes. */
@Injectable()
export class ResultsService {
  constructor(
    private readonly database: Database,
    private readonly campaigns: CampaignsService,
    private readonly config: MarketingConfig,
  ) {}

  /**
   * Enters an order, payment or return for the campaign that may claim it. @param at when it was confirmed or booked
   */
  async enter(tx: Transaction, entry: Entry, at: Date): Promise<void> {
    if (entry.kind === 'order')
      await enterOrder(tx, entry, {
        days: this.config.ATTRIBUTION_DAYS,
        confirmedAt: at,
      });
    else await enterFollowing(tx, entry);
  }

  /**
   * A campaign's results as they stand. Whoever may see the campaign sees them whole, whichever branch its customers
   * belong to.
   */
  of(campaignId: string): Promise<CampaignResults> {
    return this.database.read(async () => {
      const campaign = await this.campaigns.get(campaignId);
      const counted = await this.database.elevated((tx) => countResults(tx, campaignId));
      const cost = campaign.money(campaign.spent);
      const status = (name: string): number => counted.byStatus[name] ?? 0;
      return {
        campaignId,
        audience: campaign.audience,
        queued: status('queued') + status('sending'),
        sent: status('sent'),
        unconfirmed: status('unconfirmed'),
        refused: status('refused'),
        refusedByReason: counted.refused,
        clicks: counted.clicks,
        responses: total(counted.responses),
        responsesByWay: counted.responses,
        unsubscribed: counted.unsubscribed,
        leads: total(counted.leads),
        leadsByStatus: counted.leads,
        cost,
        ...returnOf(counted.entries, cost),
      };
    });
  }
}

function total(counts: Record<string, number>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
