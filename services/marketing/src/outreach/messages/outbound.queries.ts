import { erasedSql } from '@quen/chassis';
import { CustomerState } from '@quen/events';
import type { Transaction } from '@quen/messaging';
import { digestOf } from '../../audience/suppressions/suppressions.service.js';
import type { GateFacts } from './send-gate.js';

/** A message that is due, with all that the gate and the template need. */
export interface Due {
  id: string;
  version: number;
  campaignId: string;
  campaignCode: string;
  customerId: string;
  attempts: number;
  interruptions: number;
  facts: GateFacts;
  customer: {
    code: string | null;
    displayName: string | null;
    title: string | null;
    givenName: string | null;
    familyName: string | null;
    representative: string | null;
    province: string | null;
    rank: string | null;
    language: string | null;
  };
}

/** A message that a worker holds. */
export interface Claimed extends Due {
  address: string;
}

/** How long a claim holds without being renewed. */
export const claimSeconds = 30;

/** Severe complaints stop promotions while open, and for 30 days when their solution was rated 1 or 2. */
const blocking = `kind = 'complaint' and severity in ('high', 'critical')
  and (status not in ('solved', 'closed') or (rating <= 2 and solved_at > now() - interval '30 days'))`;

/** Messages that count for a person's day: those that went out in 24 hours, or are just doing so. */
const recent = `x.channel = m.channel and x.id <> m.id
  and (x.status = 'sending' or (x.status in ('sent', 'unconfirmed') and x.sent_at > now() - interval '24 hours'))`;

/**
 * Locks messages that are due, and their customers, so that what the gate reads stays true until its verdict is
 * written; two workers never get the
 * same message, nor count one person's day at the same time.
 */
export async function takeDue(tx: Transaction, limit: number): Promise<Due[]> {
  const due: { id: string; customer_id: string }[] = await tx.query(
    `
    select m.id, m.customer_id from message m join campaign c on c.id = m.campaign_id and c.status = 'running'
    where m.status = 'queued' and m.due_at <= now() order by m.due_at, m.id limit $1 for update of m skip locked`,
    [limit],
  );
  if (due.length === 0) return [];
  await tx.query('select id from customer where id = any($1) order by id for no key update', [
    due.map((message) => message.customer_id),
  ]);
  // What a record that was merged into another asked for, and got, counts for the one that is left.
  const rows: (Omit<Due, 'facts' | 'customer'> & GateFacts & Due['customer'])[] = await tx.query(
    `
    with recursive member as (
      select unnest($2::uuid[]) as root, unnest($2::uuid[]) as id
      union
      select member.root, merged.id from member join customer merged on merged.merged_into = member.id)
    select m.id, m.version, m.campaign_id as "campaignId", p.code as "campaignCode", m.customer_id as "customerId", m.channel, m.attempts, m.interruptions,
      coalesce(c.version, -1) >= 0 as known, ${erasedSql(CustomerState, 'm.customer_id', 'coalesce(c.version, -1)')} as erased, c.merged_into as "mergedInto", coalesce(c.marketing_channels, '{}') as "marketingChannels",
      c.emails[1] as address,
      (exists (select 1 from suppression s where s.customer_id = any(members.ids) and s.channel = m.channel and s.lifted_at is null)
        or exists (select 1 from suppressed_address a join suppression s on s.id = a.suppression_id and s.channel = m.channel and s.lifted_at is null
          where a.address in (c.emails[1], ${digestOf('c.emails[1]')}))) as suppressed,
      (select count(*)::int from support_case s where s.customer_id = any(members.ids) and ${blocking}) as "blockingComplaints",
      (select count(*)::int from (
        select x.id from message x where x.customer_id = any(members.ids) and ${recent}
        union select x.id from message x where x.address = c.emails[1] and ${recent}) recently) as "sentLastDay",
      c.code, c.display_name as "displayName", c.title, c.given_name as "givenName", c.family_name as "familyName", c.representative, c.province, c.rank, c.language
    from message m join campaign p on p.id = m.campaign_id left join customer c on c.id = m.customer_id
      cross join lateral (select array(select member.id from member where member.root = m.customer_id) as ids) members
    where m.id = any($1) order by m.due_at, m.id`,
    [due.map((message) => message.id), [...new Set(due.map((message) => message.customer_id))]],
  );
  return rows.map(
    ({
      id,
      version,
      campaignId,
      campaignCode,
      customerId,
      attempts,
      interruptions,
      known,
      erased,
      mergedInto,
      marketingChannels,
      channel,
      address,
      suppressed,
      blockingComplaints,
      sentLastDay,
      ...customer
    }) => ({
      id,
      version,
      campaignId,
      campaignCode,
      customerId,
      attempts,
      interruptions,
      customer,
      facts: {
        known,
        erased,
        mergedInto,
        marketingChannels,
        channel,
        address,
        suppressed,
        blockingComplaints,
        sentLastDay,
      },
    }),
  );
}

/** Marks messages as being sent by this worker. */
export async function claim(tx: Transaction, worker: string, messages: readonly Claimed[]): Promise<void> {
  if (messages.length === 0) return;
  await tx.query(
    `
    update message m set status = 'sending', address = r.address, attempts = attempts + 1, version = version + 1, claimed_by = $2, claimed_until = now() + make_interval(secs => $3)
    from jsonb_to_recordset($1::jsonb) as r (id uuid, address text) where m.id = r.id`,
    [JSON.stringify(messages.map(({ id, address }) => ({ id, address }))), worker, claimSeconds],
  );
}

/** Writes the gate's refusals. */
export async function refuse(tx: Transaction, refusals: readonly { id: string; reason: string }[]): Promise<void> {
  if (refusals.length === 0) return;
  await tx.query(
    `
    update message m set status = 'refused', reason = r.reason, version = version + 1, claimed_by = null, claimed_until = null
    from jsonb_to_recordset($1::jsonb) as r (id uuid, reason text) where m.id = r.id`,
    [JSON.stringify(refusals)],
  );
}

/** Puts messages off. */
export async function postpone(tx: Transaction, delays: readonly { id: string; until: Date }[]): Promise<void> {
  if (delays.length === 0) return;
  await tx.query(
    'update message m set due_at = r.until from jsonb_to_recordset($1::jsonb) as r (id uuid, until timestamptz) where m.id = r.id',
    [JSON.stringify(delays)],
  );
}

/** Keeps a worker's claims from running out while it works. */
export async function renew(tx: Transaction, worker: string): Promise<void> {
  await tx.query(
    "update message set claimed_until = now() + make_interval(secs => $2) where status = 'sending' and claimed_by = $1",
    [worker, claimSeconds],
  );
}

/**
 * Takes back what a worker left behind that broke off: whether the mail server took it is not known. Such a message is
 * tried once more, under the same
 * Message-ID; the second time it stays `unconfirmed`.
 */
export async function takeBack(tx: Transaction): Promise<number> {
  const [rows]: [object[], number] = await tx.query(`
    update message set version = version + 1, interruptions = interruptions + 1, claimed_by = null, claimed_until = null, due_at = now(),
      status = case when interruptions = 0 then 'queued' else 'unconfirmed' end,
      reason = case when interruptions = 0 then null else 'interrupted' end,
      sent_at = case when interruptions = 0 then null else now() end
    where status = 'sending' and claimed_until < now() returning id`);
  return rows.length;
}

/** What became of messages that were handed over. */
export interface Settlement {
  id: string;
  status: 'sent' | 'refused' | 'queued' | 'unconfirmed';
  reason: string | null;
  answer: string;
  /** Seconds until a message that is queued again is due. */
  delay: number;
  /** 1 when it is not known whether the server took the message. */
  interrupted: number;
  /** 0 when the attempt does not count, as no server was reached. */
  counted: number;
}

/** Writes outcomes, only for messages that this worker still holds; returns those. */
export async function settle(
  tx: Transaction,
  worker: string,
  settlements: readonly Settlement[],
): Promise<{ id: string; version: number }[]> {
  const [rows]: [{ id: string; version: number }[], number] = await tx.query(
    `
    update message m set status = r.status, reason = r.reason, provider_answer = r.answer, version = m.version + 1, claimed_by = null, claimed_until = null,
      interruptions = m.interruptions + r.interrupted, attempts = m.attempts - 1 + r.counted,
      due_at = case when r.status = 'queued' then now() + make_interval(secs => r.delay) else m.due_at end,
      sent_at = case when r.status in ('sent', 'unconfirmed') then now() end
    from jsonb_to_recordset($1::jsonb) as r (id uuid, status text, reason text, answer text, delay int, interrupted int, counted int)
    where m.id = r.id and m.status = 'sending' and m.claimed_by = $2
    returning m.id, m.version`,
    [JSON.stringify(settlements), worker],
  );
  return rows;
}
