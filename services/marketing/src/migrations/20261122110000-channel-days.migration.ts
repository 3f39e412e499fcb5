import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How many leads each channel got on each day: counting its routes for every lead would make a day's cost grow with the
 * square of its leads.
 */
export class ChannelDays1795345200000 implements MigrationInterface {
  readonly name = 'ChannelDays1795345200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table channel_day (
        channel_id uuid not null references sales_channel(id),
        day date not null,
        routed int not null check (routed >= 0),
        primary key (channel_id, day)
      )`);
    // In the default time zone: the setting is not known here, and only the day of the change is concerned.
    await runner.query(`
      insert into channel_day (channel_id, day, routed)
      select channel_id, (routed_at at time zone 'Asia/Ho_Chi_Minh')::date, count(*) from lead_route group by 1, 2`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table channel_day');
  }
}
