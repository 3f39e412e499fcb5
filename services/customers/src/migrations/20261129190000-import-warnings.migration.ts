import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Imports tell what was not read of rows that were taken. */
export class ImportWarnings1795978800001 implements MigrationInterface {
  readonly name = 'ImportWarnings1795978800001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table customer_import
        add column warnings jsonb not null default '{}',
        add column unread_cells jsonb not null default '[]';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table customer_import drop column warnings, drop column unread_cells');
  }
}
