import type { Reason } from '@quen/events';
import type { Transaction } from '@quen/messaging';
import type { ChannelCandidate } from './lead-routing.js';
import type { ScoreFacts } from './lead-score.js';
import type { Lead } from './lead.entity.js';

/** A channel as a candidate, with what the event tells of it. */
export type Candidate = ChannelCandidate & {
  kind: 'agent' | 'point-of-sale' | 'collaborator' | 'branch' | 'call-centre' | 'web';
  ownerId: string | null;
};

/** One channel that a lead was with. */
export interface RouteRow {
  leadId: string;
  n: number;
  channelId: string;
  /** The channel's code when it got the lead. */
  channelCode: string;
  currency: string;
  expectedMargin: string;
  reasons: Reason[];
  status: 'routed' | 'accepted' | 'declined';
  answer: string | null;
  routedAt: Date;
  answeredAt: Date | null;
}

/** What leads are scored by, for several at once. */
export async function scoreFacts(tx: Transaction, leads: readonly Lead[]): Promise<Map<string, ScoreFacts>> {
  const rows: ({ id: string } & ScoreFacts)[] = await tx.query(
    `
    select l.id, l.category, l.source, l.interest, l.last_intent_at as "lastIntentAt", c.rank, c.lifecycle,
      coalesce(cardinality(c.phones) > 0, false) as "hasPhone", coalesce(cardinality(c.marketing_channels) > 0, false) as "marketingConsent",
      (c.industry is not null or c.field is not null) as "industryKnown", coalesce(c.open_severe_complaints, 0) as "openSevereComplaints",
      (select count(*)::int from response r where r.customer_id = l.customer_id and r.created_at > now() - interval '90 days') as "recentResponses"
    from jsonb_to_recordset($1::jsonb) as l (id uuid, customer_id uuid, category text, source text, interest text, last_intent_at timestamptz)
    left join customer c on c.id = l.customer_id`,
    [
      JSON.stringify(
        leads.map((lead) => ({
          id: lead.id,
          customer_id: lead.customerId,
          category: lead.category,
          source: lead.source,
          interest: lead.interest,
          last_intent_at: lead.lastIntentAt,
        })),
      ),
    ],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/**
 * Every active channel as a candidate for a lead, and the customer's province. What the day has room for is only
 * certain once {@link takePlace} said so.
 */
export async function candidates(
  tx: Transaction,
  lead: Lead,
): Promise<{ province: string | null; channels: Candidate[] }> {
  const [customer]: { province: string | null; branch_id: string | null }[] = await tx.query(
    'select province, branch_id from customer where id = $1',
    [lead.customerId],
  );
  const channels: Candidate[] = await tx.query(
    `
    select s.id, s.code, s.kind, s.branch_id as "branchId", s.owner_id as "ownerId", s.currency, s.provinces, s.capacity_per_day as "capacityPerDay",
      s.cost_per_lead as "costPerLead", s.expected_order_value as "expectedOrderValue", s.expected_conversion::float8 as "expectedConversion", s.expected_margin_rate::float8 as "expectedMarginRate",
      coalesce(r.won, 0) as won, coalesce(r.lost, 0) as lost, coalesce(r.won_amount, 0)::text as "wonAmount", coalesce(r.valued, 0) as valued,
      coalesce(t.routed, 0) as "routedToday",
      exists (select 1 from lead_route d where d.channel_id = s.id and d.lead_id = $1 and d.status = 'declined') as declined,
      (s.branch_id = $3 or exists (select 1 from branch own join branch above on own.path like above.path || '.%' and above.path like '%.%' where own.id = $3 and above.id = s.branch_id)) as "sameBranch"
    from sales_channel s left join channel_record r on r.channel_id = s.id and r.category = $2
    left join channel_day t on t.channel_id = s.id and t.day = quen_today()
    where s.active`,
    [lead.id, lead.category, customer?.branch_id ?? null],
  );
  return { province: customer?.province ?? null, channels };
}

/**
 * Takes a place in the channel's day for a lead, as two leads at once may want the last one. @returns false when the
 * day is full by now
 */
export async function takePlace(tx: Transaction, { id, capacityPerDay }: Candidate): Promise<boolean> {
  const taken: object[] = await tx.query(
    `
    insert into channel_day as d (channel_id, day, routed) select $1, quen_today(), 1 where $2::int > 0
    on conflict (channel_id, day) do update set routed = d.routed + 1 where d.routed < $2 returning d.routed`,
    [id, capacityPerDay],
  );
  return taken.length > 0;
}

/** Notes where a lead went. */
export async function addRoute(
  tx: Transaction,
  leadId: string,
  route: Pick<RouteRow, 'channelId' | 'channelCode' | 'currency' | 'expectedMargin' | 'reasons'>,
): Promise<void> {
  await tx.query(
    `
    insert into lead_route (lead_id, n, channel_id, channel_code, currency, expected_margin, reasons, status)
    select $1, coalesce(max(n), 0) + 1, $2, $3, $4, $5, $6::jsonb, 'routed' from lead_route where lead_id = $1`,
    [leadId, route.channelId, route.channelCode, route.currency, route.expectedMargin, JSON.stringify(route.reasons)],
  );
}

/** Notes what the channel that has the lead said. */
export async function answerRoute(
  tx: Transaction,
  leadId: string,
  status: 'accepted' | 'declined',
  answer: string | null,
): Promise<void> {
  await tx.query(
    `
    update lead_route set status = $2, answer = $3, answered_at = now()
    where lead_id = $1 and n = (select max(n) from lead_route where lead_id = $1) and status <> 'declined'`,
    [leadId, status, answer],
  );
}

/** Every channel that the leads were with, the newest first. */
export async function routesOf(tx: Transaction, leadIds: readonly string[]): Promise<RouteRow[]> {
  return tx.query(
    `
    select r.lead_id as "leadId", r.n, r.channel_id as "channelId", r.channel_code as "channelCode", r.currency, r.expected_margin as "expectedMargin", r.reasons, r.status, r.answer,
      r.routed_at as "routedAt", r.answered_at as "answeredAt"
    from lead_route r where r.lead_id = any($1) order by r.lead_id, r.n desc`,
    [leadIds],
  );
}
