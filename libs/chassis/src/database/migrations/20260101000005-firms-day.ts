import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Civil days where the firm is: every connection names the zone (TIME_ZONE) as the setting `quen.time_zone`. */
export class FirmsDay1767225600005 implements MigrationInterface {
  readonly name = 'FirmsDay1767225600005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function quen_zone() returns text language sql stable parallel safe
      return coalesce(nullif(current_setting('quen.time_zone', true), ''), 'Asia/Ho_Chi_Minh');

      create function quen_day(at timestamptz) returns date language sql stable strict parallel safe
      return (at at time zone quen_zone())::date;

      create function quen_today() returns date language sql stable parallel safe
      return (now() at time zone quen_zone())::date;

      create function quen_midnight(day date) returns timestamptz language sql stable strict parallel safe
      return day::timestamp at time zone quen_zone();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function quen_midnight(date), quen_today(), quen_day(timestamptz), quen_zone()');
  }
}
