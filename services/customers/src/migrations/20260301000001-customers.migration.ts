import type { MigrationInterface, QueryRunner } from 'typeorm';
import { enableRowSecurity } from '@quen/chassis';

/** Customers, the keys they are recognised by, and the ledger of their consents. */
export class Customers1772323200001 implements MigrationInterface {
  readonly name = 'Customers1772323200001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create sequence customer_code_number;

      create table customer (
        id uuid primary key, version int not null, code text not null,
        kind text not null check (kind in ('person', 'organisation')),
        category text not null check (category in ('consumer', 'commercial-oem', 'commercial-user', 'commercial-distributor', 'government', 'institutional')),
        relation text not null check (relation in ('external', 'internal')),
        lifecycle text not null check (lifecycle in ('prospect', 'first-time', 'repeat', 'frequent', 'loyal', 'dormant', 'lost', 'won-back')),
        display_name text not null check (display_name <> ''), family_name text, middle_name text, given_name text, title text, representative text,
        phones jsonb not null, emails jsonb not null, address jsonb, other_addresses jsonb not null,
        tax_code text check (tax_code ~ '^([0-9]{10}|[0-9]{12,13})$'), citizen_id text check (citizen_id ~ '^[0-9]{12}$'), external_ids jsonb not null,
        industry text, field text, size text, revenue jsonb, birth_date date, sex text check (sex in ('female', 'male', 'other')),
        source text not null, needs text, note text, language text not null check (language in ('vi', 'en')), preferred_channel text,
        branch_id uuid not null, owner_id uuid, department text, customer_since date, consents jsonb not null,
        merged_into uuid references customer, import_id uuid,
        registered_at timestamptz not null, updated_at timestamptz not null,
        search_name text not null);
      create unique index customer_code on customer (code);
      create index customer_by_branch on customer (branch_id, updated_at, id);
      create index customer_by_owner on customer (owner_id, updated_at, id);
      create index customer_by_change on customer (updated_at, id);
      create index customer_by_registration on customer (registered_at, id);
      create index customer_by_name on customer (display_name collate "vi-x-icu", id);
      ${enableRowSecurity('customer', { branch: true, owner: true })};

      -- One row per key; "sole" keys belong to one customer only, unless a person insisted on a duplicate.
      -- Not under row-level security: a duplicate in another branch must be met. No use case returns its rows.
      create table customer_key (
        kind text not null check (kind in ('code', 'phone', 'email', 'tax-code', 'citizen-id', 'external')), value text not null,
        customer_id uuid not null references customer on delete cascade, sole boolean not null,
        primary key (kind, value, customer_id));
      create unique index customer_key_sole on customer_key (kind, value) where sole;
      create index customer_key_of on customer_key (customer_id);

      -- Folded text for search. Not under row-level security either, because LIKE is not leakproof: on a secured table no index
      -- would be used for it. Ids that are found here are joined with customer, whose policy decides.
      create table customer_search (customer_id uuid primary key references customer on delete cascade, search_text text not null);
      create index customer_search_trigrams on customer_search using gin (search_text gin_trgm_ops);

      create table consent_entry (
        id uuid primary key, seq bigint generated always as identity, customer_id uuid not null references customer,
        purpose text not null check (purpose in ('marketing', 'care', 'survey', 'profiling', 'sharing')),
        channel text not null check (channel in ('email', 'sms', 'phone', 'zalo', 'letter', 'visit')),
        given boolean not null, source text not null, wording text not null, proof text,
        at timestamptz not null, recorded_at timestamptz not null default clock_timestamp(), recorded_by uuid);
      create index consent_entry_of on consent_entry (customer_id, seq);
      ${enableRowSecurity('consent_entry', { through: { table: 'customer', column: 'customer_id' } })};
      create function refuse_change() returns trigger language plpgsql as $$
      begin raise exception 'the table % takes new rows only', tg_table_name using errcode = 'integrity_constraint_violation'; end $$;
      create trigger append_only before update or delete on consent_entry for each row execute function refuse_change();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table consent_entry, customer_search, customer_key, customer;
      drop sequence customer_code_number;
      drop function refuse_change();
    `);
  }
}
