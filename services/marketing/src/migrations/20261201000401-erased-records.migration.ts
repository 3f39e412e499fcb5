import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Erased customers, insights and cases move to where every replica keeps what was erased; a row of which no source
 * tells goes. Rows say when they were heard of.
 */
export class ErasedRecords1796083200401 implements MigrationInterface {
  readonly name = 'ErasedRecords1796083200401';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      insert into erased (state, id, version)
        select 'crm.customers.customer', id, version from customer where erased
        union all select 'crm.analytics.customer-insight', id, insight_version from customer where insight_version >= 0 and rank is null
        union all select 'crm.support.case', id, version from support_case where erased;
      update customer set version = -1 where erased;
      update customer set insight_version = -1 where rank is null;
      delete from customer where version = -1 and insight_version = -1 and open_severe_complaints = 0;
      delete from support_case where erased;
      alter table customer drop column erased, add column received_at timestamptz, add column insight_received_at timestamptz;
      alter table support_case drop column erased, add column received_at timestamptz not null default now()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table customer drop column received_at, drop column insight_received_at, add column erased boolean not null default false;
      alter table support_case drop column received_at, add column erased boolean not null default false;
      insert into customer as c (id, version, erased) select id, version, true from erased where state = 'crm.customers.customer'
        on conflict (id) do update set version = excluded.version, erased = true where c.version < excluded.version;
      insert into customer as c (id, insight_version) select id, version from erased where state = 'crm.analytics.customer-insight'
        on conflict (id) do update set insight_version = excluded.insight_version where c.insight_version < excluded.insight_version;
      insert into support_case as c (id, version, erased) select id, version, true from erased where state = 'crm.support.case'
        on conflict (id) do update set version = excluded.version, erased = true where c.version < excluded.version;
      delete from erased where state in ('crm.customers.customer', 'crm.analytics.customer-insight', 'crm.support.case')`);
  }
}
