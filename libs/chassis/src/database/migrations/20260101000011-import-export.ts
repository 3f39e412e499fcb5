import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Failed rows tell a code that programs read; a file that a job makes is kept in pieces, as it grows. */
export class ImportExport1767225600011 implements MigrationInterface {
  readonly name = 'ImportExport1767225600011';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table job_failed_row add column code text;
      alter table job_file add column piece int not null default 0;
      alter table job_file drop constraint job_file_pkey;
      alter table job_file add primary key (job_id, direction, name, piece);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      delete from job_file where piece > 0;
      alter table job_file drop constraint job_file_pkey;
      alter table job_file add primary key (job_id, direction, name);
      alter table job_file drop column piece;
      alter table job_failed_row drop column code;
    `);
  }
}
