import type { Taken, Touched } from '@quen/chassis';
import type { Transaction } from '@quen/messaging';
import type { SupportCase } from './support-case.entity.js';

/** Kinds and severities of cases that stop promotions while they are open. */
const severe = `kind = 'complaint' and severity in ('high', 'critical')`;

/**
 * Counts anew the open severe complaints of the customers whom these cases concern, or concerned before.
 * @returns the customers whose number changed
 */
export async function countSevereComplaints(
  tx: Transaction,
  cases: readonly Taken<Pick<SupportCase, 'customerId'>>[],
): Promise<Touched[]> {
  const because = new Map<string, string | null>();
  for (const { before, now, becauseOf } of cases)
    for (const each of [before, now]) if (each?.customerId) because.set(each.customerId, becauseOf);
  const customers = [...because.keys()].sort();
  if (customers.length === 0) return [];
  // Two cases of one customer may arrive in two transactions: the customer's row, locked before anything is counted,
  // makes the second see the first.
  await tx.query('insert into customer (id) select unnest($1::uuid[]) order by 1 on conflict (id) do nothing', [
    customers,
  ]);
  await tx.query('select id from customer where id = any($1) order by id for update', [customers]);
  const [changed] = await tx.query<[{ id: string }[], number]>(
    `
    with counted as (
      select c.id, (select count(*) from support_case s where s.customer_id = c.id and s.status not in ('solved', 'closed') and ${severe}) as n
      from customer c where c.id = any($1))
    update customer set open_severe_complaints = counted.n from counted
    where customer.id = counted.id and customer.open_severe_complaints <> counted.n
    returning customer.id as id`,
    [customers],
  );
  // A customer of whom nothing else is known has no row, as none would be made anew from the topics.
  await tx.query(
    'delete from customer where id = any($1) and version = -1 and insight_version = -1 and open_severe_complaints = 0',
    [customers],
  );
  return changed.map(({ id }) => ({ id, becauseOf: because.get(id) ?? null }));
}
