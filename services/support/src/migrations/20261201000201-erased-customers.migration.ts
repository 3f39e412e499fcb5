import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Erased customers and insights move to where every replica keeps what was erased; a row of which no source tells goes.
 */
export class ErasedCustomers1796083200201 implements MigrationInterface {
  readonly name = 'ErasedCustomers1796083200201';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      insert into erased (state, id, version)
        select 'crm.customers.customer', id, version from customer where erased
        union all select 'crm.analytics.customer-insight', id, insight_version from customer where insight_version >= 0 and ranked_at is null;
      update customer set version = -1 where erased;
      update customer set insight_version = -1, received_at = null where ranked_at is null;
      delete from customer where version = -1 and insight_version = -1;
      alter table customer drop column erased, add column customer_received_at timestamptz`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table customer drop column customer_received_at, add column erased boolean not null default false;
      insert into customer as c (id, version, erased) select id, version, true from erased where state = 'crm.customers.customer'
        on conflict (id) do update set version = excluded.version, erased = true where c.version < excluded.version;
      insert into customer as c (id, insight_version) select id, version from erased where state = 'crm.analytics.customer-insight'
        on conflict (id) do update set insight_version = excluded.insight_version where c.insight_version < excluded.insight_version;
      delete from erased where state in ('crm.customers.customer', 'crm.analytics.customer-insight')`);
  }
}
