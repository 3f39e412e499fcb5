import { escapeLike, fold } from '@quen/chassis';
import type { Transaction } from '@quen/messaging';
import { isProtected, isProtectedSql } from './citizen-id.js';
import { isTrusted, keyText, type CustomerKey } from './customer-key.js';
import { Customer } from './customer.entity.js';

/** Which customer holds a key. */
export interface KeyHolder {
  key: string;
  customerId: string;
  /** Whether a person is recognised by the key beyond doubt. */
  trusted: boolean;
  /** Whether the key is a citizen id. */
  citizenId: boolean;
}

/** Holders of keys in whatever branch `tx` reaches, by the primary key of `customer_key`: one index probe a key. */
export async function keyHolders(tx: Transaction, keys: CustomerKey[]): Promise<KeyHolder[]> {
  if (keys.length === 0) return [];
  const rows: { kind: CustomerKey['kind']; value: string; customer_id: string }[] = await tx.query(
    `select k.kind, k.value, k.customer_id from unnest($1::text[], $2::text[]) as wanted(kind, value)
     join customer_key k on k.kind = wanted.kind and k.value = wanted.value`,
    [keys.map(({ kind }) => kind), keys.map(({ value }) => value)],
  );
  return rows.map(({ kind, value, customer_id: customerId }) => ({
    key: keyText({ kind, value }),
    customerId,
    trusted: isTrusted(kind),
    citizenId: isProtected({ kind, value }),
  }));
}

/**
 * Records of the caller's scope with the same folded name and something more in common, since a name alone says little.
 * The trigram index finds the name; at most 50 are compared.
 */
export async function namesakes(tx: Transaction, customer: Customer): Promise<Customer[]> {
  return tx
    .createQueryBuilder(Customer, 'e')
    .where('e.id in (select s.customer_id from reached_search s where s.search_text like :name)', {
      name: `${escapeLike(fold(customer.displayName))}%`,
    })
    .andWhere(
      `e.id <> :id and (e.kind = 'organisation' or e.birthDate = :birthDate or e.address ->> 'province' = :province)`,
      { id: customer.id, birthDate: customer.birthDate, province: customer.address?.province ?? null },
    )
    .orderBy('e.birthDate = :birthDate', 'DESC', 'NULLS LAST')
    .limit(50)
    .getMany();
}

/** Writes new rows, all in one statement. */
export async function insertCustomers(tx: Transaction, customers: Customer[]): Promise<void> {
  if (customers.length === 0) return;
  await tx.query('insert into customer select * from jsonb_populate_recordset(null::customer, $1::jsonb)', [
    JSON.stringify(rowsOf(tx, customers)),
  ]);
}

/** Writes changed rows that were locked before, all in one statement, each with the next version. */
export async function updateCustomers(tx: Transaction, customers: Customer[]): Promise<void> {
  if (customers.length === 0) return;
  for (const customer of customers) customer.version += 1;
  const columns = tx.connection
    .getMetadata(Customer)
    .columns.map(({ databaseName }) => databaseName)
    .filter((column) => column !== 'id');
  await tx.query(
    `update customer c set ${columns.map((column) => `"${column}" = n."${column}"`).join(', ')}
     from jsonb_populate_recordset(null::customer, $1::jsonb) n where c.id = n.id`,
    [JSON.stringify(rowsOf(tx, customers))],
  );
}

/**
 * Makes the stored keys and search texts those that the customers have. A trusted key is sole unless its holder is in
 * `duplicates`;
 * a second sole holder breaks a unique index, so that two entries at the same moment cannot both win. A citizen id that
 * somebody has already is not sole,
 * since who enters it may not be told so: whoever may, was told before. To be run with the service's own reach, after
 * the customers were written with the caller's.
 */
export async function indexCustomers(
  tx: Transaction,
  customers: Customer[],
  duplicates: ReadonlySet<string> = new Set(),
): Promise<void> {
  if (customers.length === 0) return;
  const rows = customers.flatMap((customer) =>
    customer
      .keys()
      .map((key) => ({ ...key, customer_id: customer.id, sole: isTrusted(key.kind) && !duplicates.has(customer.id) })),
  );
  const parameters = [JSON.stringify(rows), customers.map(({ id }) => id)];
  const wanted = 'jsonb_to_recordset($1::jsonb) as w(kind text, value text, customer_id uuid, sole boolean)';
  await tx.query(
    `delete from customer_key k where k.customer_id = any($2::uuid[]) and not exists (select 1 from ${wanted} where w.kind = k.kind and w.value = k.value and w.customer_id = k.customer_id)`,
    parameters,
  );
  await tx.query(
    `insert into customer_key (kind, value, customer_id, sole)
     select kind, value, customer_id,
       sole and not (${isProtectedSql('w')} and exists (select 1 from customer_key k where k.kind = w.kind and k.value = w.value and k.customer_id <> w.customer_id))
     from ${wanted} on conflict (kind, value, customer_id) do nothing`,
    parameters.slice(0, 1),
  );
  await tx.query(
    `insert into customer_search (customer_id, search_text, branch_id, owner_id) select * from unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[])
     on conflict (customer_id) do update set search_text = excluded.search_text, branch_id = excluded.branch_id, owner_id = excluded.owner_id
     where (customer_search.search_text, customer_search.branch_id, customer_search.owner_id) is distinct from (excluded.search_text, excluded.branch_id, excluded.owner_id)`,
    [
      customers.map(({ id }) => id),
      customers.map((customer) => customer.searchText()),
      customers.map(({ branchId }) => branchId),
      customers.map(({ ownerId }) => ownerId),
    ],
  );
}

function rowsOf(tx: Transaction, customers: Customer[]): Record<string, unknown>[] {
  const { columns } = tx.connection.getMetadata(Customer);
  return customers.map((customer) =>
    Object.fromEntries(columns.map((column) => [column.databaseName, column.getEntityValue(customer) as unknown])),
  );
}
