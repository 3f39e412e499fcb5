import type { CaseState, CustomerInsightState, CustomerState } from '@quen/events';
import { newestOfEach, type Received, type Transaction } from '@quen/messaging';
import { normalEmail } from './address.js';

/** A customer whose row changed, and the event that changed it. */
export interface Touched {
  customerId: string;
  becauseOf: string;
}

/** Kinds and severities of cases that stop promotions while they are open. */
const severe = `kind = 'complaint' and severity in ('high', 'critical')`;

function touchedOf(rows: { id: string }[], events: Received<unknown>[]): Touched[] {
  const because = new Map(events.map((event) => [event.aggregateId, event.id]));
  return rows.map((row) => ({ customerId: row.id, becauseOf: because.get(row.id)! }));
}

/**
 * Takes states of customers; an older version never overwrites a newer one, an erased customer leaves an empty row
 * behind. Returns whom it changed.
 */
export async function takeCustomers(tx: Transaction, events: Received<CustomerState | null>[]): Promise<Touched[]> {
  const newest = newestOfEach(events);
  const rows = newest.map(({ aggregateId, version, data }) =>
    data === null
      ? { id: aggregateId, version, erased: true }
      : {
          id: aggregateId,
          version,
          erased: false,
          code: data.code,
          kind: data.kind,
          category: data.category,
          lifecycle: data.lifecycle,
          display_name: data.displayName,
          family_name: data.familyName,
          middle_name: data.middleName,
          given_name: data.givenName,
          title: data.title,
          representative: data.representative,
          emails: data.emails.map(normalEmail),
          phones: data.phones.map((phone) => phone.e164),
          province: data.address?.province,
          industry: data.industry,
          field: data.field,
          size: data.size,
          birth_date: data.birthDate,
          sex: data.sex,
          source: data.source,
          language: data.language,
          preferred_channel: data.preferredChannel,
          branch_id: data.branchId,
          owner_id: data.ownerId,
          department: data.department,
          registered_at: data.registeredAt,
          merged_into: data.mergedInto,
          marketing_channels: marketingChannels(data),
        },
  );
  const columns = `code, kind, category, lifecycle, display_name, family_name, middle_name, given_name, title, representative, province, industry, field, size,
    birth_date, sex, source, language, preferred_channel, branch_id, owner_id, department, registered_on, merged_into`;
  const changed: { id: string }[] = await tx.query(
    `
    insert into customer (id, version, erased, emails, phones, marketing_channels, ${columns})
    select id, version, erased, coalesce(emails, '{}'), coalesce(phones, '{}'), coalesce(marketing_channels, '{}'), ${columns}
    from (select *, quen_day(registered_at) as registered_on from jsonb_to_recordset($1::jsonb) as r (id uuid, version bigint, erased boolean, emails text[], phones text[], marketing_channels text[],
      code text, kind text, category text, lifecycle text, display_name text, family_name text, middle_name text, given_name text, title text,
      representative text, province text, industry text, field text, size text, birth_date date, sex text, source text, language text,
      preferred_channel text, branch_id uuid, owner_id uuid, department text, registered_at timestamptz, merged_into uuid)) as read
    order by id
    on conflict (id) do update set (version, erased, emails, phones, marketing_channels, ${columns})
      = row (excluded.version, excluded.erased, excluded.emails, excluded.phones, excluded.marketing_channels, ${columns.replace(/\w+/g, 'excluded.$&')})
    where customer.version < excluded.version
    returning id`,
    [JSON.stringify(rows)],
  );
  return touchedOf(changed, newest);
}

function marketingChannels(data: CustomerState): string[] {
  const latest = new Map<string, { given: boolean; at: string }>();
  for (const answer of data.consents) {
    if (answer.purpose !== 'marketing') continue;
    const known = latest.get(answer.channel);
    if (!known || Date.parse(answer.at) >= Date.parse(known.at)) latest.set(answer.channel, answer);
  }
  return [...latest].filter(([, answer]) => answer.given).map(([channel]) => channel);
}

/** Those of the customers who were erased. */
export async function erasedAmong(tx: Transaction, ids: readonly string[]): Promise<string[]> {
  const rows: { id: string }[] = await tx.query('select id from customer where id = any($1) and erased', [ids]);
  return rows.map(({ id }) => id);
}

/** Customers, other than one, whose mails go to this mailbox and who consented to them. */
export async function othersMailedAt(tx: Transaction, mailbox: string, except: string): Promise<string[]> {
  const rows: { id: string }[] = await tx.query(
    "select id from customer where emails[1] = $1 and id <> $2 and not erased and merged_into is null and 'email' = any(marketing_channels) order by id",
    [mailbox, except],
  );
  return rows.map(({ id }) => id);
}

/** Takes insights, which may come before the customer's own record. Returns whom it changed. */
export async function takeInsights(
  tx: Transaction,
  events: Received<CustomerInsightState | null>[],
): Promise<Touched[]> {
  const newest = newestOfEach(events);
  const rows = newest.map(({ aggregateId, version, data }) => ({
    id: aggregateId,
    version,
    rank: data?.rank,
    orders: data?.orders ?? 0,
    revenue: data?.revenue.amount ?? '0',
    profit: data?.profit.amount ?? '0',
    lifetime_value: data?.lifetimeValue.amount ?? '0',
    first_order_on: data?.firstOrderOn,
    last_order_on: data?.lastOrderOn,
    recency_score: data?.recencyScore ?? 0,
    frequency_score: data?.frequencyScore ?? 0,
    value_score: data?.valueScore ?? 0,
    open_complaints: data?.openComplaints ?? 0,
  }));
  const columns =
    'rank, orders, revenue, profit, lifetime_value, first_order_on, last_order_on, recency_score, frequency_score, value_score, open_complaints';
  const changed: { id: string }[] = await tx.query(
    `
    insert into customer (id, insight_version, ${columns})
    select id, version, ${columns}
    from jsonb_to_recordset($1::jsonb) as r (id uuid, version bigint, rank text, orders int, revenue numeric, profit numeric, lifetime_value numeric,
      first_order_on date, last_order_on date, recency_score int, frequency_score int, value_score int, open_complaints int)
    order by id
    on conflict (id) do update set (insight_version, ${columns}) = row (excluded.insight_version, ${columns.replace(/\w+/g, 'excluded.$&')})
    where customer.insight_version < excluded.insight_version
    returning id`,
    [JSON.stringify(rows)],
  );
  return touchedOf(changed, newest);
}

/**
 * Takes states of cases and counts anew the severe complaints of the customers concerned. Returns those whose count
 * changed.
 */
export async function takeCases(tx: Transaction, events: Received<CaseState | null>[]): Promise<Touched[]> {
  const newest = newestOfEach(events);
  const before: { customer_id: string }[] = await tx.query(
    'select customer_id from support_case where id = any($1) and customer_id is not null',
    [newest.map((event) => event.aggregateId)],
  );
  const because = new Map<string, string>(
    newest.flatMap((event) => (event.data ? [[event.data.customerId, event.id] as const] : [])),
  );
  for (const row of before) if (!because.has(row.customer_id)) because.set(row.customer_id, newest[0]!.id);
  const customers = [...because.keys()].sort();
  // Two cases of one customer may arrive in two transactions: the customer's row, locked before anything is counted,
  // makes the second see the first.
  await tx.query('insert into customer (id) select unnest($1::uuid[]) order by 1 on conflict (id) do nothing', [
    customers,
  ]);
  await tx.query('select id from customer where id = any($1) order by id for update', [customers]);
  await tx.query(
    `
    insert into support_case (id, version, customer_id, kind, severity, status, solved_at, rating, erased)
    select id, version, customer_id, kind, severity, status, solved_at, rating, erased
    from jsonb_to_recordset($1::jsonb) as r (id uuid, version bigint, customer_id uuid, kind text, severity text, status text, solved_at timestamptz, rating int, erased boolean)
    order by id
    on conflict (id) do update set version = excluded.version, customer_id = coalesce(excluded.customer_id, support_case.customer_id), kind = excluded.kind,
      severity = excluded.severity, status = excluded.status, solved_at = excluded.solved_at, rating = excluded.rating, erased = excluded.erased
    where support_case.version < excluded.version`,
    [
      JSON.stringify(
        newest.map(({ aggregateId, version, data }) => ({
          id: aggregateId,
          version,
          customer_id: data?.customerId,
          kind: data?.kind,
          severity: data?.severity,
          status: data?.status,
          solved_at: data?.solvedAt,
          rating: data?.rating,
          erased: data === null,
        })),
      ),
    ],
  );
  const changed: { id: string }[] = await tx
    .query(
      `
    with counted as (
      select c.id, (select count(*) from support_case s where s.customer_id = c.id and s.status not in ('solved', 'closed') and ${severe}) as n
      from customer c where c.id = any($1))
    update customer set open_severe_complaints = counted.n from counted
    where customer.id = counted.id and customer.open_severe_complaints <> counted.n
    returning customer.id as id`,
      [customers],
    )
    .then(rowsOf);
  return changed.map((row) => ({ customerId: row.id, becauseOf: because.get(row.id)! }));
}

/** TypeORM answers an `update … returning` with rows and count. */
function rowsOf(result: [{ id: string }[], number]): { id: string }[] {
  return result[0];
}
