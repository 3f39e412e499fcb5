import type { MigrationInterface, QueryRunner } from 'typeorm';
import { enableRowSecurity } from '@quen/chassis';

/**
 * Reached as the customer is, written by the service alone after its use case has written the customer with the
 * caller's reach, or by a consumer that may
 * hear of a customer before its record is there.
 */
const readThroughCustomer = (table: string): string => `
  alter table ${table} enable row level security;
  create policy quen_scope on ${table}
    using ((select quen_scope()) = 'all' or exists (select 1 from customer c where c.id = ${table}.customer_id))
    with check ((select quen_scope()) = 'all')`;

/** Row-level security of keys, search texts and insights; what life-cycle stages follow from. */
export class PartsAndStages1795910400002 implements MigrationInterface {
  readonly name = 'PartsAndStages1795910400002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ${readThroughCustomer('customer_key')};
      alter table customer_key force row level security;
      ${readThroughCustomer('customer_insight')};
      alter table customer_insight force row level security;

      -- Search texts know whose customer it is, so that they can be secured without looking at customer for each.
      alter table customer_search add column branch_id uuid, add column owner_id uuid;
      update customer_search s set branch_id = c.branch_id, owner_id = c.owner_id from customer c where c.id = s.customer_id;
      alter table customer_search alter column branch_id set not null;
      ${enableRowSecurity('customer_search', { branch: true, owner: true })};
      -- LIKE is not leakproof: on a table whose rows are secured from whoever asks, no index is used for it. So the owner of the tables, which is the role that
      -- migrates, is exempt here, and search goes through a view of that role, which says the same as the policy.
      alter table customer_search no force row level security;
      create view reached_search as select customer_id, search_text from customer_search
      where (select quen_scope()) = 'all' or ((select quen_scope()) = 'branch' and branch_id = any((select quen_branches())::uuid[]))
        or ((select quen_scope()) = 'own' and owner_id = (select quen_subject()));

      -- Tax codes that are citizen ids are no longer searched.
      update customer_search s set search_text = btrim(left(s.search_text, -length(c.tax_code)))
      from customer c where c.id = s.customer_id and length(c.tax_code) = 12 and s.search_text like '%' || c.tax_code;

      alter table customer add column lifecycle_since date;
      update customer set lifecycle_since = quen_day(updated_at) where lifecycle <> 'prospect';

      -- Whose record it is that an entry tells of: the opening ones say.
      create index timeline_entry_source on timeline_entry (customer_id, subject_id) where data ? 'branchId';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index timeline_entry_source;
      alter table customer drop column lifecycle_since;
      drop view reached_search;
      drop policy quen_scope on customer_search;
      alter table customer_search disable row level security, drop column branch_id, drop column owner_id;
    `);
    for (const table of ['customer_key', 'customer_insight']) {
      await runner.query(
        `drop policy quen_scope on ${table}; alter table ${table} no force row level security, disable row level security`,
      );
    }
  }
}
