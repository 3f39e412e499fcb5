import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Lists are in the order of registration by default, which no edit changes; these carry it for callers of a branch and
 * for owners.
 */
export class ListOrder1795910400001 implements MigrationInterface {
  readonly name = 'ListOrder1795910400001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create index customer_by_branch_and_registration on customer (branch_id, registered_at, id);
      create index customer_by_owner_and_registration on customer (owner_id, registered_at, id);
      drop index customer_by_branch;
      drop index customer_by_owner;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create index customer_by_branch on customer (branch_id, updated_at, id);
      create index customer_by_owner on customer (owner_id, updated_at, id);
      drop index customer_by_branch_and_registration;
      drop index customer_by_owner_and_registration;
    `);
  }
}
