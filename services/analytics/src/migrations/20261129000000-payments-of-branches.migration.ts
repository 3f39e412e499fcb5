import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Payments say whose sale they belong to, and which of them are a firm's imported history. */
export class PaymentsOfBranches1796000000002 implements MigrationInterface {
  name = 'PaymentsOfBranches1796000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `alter table payment_fact add column branch_id uuid, add column owner_id uuid, add column origin text not null default 'entry'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table payment_fact drop column branch_id, drop column owner_id, drop column origin');
  }
}
