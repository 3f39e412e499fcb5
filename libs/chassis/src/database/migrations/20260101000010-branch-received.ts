import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When each row of the branch tree was heard of, as in every replica. */
export class BranchReceived1767225600010 implements MigrationInterface {
  readonly name = 'BranchReceived1767225600010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table branch add column received_at timestamptz not null default now()');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table branch drop column received_at');
  }
}
