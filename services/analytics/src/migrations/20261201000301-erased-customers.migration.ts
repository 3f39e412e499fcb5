import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Erased customers move to where every replica keeps what was erased; a case says when it was heard of. */
export class ErasedCustomers1796083200301 implements MigrationInterface {
  readonly name = 'ErasedCustomers1796083200301';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      insert into erased (state, id, version) select 'crm.customers.customer', id, version from erased_customer;
      drop table erased_customer;
      alter table support_case add column received_at timestamptz not null default now()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table support_case drop column received_at;
      create table erased_customer (id uuid primary key, version bigint not null);
      insert into erased_customer (id, version) select id, version from erased where state = 'crm.customers.customer';
      delete from erased where state = 'crm.customers.customer'`);
  }
}
