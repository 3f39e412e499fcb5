import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What sales keeps of other services: customers, insights, cases and staff, each with the source's version. */
export class Replicas1793523600003 implements MigrationInterface {
  readonly name = 'Replicas1793523600003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table customer (
        id uuid primary key,
        version bigint not null,
        code text not null,
        -- A stored column, as row-level security lets no index be used through a function that is not leak-proof.
        code_key text not null generated always as (upper(code)) stored,
        display_name text not null,
        kind text not null,
        category text not null,
        lifecycle text not null,
        branch_id uuid not null,
        owner_id uuid,
        merged_into uuid,
        -- The parts that only the seller's screen shows.
        profile jsonb not null,
        received_at timestamptz not null default now());
      create index customer_code_idx on customer (code_key);
      create index customer_merged_into_idx on customer (merged_into) where merged_into is not null;

      create table erased_customer (
        id uuid primary key,
        version bigint not null);

      create table insight (
        customer_id uuid primary key,
        version bigint not null,
        rank text not null,
        state jsonb not null,
        received_at timestamptz not null default now());

      create table support_case (
        id uuid primary key,
        version bigint not null,
        customer_id uuid not null,
        status text not null,
        state jsonb not null,
        received_at timestamptz not null default now());
      create index support_case_open_idx on support_case (customer_id) where status not in ('solved', 'closed');

      create table staff (
        id uuid primary key,
        version bigint not null,
        display_name text not null,
        branch_id uuid not null,
        active boolean not null,
        received_at timestamptz not null default now());
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table customer, erased_customer, insight, support_case, staff');
  }
}
