import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A suppression covers addresses, whichever record has them; who lifted one is kept; a message says whether its reader
 * unsubscribed.
 */
export class SuppressedAddresses1795950000000 implements MigrationInterface {
  readonly name = 'SuppressedAddresses1795950000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table suppression add column lifted_at timestamptz, add column lifted_by uuid');
    // What an erased customer's entry covers is kept as a digest, so it may have neither a customer's name nor a
    // readable address.
    await runner.query('alter table suppression drop constraint suppression_check');
    await runner.query('drop index suppression_customer');
    await runner.query('drop index suppression_address');
    await runner.query(
      'create unique index suppression_customer on suppression (customer_id, channel) where customer_id is not null and lifted_at is null',
    );
    await runner.query(
      'create unique index suppression_address on suppression (address, channel) where customer_id is null and lifted_at is null',
    );
    await runner.query(`
      create table suppressed_address (
        suppression_id uuid not null references suppression(id) on delete cascade,
        address text not null,
        primary key (suppression_id, address)
      )`);
    await runner.query('create index suppressed_address_address on suppressed_address (address)');
    await runner.query(`
      insert into suppressed_address (suppression_id, address)
      select id, address from suppression where address is not null
      union
      select s.id, point from suppression s join customer c on c.id = s.customer_id
        cross join lateral unnest(case when s.channel = 'email' then c.emails when s.channel in ('sms', 'phone', 'zalo') then c.phones else '{}' end) as point
      union
      select s.id, m.address from suppression s join message m on m.customer_id = s.customer_id and m.channel = s.channel
        where m.address is not null and m.status in ('sent', 'unconfirmed')`);
    await runner.query(
      'update suppression s set address = (select min(a.address) from suppressed_address a where a.suppression_id = s.id) where address is null',
    );

    await runner.query('alter table message add column unsubscribed_at timestamptz');
    await runner.query(`
      update message m set unsubscribed_at = s.created_at from suppression s
      where s.customer_id = m.customer_id and s.channel = m.channel and s.origin = 'unsubscribe' and m.status = 'sent' and s.created_at >= m.sent_at`);

    // Operators on arrays are not leakproof, so that an index on the whole list could not be used under row-level
    // security.
    await runner.query('create index customer_first_email on customer ((emails[1]))');
    await runner.query('create index customer_merged on customer (merged_into) where merged_into is not null');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index customer_merged');
    await runner.query('drop index customer_first_email');
    await runner.query('alter table message drop column unsubscribed_at');
    await runner.query('drop table suppressed_address');
    await runner.query(
      'delete from suppression where lifted_at is not null or (customer_id is null and address is null)',
    );
    await runner.query('drop index suppression_customer');
    await runner.query('drop index suppression_address');
    await runner.query('update suppression set address = null where customer_id is not null');
    await runner.query(
      'alter table suppression drop column lifted_at, drop column lifted_by, add constraint suppression_check check (customer_id is not null or address is not null)',
    );
    await runner.query(
      'create unique index suppression_customer on suppression (customer_id, channel) where customer_id is not null',
    );
    await runner.query(
      'create unique index suppression_address on suppression (address, channel) where address is not null',
    );
  }
}
