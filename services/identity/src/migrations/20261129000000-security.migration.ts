import type { MigrationInterface, QueryRunner } from 'typeorm';
import { enableRowSecurity } from '@quen/chassis';

/** Clients and passwords under row-level security; failed attempts are forgotten bit by bit. */
export class Security1795910400000 implements MigrationInterface {
  name = 'Security1795910400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(enableRowSecurity('client', { branch: true }));
    await runner.query(enableRowSecurity('credential', { through: { table: 'staff', column: 'staff_id' } }));
    await runner.query('alter table sign_in_attempt alter column attempts type double precision');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table sign_in_attempt alter column attempts type integer');
    for (const table of ['credential', 'client']) {
      await runner.query(
        `drop policy quen_scope on ${table}; alter table ${table} no force row level security; alter table ${table} disable row level security`,
      );
    }
  }
}
