import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Erased customers move to where every replica keeps what was erased. */
export class ErasedCustomers1796083200101 implements MigrationInterface {
  readonly name = 'ErasedCustomers1796083200101';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      insert into erased (state, id, version) select 'crm.customers.customer', id, version from erased_customer;
      drop table erased_customer`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table erased_customer (id uuid primary key, version bigint not null);
      insert into erased_customer (id, version) select id, version from erased where state = 'crm.customers.customer';
      delete from erased where state = 'crm.customers.customer'`);
  }
}
