import { CustomerInsightState, CustomerState } from '@quen/events';
import { Events, OnBatch, Reactions, type Received, type Transaction } from '@quen/messaging';
import { Case } from '../cases/case.entity.js';
import { pointsSql } from '../queue/queue-priority.js';

const customerSql = `
  insert into customer as c (id, version, code, display_name, branch_id, language, merged_into, erased)
  select id, version, code, name, branch, coalesce(language, 'vi'), merged, erased
    from jsonb_to_recordset($1::jsonb) as r (id uuid, version bigint, code text, name text, branch uuid, language text, merged uuid, erased boolean) order by id
  on conflict (id) do update set version = excluded.version, code = excluded.code, display_name = excluded.display_name, branch_id = excluded.branch_id,
    language = excluded.language, merged_into = excluded.merged_into, erased = excluded.erased
  where c.version < excluded.version`;

const insightSql = `
  insert into customer as c (id, insight_version, rank, lifetime_value, ranked_at, received_at)
  select id, version, rank, value, at, clock_timestamp() from jsonb_to_recordset($1::jsonb) as r (id uuid, version bigint, rank text, value numeric, at timestamptz) order by id
  on conflict (id) do update set insight_version = excluded.insight_version, rank = excluded.rank, lifetime_value = excluded.lifetime_value,
    ranked_at = excluded.ranked_at, received_at = excluded.received_at
  where c.insight_version < excluded.insight_version
  returning id`;

// Only open cases of customers whose rank really moved; the index on the customer finds them.
const queueSql = `
  update "case" q set rank = c.rank, points = ${pointsSql('q.severity', 'c.rank', 'q.kind')}, version = q.version + 1, updated_at = now()
    from customer c where c.id = any($1) and q.customer_id = c.id and q.status in ('new', 'open', 'waiting') and q.rank <> c.rank
  returning q.id`;

/** Keeps the replica of customers, and moves their cases in the queue when their value changes. */
@Reactions('crm.support.customer-replica')
export class CustomerReactions {
  constructor(private readonly events: Events) {}

  @OnBatch(CustomerState) async copy(received: Received<CustomerState | null>[], tx: Transaction): Promise<void> {
    await tx.query(customerSql, [JSON.stringify(latest(received).map(({ aggregateId, version, data }) => ({
      id: aggregateId, version, code: data?.code, name: data?.displayName, branch: data?.branchId, language: data?.language, merged: data?.mergedInto, erased: data === null,
    })))]);
  }

  @OnBatch(CustomerInsightState) async rank(received: Received<CustomerInsightState | null>[], tx: Transaction): Promise<void> {
    const rows = latest(received).map(({ aggregateId, version, data }) => ({
      id: aggregateId, version, rank: data?.rank ?? 'standard', value: data?.lifetimeValue.amount ?? '0', at: data?.calculatedAt,
    }));
    const touched = await tx.query<{ id: string }[]>(insightSql, [JSON.stringify(rows)]);
    const [moved] = await tx.query<[{ id: string }[], number]>(queueSql, [touched.map((row) => row.id)]);
    if (moved.length === 0) return;
    const cases = await tx.createQueryBuilder(Case, 'q').where('q.id = any(:ids)', { ids: moved.map((row) => row.id) }).getMany();
    await this.events.publishAll(tx, cases.map((each) => ({ aggregate: each, messages: [each.state()] })));
  }
}

/** The last record of each key: what came before it in the slice is overtaken. */
function latest<T>(received: Received<T>[]): Received<T>[] {
  return [...new Map(received.map((event) => [event.aggregateId, event])).values()];
}
