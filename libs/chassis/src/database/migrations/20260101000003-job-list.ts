import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The list of everybody's jobs, newest first, without reading all of them. */
export class JobList1767225600003 implements MigrationInterface {
  readonly name = 'JobList1767225600003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create index job_created_at on job (created_at, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index job_created_at');
  }
}
