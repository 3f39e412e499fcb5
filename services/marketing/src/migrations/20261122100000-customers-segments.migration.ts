import type { MigrationInterface, QueryRunner } from 'typeorm';
import { enableRowSecurity } from '@quen/chassis';

/** The replica of customers, with insight and open cases, and the segments over it. */
export class CustomersSegments1795341600000 implements MigrationInterface {
  readonly name = 'CustomersSegments1795341600000';

  async up(runner: QueryRunner): Promise<void> {
    // One row per customer holds what three topics say of it: their updates meet on one row lock, so that whoever is
    // last sees all when membership is evaluated.
    // A version of -1 says that this source has not been heard of the customer yet.
    await runner.query(`
      create table customer (
        id uuid primary key,
        version bigint not null default -1,
        code text, kind text, category text, lifecycle text, display_name text, family_name text, middle_name text, given_name text,
        title text, representative text, emails text[] not null default '{}', phones text[] not null default '{}',
        province text, industry text, field text, size text, birth_date date, sex text, source text, language text, preferred_channel text,
        branch_id uuid, owner_id uuid, department text, registered_on date,
        marketing_channels text[] not null default '{}',
        merged_into uuid, erased boolean not null default false,
        insight_version bigint not null default -1,
        rank text, orders int not null default 0, revenue numeric(20,4) not null default 0, profit numeric(20,4) not null default 0,
        lifetime_value numeric(20,4) not null default 0, first_order_on date, last_order_on date,
        recency_score int not null default 0, frequency_score int not null default 0, value_score int not null default 0,
        open_complaints int not null default 0,
        open_severe_complaints int not null default 0
      )`);
    await runner.query('create index customer_branch on customer (branch_id)');
    await runner.query(enableRowSecurity('customer', { branch: true, owner: true }));

    await runner.query(`
      create table support_case (
        id uuid primary key,
        version bigint not null,
        customer_id uuid,
        kind text, severity text, status text, solved_at timestamptz, rating int,
        erased boolean not null default false
      )`);
    await runner.query(
      "create index support_case_severe on support_case (customer_id) where kind = 'complaint' and severity in ('high', 'critical')",
    );

    await runner.query(`
      create table segment (
        id uuid primary key,
        version int not null,
        name text not null check (name <> ''),
        description text,
        kind text not null check (kind in ('rules', 'static')),
        rule jsonb,
        uses_clock boolean not null default false,
        branch_id uuid,
        owner_id uuid not null,
        active boolean not null default true,
        evaluated_on date,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        check ((kind = 'rules') = (rule is not null))
      )`);
    await runner.query(enableRowSecurity('segment', { branch: true, owner: true }));
    await runner.query(`
      create table segment_membership (
        segment_id uuid not null references segment(id),
        customer_id uuid not null,
        version bigint not null default 1,
        member boolean not null,
        since timestamptz not null default now(),
        primary key (segment_id, customer_id)
      )`);
    await runner.query('create index segment_membership_customer on segment_membership (customer_id) where member');
    await runner.query(
      'create index segment_membership_members on segment_membership (segment_id, customer_id) where member',
    );
    await runner.query(`
      create table segment_membership_change (
        id uuid primary key default uuidv7(),
        segment_id uuid not null references segment(id),
        customer_id uuid not null,
        member boolean not null,
        at timestamptz not null default now(),
        because_of uuid
      )`);
    await runner.query(
      'create index segment_membership_change_member on segment_membership_change (segment_id, customer_id, id)',
    );

    await runner.query(`
      create table suppression (
        id uuid primary key,
        version int not null,
        customer_id uuid,
        address text,
        channel text not null,
        reason text not null,
        origin text not null check (origin in ('manual', 'unsubscribe', 'bounce')),
        created_by text,
        created_at timestamptz not null default now(),
        check (customer_id is not null or address is not null)
      )`);
    await runner.query(
      'create unique index suppression_customer on suppression (customer_id, channel) where customer_id is not null',
    );
    await runner.query(
      'create unique index suppression_address on suppression (address, channel) where address is not null',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [
      'suppression',
      'segment_membership_change',
      'segment_membership',
      'segment',
      'support_case',
      'customer',
    ])
      await runner.query(`drop table ${table}`);
  }
}
