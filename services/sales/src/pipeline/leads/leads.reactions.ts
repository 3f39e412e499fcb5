import { LeadRouted } from '@quen/events';
import { newestOfEach, OnBatch, Reactions, type Received, type Transaction } from '@quen/messaging';

/** Takes in the leads that marketing routes to sales. */
@Reactions('crm.sales.lead-intake')
export class LeadIntake {
  /**
   * A lead that was given back may come again by another route; one that somebody works on stays with them.
   * The version of marketing's lead refuses what is older than was seen.
   */
  @OnBatch(LeadRouted)
  async take(events: Received<LeadRouted>[], tx: Transaction): Promise<void> {
    const rows = newestOfEach(events).map(({ data, version, occurredAt }) => ({
      ...data,
      margin: data.expectedMargin.amount,
      currency: data.expectedMargin.currency,
      sourceVersion: version,
      routedAt: occurredAt,
    }));
    await tx.query(
      `insert into lead (id, customer_id, campaign_id, source, channel, channel_code, branch_id, owner_id, interest, score, expected_margin, currency, reasons, status, routed_at, source_version, version)
       select "leadId", "customerId", "campaignId", source, channel, "channelCode", "branchId", "ownerId", interest, score, margin, currency, reasons, 'new', "routedAt", "sourceVersion", 1
       from jsonb_to_recordset($1::jsonb) as r("leadId" uuid, "customerId" uuid, "campaignId" uuid, source text, channel text, "channelCode" text, "branchId" uuid, "ownerId" uuid,
         interest text, score int, margin numeric, currency text, reasons jsonb, "routedAt" timestamptz, "sourceVersion" bigint)
       on conflict (id) do update set channel = excluded.channel, channel_code = excluded.channel_code, branch_id = excluded.branch_id, owner_id = excluded.owner_id, score = excluded.score,
         expected_margin = excluded.expected_margin, currency = excluded.currency, reasons = excluded.reasons, status = 'new', routed_at = excluded.routed_at, accepted_at = null,
         first_response_at = null, declined_at = null, decline_reason = null, source_version = excluded.source_version, version = lead.version + 1, updated_at = now()
       where lead.source_version < excluded.source_version and lead.status in ('new', 'declined')`,
      [JSON.stringify(rows)],
    );
  }
}
