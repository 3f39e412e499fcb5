import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Files of jobs lie as they are, so that a piece of one is read without unpacking what precedes it. */
export class JobFiles1767225600008 implements MigrationInterface {
  readonly name = 'JobFiles1767225600008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table job_file alter column content set storage external');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table job_file alter column content set storage extended');
  }
}
