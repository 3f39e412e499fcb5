import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The firm's days without `strict`: Postgres then writes the functions out in the query instead of calling them, which
 * is six times as fast for each row.
 */
export class InlinedDays1767225600006 implements MigrationInterface {
  readonly name = 'InlinedDays1767225600006';

  async up(runner: QueryRunner): Promise<void> {
    await this.define(runner, '');
  }

  async down(runner: QueryRunner): Promise<void> {
    await this.define(runner, 'strict');
  }

  private async define(runner: QueryRunner, strict: string): Promise<void> {
    await runner.query(`
      create or replace function quen_day(at timestamptz) returns date language sql stable ${strict} parallel safe
      return (at at time zone quen_zone())::date;

      create or replace function quen_midnight(day date) returns timestamptz language sql stable ${strict} parallel safe
      return day::timestamp at time zone quen_zone();
    `);
  }
}
