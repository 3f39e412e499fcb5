import type { MigrationInterface, QueryRunner } from 'typeorm';
import { enableRowSecurity } from '@quen/chassis';

/** Leads at work and opportunities, with their logs. */
export class LeadsAndOpportunities1793523600004 implements MigrationInterface {
  readonly name = 'LeadsAndOpportunities1793523600004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table lead (
        id uuid primary key,
        customer_id uuid not null,
        campaign_id uuid,
        source text not null,
        channel text not null,
        channel_code text not null,
        branch_id uuid not null,
        owner_id uuid,
        interest text,
        score integer not null check (score between 0 and 100),
        expected_margin numeric(19,4) not null,
        currency char(3) not null,
        reasons jsonb not null,
        status text not null check (status in ('new', 'accepted', 'declined', 'converted')),
        routed_at timestamptz not null,
        accepted_at timestamptz,
        first_response_at timestamptz,
        declined_at timestamptz,
        decline_reason text,
        converted_at timestamptz,
        opportunity_id uuid,
        -- Version of the lead in marketing by which an older routing is refused.
        source_version bigint not null,
        version integer not null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        check ((status = 'converted') = (opportunity_id is not null)),
        check (status <> 'declined' or decline_reason is not null));
      create index lead_queue_idx on lead (branch_id, status, routed_at desc, id desc);
      create index lead_owner_idx on lead (owner_id, status, routed_at desc, id desc);
      create index lead_customer_idx on lead (customer_id);

      create table lead_approach (
        id uuid primary key,
        lead_id uuid not null references lead,
        channel text not null,
        outcome text not null check (outcome in ('reached', 'no-answer', 'call-back', 'not-interested', 'interested')),
        note text,
        by_id text not null,
        at timestamptz not null default now());
      create index lead_approach_lead_idx on lead_approach (lead_id, at);

      create table opportunity (
        id uuid primary key,
        name text not null,
        customer_id uuid not null,
        lead_id uuid,
        campaign_id uuid,
        pipeline_id uuid not null references pipeline,
        stage text not null,
        stage_since timestamptz not null,
        probability integer not null check (probability between 0 and 100),
        status text not null check (status in ('open', 'won', 'lost')),
        need text,
        amount numeric(19,4) check (amount >= 0),
        currency char(3) not null,
        expected_close_on date,
        branch_id uuid not null,
        owner_id uuid not null,
        closed_at timestamptz,
        close_reason text,
        version integer not null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        constraint opportunity_lead_key unique (lead_id),
        check ((status = 'open') = (closed_at is null)),
        check (status <> 'won' or amount is not null));
      create index opportunity_branch_idx on opportunity (branch_id, status, updated_at desc, id desc);
      create index opportunity_owner_idx on opportunity (owner_id, status, updated_at desc, id desc);
      create index opportunity_updated_idx on opportunity (updated_at desc, id desc);
      create index opportunity_customer_idx on opportunity (customer_id, status);
      create index opportunity_pipeline_idx on opportunity (pipeline_id, stage) where status = 'open';

      create table opportunity_line (
        opportunity_id uuid not null references opportunity,
        line integer not null check (line > 0),
        product_id uuid not null references product,
        quantity numeric(16,4) not null check (quantity > 0),
        unit_price numeric(19,4) not null check (unit_price >= 0),
        amount numeric(19,4) not null check (amount >= 0),
        primary key (opportunity_id, line));

      create table opportunity_contact (
        id uuid primary key,
        opportunity_id uuid not null references opportunity,
        name text not null,
        role text not null check (role in ('user', 'influencer', 'decider', 'buyer', 'gatekeeper')),
        phone text,
        email text,
        note text,
        created_at timestamptz not null default now());
      create index opportunity_contact_opportunity_idx on opportunity_contact (opportunity_id);

      -- One row for each stay in a stage; the open one has no end.
      create table opportunity_stay (
        id bigint generated always as identity primary key,
        opportunity_id uuid not null references opportunity,
        stage text not null,
        entered_at timestamptz not null default now(),
        left_at timestamptz check (left_at >= entered_at),
        by_id text not null);
      create index opportunity_stay_opportunity_idx on opportunity_stay (opportunity_id, entered_at);
      create unique index opportunity_stay_open_idx on opportunity_stay (opportunity_id) where left_at is null;
    `);
    await runner.query(enableRowSecurity('lead', { branch: true, owner: true }));
    await runner.query(enableRowSecurity('lead_approach', { through: { table: 'lead', column: 'lead_id' } }));
    await runner.query(enableRowSecurity('opportunity', { branch: true, owner: true }));
    for (const part of ['opportunity_line', 'opportunity_contact', 'opportunity_stay']) {
      await runner.query(enableRowSecurity(part, { through: { table: 'opportunity', column: 'opportunity_id' } }));
    }
    // A customer is reached through its branch or seller, or because somebody of the caller's works a lead or an
    // opportunity with it.
    await runner.query(`
      alter table customer enable row level security;
      alter table customer force row level security;
      create policy quen_scope on customer using (
        (select quen_scope()) = 'all'
        or (select quen_scope()) is not null and (
          branch_id = any((select quen_branches())::uuid[]) or owner_id = (select quen_subject())
          or exists (select 1 from lead where lead.customer_id = customer.id)
          or exists (select 1 from opportunity where opportunity.customer_id = customer.id)))
      with check ((select quen_scope()) = 'all');
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop policy quen_scope on customer; alter table customer disable row level security');
    await runner.query(
      'drop table opportunity_stay, opportunity_contact, opportunity_line, opportunity, lead_approach, lead',
    );
  }
}
