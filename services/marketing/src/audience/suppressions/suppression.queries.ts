import type { ContactChannel } from '@quen/events';
import type { Transaction } from '@quen/messaging';

/** What stands for an address that belonged to somebody who was erased: it can be compared, not read. */
export const digestOf = (address: string): string =>
  `'sha256:' || encode(sha256(convert_to(${address}, 'UTF8')), 'hex')`;

/**
 * Condition on an entry `e`: it is that of a customer whom the caller reaches; an entry without a customer is for those
 * who reach everything.
 */
export const reached = `(quen_scope() = 'all' or exists (select 1 from customer c where c.id = e.customer_id))`;

/** The addresses that an entry `e` covers. */
export const coveredAddresses =
  'array(select a.address from suppressed_address a where a.suppression_id = "e"."id" order by 1)';

/** Lets an entry cover addresses besides those that it covers. */
export async function cover(tx: Transaction, id: string, addresses: readonly string[]): Promise<void> {
  if (addresses.length)
    await tx.query(
      'insert into suppressed_address (suppression_id, address) select $1, unnest($2::text[]) on conflict do nothing',
      [id, addresses],
    );
}

/** What each entry covers. */
export async function coveredBy(tx: Transaction, ids: readonly string[]): Promise<Map<string, string[]>> {
  const rows: { id: string; addresses: string[] }[] = await tx.query(
    'select suppression_id as id, array_agg(address order by address) as addresses from suppressed_address where suppression_id = any($1) group by 1',
    [ids],
  );
  return new Map(rows.map(({ id, addresses }) => [id, addresses]));
}

/** The entry in force for a customer, else for a mere address. */
export async function inForce(
  tx: Transaction,
  { customerId, address, channel }: { customerId: string | null; address: string | null; channel: ContactChannel },
): Promise<string | undefined> {
  const [row]: { id: string }[] = customerId
    ? await tx.query('select id from suppression where customer_id = $1 and channel = $2 and lifted_at is null', [
        customerId,
        channel,
      ])
    : await tx.query(
        'select id from suppression where customer_id is null and address = $1 and channel = $2 and lifted_at is null',
        [address, channel],
      );
  return row?.id;
}

/** Customers whose record changed: an entry of theirs covers their new addresses, too. */
export async function coverNew(tx: Transaction, customerIds: readonly string[]): Promise<void> {
  await tx.query(
    `
    insert into suppressed_address (suppression_id, address)
    select s.id, point from suppression s join customer c on c.id = s.customer_id
      cross join lateral unnest(case when s.channel = 'email' then c.emails when s.channel in ('sms', 'phone', 'zalo') then c.phones else '{}' end) as point
    where s.customer_id = any($1) and s.lifted_at is null
    on conflict do nothing`,
    [customerIds],
  );
}

/**
 * Customers who were erased: of what was typed about them nothing stays; their addresses stay suppressed as digests.
 */
export async function forget(tx: Transaction, customerIds: readonly string[]): Promise<void> {
  const [gone]: [{ id: string }[], number] = await tx.query(
    `
    update suppression s set address = null, reason = 'Erased', version = version + 1
    where s.customer_id = any($1) and (s.address is not null or s.reason <> 'Erased')
      or s.customer_id is null and s.address in (select m.address from message m where m.customer_id = any($1) and m.address is not null)
    returning s.id`,
    [customerIds],
  );
  if (gone.length === 0) return;
  await tx.query(
    `update suppressed_address set address = ${digestOf('address')} where suppression_id = any($1) and address not like 'sha256:%'`,
    [gone.map(({ id }) => id)],
  );
}
