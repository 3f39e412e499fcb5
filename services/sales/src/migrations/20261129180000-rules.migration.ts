import type { MigrationInterface, QueryRunner } from 'typeorm';
import { enableRowSecurity } from '@quen/chassis';

/**
 * A payment's reference is booked once in the firm, discounts are cleared, stays have reasons, contracts are drawn
 * down; row-level security of books, staff, insights and cases.
 */
export class Rules1796000000001 implements MigrationInterface {
  readonly name = 'Rules1796000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table opportunity_stay add column reason text;
      alter table quote add column discount_cleared numeric(5,2) not null default 0 check (discount_cleared between 0 and 100);
      create index sales_order_contract_idx on sales_order (contract_id) where contract_id is not null;
      create index sales_order_opportunity_idx on sales_order (opportunity_id) where opportunity_id is not null;
      create index contract_opportunity_idx on contract (opportunity_id) where opportunity_id is not null;

      -- What was booked twice before keeps the key on the first one only.
      alter table payment add column reference_key text;
      alter table payment disable trigger keep_fact;
      update payment set reference_key = known.key
        from (select distinct on (key) id, key
                from (select id, at, upper(regexp_replace(normalize(method), '\\s+', '', 'g')) || ' ' || upper(regexp_replace(normalize(reference), '\\s+', '', 'g')) as key from payment where reference is not null) as keyed
               order by key, at, id) as known
       where known.id = payment.id;
      alter table payment enable trigger keep_fact;
      create unique index payment_reference_key_key on payment (reference_key) where reference_key is not null;
    `);
    // Books of no branch are for everybody who sells; those of a branch for its records, as are their prices.
    await runner.query(`
      alter table price_book enable row level security;
      alter table price_book force row level security;
      create policy quen_scope on price_book
        using ((select quen_scope()) = 'all' or (select quen_scope()) is not null and (branch_id is null or branch_id = any((select quen_branches())::uuid[])))
        with check ((select quen_scope()) = 'all');
    `);
    await runner.query(enableRowSecurity('price', { through: { table: 'price_book', column: 'price_book_id' } }));
    // Who works for the firm is known to all who work for it; only the topic says so.
    await runner.query(`
      alter table staff enable row level security;
      alter table staff force row level security;
      create policy quen_scope on staff using ((select quen_scope()) is not null) with check ((select quen_scope()) = 'all');
    `);
    // Insights and cases are reached as their customer is; they may come before it.
    for (const table of ['insight', 'support_case']) {
      await runner.query(`
        alter table ${table} enable row level security;
        alter table ${table} force row level security;
        create policy quen_scope on ${table}
          using ((select quen_scope()) = 'all' or exists (select 1 from customer where customer.id = ${table}.customer_id))
          with check ((select quen_scope()) = 'all');
      `);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['support_case', 'insight', 'staff', 'price', 'price_book'])
      await runner.query(
        `drop policy quen_scope on ${table}; alter table ${table} disable row level security; alter table ${table} no force row level security`,
      );
    await runner.query(`
      alter table payment drop column reference_key;
      drop index contract_opportunity_idx, sales_order_opportunity_idx, sales_order_contract_idx;
      alter table quote drop column discount_cleared;
      alter table opportunity_stay drop column reason`);
  }
}
