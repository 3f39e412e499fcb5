import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What an insight says follows from its facts, the models and a calendar alone, so that it can be made anew from the
 * topics.
 */
export class RebuildableStore1795428000000 implements MigrationInterface {
  name = 'RebuildableStore1795428000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- How far time has passed for the store: moved by the hourly schedule, not by whoever reads a clock.
      create table calendar (one boolean primary key default true check (one), day date not null);
      insert into calendar (day) values ((now() at time zone 'Asia/Ho_Chi_Minh')::date);

      alter table insight add column last_fact_at timestamptz;
      update insight i set last_fact_at = latest.occurred_at, because_of = latest.event_id
        from (select distinct on (customer_id) customer_id, occurred_at, event_id
                from (select customer_id, occurred_at, event_id from sales_fact
                      union all select customer_id, occurred_at, event_id from payment_fact
                      union all select customer_id, occurred_at, event_id from market_fact where kind <> 'message-refused'
                      union all select customer_id, occurred_at, event_id from service_fact) as facts
               order by customer_id, occurred_at desc, event_id desc) as latest
       where latest.customer_id = i.customer_id;

      create table erased_customer (id uuid primary key, version bigint not null);
      insert into erased_customer select customer_id, source_version from insight where source_version >= 0 and customer_code is null;
      update insight set source_version = -1 where source_version >= 0 and customer_code is null;
      delete from insight where source_version = -1 and last_fact_at is null;
      -- The day that each is calculated for follows from the calendar from now on.
      insert into job (id, kind) select gen_random_uuid(), 'rank-customers' where exists (select 1 from insight where last_fact_at is not null);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table insight drop column last_fact_at; drop table calendar, erased_customer');
  }
}
