import { Injectable } from '@nestjs/common';
import type { CaseState } from '@quen/events';
import { newestOfEach, type Received, type Transaction } from '@quen/messaging';
import { InsightsService } from '../insights/insights.service.js';

const takeSql = `
  with given as (select * from jsonb_to_recordset($1::jsonb) as g (id uuid, version bigint, customer uuid, branch uuid, kind text, status text)),
  before as (select case_id, customer_id, open_complaint from support_case where case_id in (select id from given)),
  taken as (
    insert into support_case as s (case_id, version, customer_id, branch_id, kind, status) select id, version, customer, branch, kind, status from given order by id
    on conflict (case_id) do update set version = excluded.version, customer_id = excluded.customer_id, branch_id = excluded.branch_id, kind = excluded.kind, status = excluded.status
    where s.version < excluded.version
    returning case_id, customer_id, open_complaint)
  select distinct unnest(array[t.customer_id, b.customer_id]) as id from taken t left join before b using (case_id)
   where (t.open_complaint, t.customer_id) is distinct from (b.open_complaint, b.customer_id) and (t.open_complaint or b.open_complaint)`;

const eraseSql = 'delete from support_case where case_id = any($1::uuid[]) returning customer_id as id';

// Customers are locked in the order of their ids and in one statement, as everywhere where insights change; counted is
// after that, so that of two
// transactions with cases of one customer the second sees what the first did.
const lockSql = `
  insert into insight as i (customer_id) select distinct id from unnest($1::uuid[]) as c (id) order by 1
  on conflict (customer_id) do update set open_complaints = i.open_complaints`;

const countSql = `
  update insight i set open_complaints = c.n
    from (select id, (select count(*) from support_case s where s.customer_id = id and s.open_complaint) as n from unnest($1::uuid[]) as a (id)) as c
   where i.customer_id = c.id and i.open_complaints <> c.n
  returning i.customer_id as id, i.last_fact_at is not null as published`;

/**
 * Counts complaints from the cases as they are, so that no change of kind, order of events or repetition makes the
 * count drift.
 */
@Injectable()
export class CaseStatesService {
  constructor(private readonly insights: InsightsService) {}

  /** Takes over states, of each case the newest, and tells of the customers whose number of open complaints changed. */
  async take(tx: Transaction, received: Received<CaseState | null>[]): Promise<void> {
    const newest = newestOfEach(received);
    const states = newest.flatMap(({ version, data }) =>
      data
        ? [
            {
              id: data.caseId,
              version,
              customer: data.customerId,
              branch: data.branchId,
              kind: data.kind,
              status: data.status,
            },
          ]
        : [],
    );
    const erased = newest.flatMap(({ aggregateId, data }) => (data ? [] : [aggregateId]));
    const touched = states.length ? await tx.query<{ id: string | null }[]>(takeSql, [JSON.stringify(states)]) : [];
    if (erased.length) touched.push(...(await tx.query<[{ id: string }[], number]>(eraseSql, [erased]))[0]);
    const customers = touched.flatMap(({ id }) => id ?? []);
    if (customers.length === 0) return;
    await tx.query(lockSql, [customers]);
    const [counted] = await tx.query<[{ id: string; published: boolean }[], number]>(countSql, [customers]);
    // Of a customer without any fact there is no insight to publish yet; the fact that opened the case is on its way.
    await this.insights.recalculate(
      tx,
      counted.flatMap(({ id, published }) => (published ? [id] : [])),
    );
  }
}
