import type { MigrationInterface, QueryRunner } from 'typeorm';
import { enableRowSecurity } from '@quen/chassis';

/** Sales channels, leads with each route they took, and the ledger of what campaigns brought. */
export class LeadsResults1795342800000 implements MigrationInterface {
  readonly name = 'LeadsResults1795342800000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table sales_channel (
        id uuid primary key,
        version int not null,
        code text not null unique,
        name text not null,
        kind text not null check (kind in ('agent', 'point-of-sale', 'collaborator', 'branch', 'call-centre', 'web')),
        branch_id uuid not null,
        owner_id uuid,
        capacity_per_day int not null check (capacity_per_day >= 0),
        currency text not null,
        cost_per_lead numeric(20,4) not null check (cost_per_lead >= 0),
        expected_order_value numeric(20,4) not null check (expected_order_value > 0),
        expected_conversion numeric(6,5) not null check (expected_conversion between 0 and 1),
        expected_margin_rate numeric(6,5) not null check (expected_margin_rate between 0 and 1),
        provinces text[] not null default '{}',
        active boolean not null default true,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      )`);
    // What became of the leads that a channel took, by the customers' category.
    await runner.query(`
      create table channel_record (
        channel_id uuid not null references sales_channel(id),
        category text not null,
        converted int not null default 0, won int not null default 0, lost int not null default 0,
        won_amount numeric(20,4) not null default 0,
        primary key (channel_id, category)
      )`);

    await runner.query(`
      create table lead (
        id uuid primary key,
        version int not null,
        customer_id uuid not null,
        source text not null,
        campaign_id uuid references campaign(id),
        branch_id uuid not null,
        owner_id uuid,
        interest text,
        category text not null,
        status text not null check (status in ('routed', 'unrouted', 'accepted', 'converted', 'won', 'lost')),
        score int not null check (score between 0 and 100),
        score_reasons jsonb not null default '[]',
        last_intent_at timestamptz not null,
        scored_at timestamptz not null,
        channel_id uuid references sales_channel(id),
        captured_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      )`);
    await runner.query(
      "create unique index lead_open on lead (customer_id, coalesce(campaign_id, '00000000-0000-0000-0000-000000000000')) where status in ('routed', 'unrouted', 'accepted', 'converted')",
    );
    await runner.query("create index lead_rescore on lead (scored_at, id) where status in ('routed', 'unrouted')");
    await runner.query('create index lead_campaign on lead (campaign_id)');
    await runner.query('create index lead_customer on lead (customer_id)');
    await runner.query(enableRowSecurity('lead', { branch: true, owner: true }));
    await runner.query(`
      create table lead_route (
        lead_id uuid not null references lead(id),
        n int not null,
        channel_id uuid not null references sales_channel(id),
        currency text not null,
        expected_margin numeric(20,4) not null,
        reasons jsonb not null,
        status text not null check (status in ('routed', 'accepted', 'declined')),
        answer text,
        routed_at timestamptz not null default now(),
        answered_at timestamptz,
        primary key (lead_id, n)
      )`);
    await runner.query('create index lead_route_channel on lead_route (channel_id, routed_at)');

    // Append-only: an order, a payment or a return that a campaign may claim, once each, by the id that sales gave it.
    await runner.query(`
      create table campaign_entry (
        id uuid primary key,
        kind text not null check (kind in ('order', 'payment', 'return')),
        campaign_id uuid not null references campaign(id),
        order_id uuid not null,
        customer_id uuid not null,
        attribution text not null check (attribution in ('direct', 'last-touch')),
        currency text not null,
        amount numeric(20,4) not null,
        cost numeric(20,4) not null default 0,
        on_date date not null,
        recorded_at timestamptz not null default now()
      )`);
    await runner.query('create index campaign_entry_campaign on campaign_entry (campaign_id, kind)');
    await runner.query("create unique index campaign_entry_order on campaign_entry (order_id) where kind = 'order'");
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['campaign_entry', 'lead_route', 'lead', 'channel_record', 'sales_channel'])
      await runner.query(`drop table ${table}`);
  }
}
