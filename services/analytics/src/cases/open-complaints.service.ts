import { Injectable } from '@nestjs/common';
import type { Taken } from '@quen/chassis';
import type { Transaction } from '@quen/messaging';
import { InsightsService } from '../insights/insights.service.js';
import type { SupportCase } from './support-case.replica.js';

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

// A customer of whom nothing else is known has no row, as none would be made anew from the topics.
const forgetSql = `
  delete from insight where customer_id = any($1::uuid[]) and open_complaints = 0 and source_version = -1 and last_fact_at is null`;

/** Of a case what tells whose open complaints it counts among. */
type Counted = Pick<SupportCase, 'customerId' | 'openComplaint'>;

/**
 * Counts complaints from the cases as they are, so that no change of kind, order of events or repetition makes the
 * count drift.
 */
@Injectable()
export class OpenComplaintsService {
  constructor(private readonly insights: InsightsService) {}

  /** Counts anew for the customers whose open complaints these cases change, and tells of those whose number changed. */
  async follow(tx: Transaction, cases: readonly Taken<Counted>[]): Promise<void> {
    const customers = [...new Set(cases.flatMap(concerned))];
    if (customers.length === 0) return;
    await tx.query(lockSql, [customers]);
    const [counted] = await tx.query<[{ id: string; published: boolean }[], number]>(countSql, [customers]);
    // Of a customer without any fact there is no insight to publish yet; the fact that opened the case is on its way.
    await this.insights.recalculate(
      tx,
      counted.flatMap(({ id, published }) => (published ? [id] : [])),
    );
    await tx.query(forgetSql, [customers]);
  }
}

function concerned({ before, now }: Taken<Counted>): string[] {
  if (!before?.openComplaint && !now?.openComplaint) return [];
  if (before?.openComplaint === now?.openComplaint && before?.customerId === now?.customerId) return [];
  return [before, now].flatMap((each) => (each ? [each.customerId] : []));
}
