import type { MigrationInterface, QueryRunner } from 'typeorm';
import { enableRowSecurity } from '@quen/chassis';

/** Quotes by revision, contracts with their history. What was issued or signed is held by triggers. */
export class QuotesAndContracts1793523600005 implements MigrationInterface {
  readonly name = 'QuotesAndContracts1793523600005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create sequence quote_code;
      create sequence contract_code;

      create table quote (
        id uuid primary key,
        code text not null,
        revision integer not null check (revision > 0),
        previous_id uuid references quote,
        opportunity_id uuid references opportunity,
        lead_id uuid,
        campaign_id uuid,
        customer_id uuid not null,
        branch_id uuid not null,
        owner_id uuid not null,
        status text not null check (status in ('draft', 'issued', 'accepted', 'refused', 'superseded')),
        priced_on date not null,
        currency char(3) not null,
        discount_percent numeric(5,2) not null check (discount_percent between 0 and 100),
        total numeric(19,4) not null check (total >= 0),
        payment_terms text,
        delivery_terms text,
        valid_until date,
        issued_at timestamptz,
        decided_at timestamptz,
        refuse_reason text,
        version integer not null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        constraint quote_revision_key unique (code, revision),
        check (status = 'draft' or issued_at is not null));
      create unique index quote_one_live_idx on quote (code) where status in ('issued', 'accepted');
      create index quote_opportunity_idx on quote (opportunity_id, status);
      create index quote_customer_idx on quote (customer_id, updated_at desc);
      create index quote_branch_idx on quote (branch_id, updated_at desc, id desc);
      create index quote_owner_idx on quote (owner_id, updated_at desc, id desc);
      create index quote_updated_idx on quote (updated_at desc, id desc);

      create table quote_line (
        quote_id uuid not null references quote,
        line integer not null check (line > 0),
        product_id uuid not null references product,
        product_code text not null,
        product_name text not null,
        unit text not null,
        quantity numeric(16,4) not null check (quantity > 0),
        unit_price numeric(19,4) not null check (unit_price >= 0),
        discount_percent numeric(5,2) not null check (discount_percent between 0 and 100),
        amount numeric(19,4) not null check (amount >= 0),
        explanation jsonb not null,
        primary key (quote_id, line));

      create function keep_issued_quote() returns trigger language plpgsql as $body$
      begin
        if old.status <> 'draft' and (new.code, new.revision, new.customer_id, new.currency, new.discount_percent, new.total, new.payment_terms, new.delivery_terms, new.valid_until, new.issued_at)
             is distinct from (old.code, old.revision, old.customer_id, old.currency, old.discount_percent, old.total, old.payment_terms, old.delivery_terms, old.valid_until, old.issued_at) then
          raise exception 'quote % is issued and cannot change', old.id using errcode = 'restrict_violation';
        end if;
        return new;
      end $body$;
      create trigger keep_issued before update on quote for each row execute function keep_issued_quote();

      create function keep_issued_quote_line() returns trigger language plpgsql as $body$
      begin
        if exists (select 1 from quote where id = coalesce(new.quote_id, old.quote_id) and status <> 'draft') then
          raise exception 'quote % is issued and cannot change', coalesce(new.quote_id, old.quote_id) using errcode = 'restrict_violation';
        end if;
        return coalesce(new, old);
      end $body$;
      create trigger keep_issued before insert or update or delete on quote_line for each row execute function keep_issued_quote_line();

      create table contract (
        id uuid primary key,
        code text not null,
        title text not null,
        quote_id uuid not null references quote,
        opportunity_id uuid,
        lead_id uuid,
        campaign_id uuid,
        customer_id uuid not null,
        branch_id uuid not null,
        owner_id uuid not null,
        status text not null check (status in ('draft', 'signed', 'ended')),
        terms text,
        currency char(3) not null,
        total numeric(19,4) not null check (total >= 0),
        starts_on date,
        ends_on date check (ends_on >= starts_on),
        signed_on date,
        signed_by text,
        ended_on date,
        ended_how text check (ended_how in ('expired', 'terminated', 'fulfilled')),
        end_reason text,
        version integer not null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        constraint contract_code_key unique (code),
        constraint contract_quote_key unique (quote_id),
        check (status = 'draft' or (signed_on is not null and starts_on is not null)),
        check ((status = 'ended') = (ended_how is not null)));
      create index contract_customer_idx on contract (customer_id, updated_at desc);
      create index contract_branch_idx on contract (branch_id, updated_at desc, id desc);
      create index contract_owner_idx on contract (owner_id, updated_at desc, id desc);
      create index contract_updated_idx on contract (updated_at desc, id desc);
      create index contract_end_idx on contract (ends_on) where status = 'signed' and ends_on is not null;

      create table contract_history (
        id bigint generated always as identity primary key,
        contract_id uuid not null references contract,
        what text not null,
        detail jsonb not null default '{}',
        by_id text not null,
        at timestamptz not null default now());
      create index contract_history_contract_idx on contract_history (contract_id, id);
    `);
    await runner.query(enableRowSecurity('quote', { branch: true, owner: true }));
    await runner.query(enableRowSecurity('quote_line', { through: { table: 'quote', column: 'quote_id' } }));
    await runner.query(enableRowSecurity('contract', { branch: true, owner: true }));
    await runner.query(
      enableRowSecurity('contract_history', { through: { table: 'contract', column: 'contract_id' } }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `drop table contract_history, contract, quote_line, quote; drop function keep_issued_quote, keep_issued_quote_line; drop sequence quote_code, contract_code`,
    );
  }
}
