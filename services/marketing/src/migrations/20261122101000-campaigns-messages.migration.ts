import type { MigrationInterface, QueryRunner } from 'typeorm';
import { enableRowSecurity } from '@quen/chassis';

/** Campaigns with their budget, the messages that they send, and the answers. */
export class CampaignsMessages1795342200000 implements MigrationInterface {
  readonly name = 'CampaignsMessages1795342200000';

  async up(runner: QueryRunner): Promise<void> {
    // `version` counts what people change (the ETag); `state_version` counts what is published, which sending moves
    // too.
    await runner.query(`
      create table campaign (
        id uuid primary key,
        version int not null,
        state_version int not null default 0,
        code text not null unique,
        name text not null check (name <> ''),
        description text,
        status text not null check (status in ('draft', 'running', 'paused', 'ended')),
        channel text not null check (channel in ('email')),
        segment_id uuid not null references segment(id),
        branch_id uuid not null,
        owner_id uuid not null,
        starts_on date not null,
        ends_on date not null,
        currency text not null,
        planned numeric(20,4) not null check (planned >= 0),
        committed numeric(20,4) not null default 0 check (committed >= 0),
        spent numeric(20,4) not null default 0 check (spent >= 0),
        message_cost numeric(20,4) not null check (message_cost >= 0),
        content jsonb not null,
        landing_url text,
        audience int,
        launched_at timestamptz,
        ended_at timestamptz,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        check (starts_on <= ends_on)
      )`);
    await runner.query(enableRowSecurity('campaign', { branch: true, owner: true }));
    await runner.query(`
      create table campaign_expense (
        id uuid primary key,
        campaign_id uuid not null references campaign(id),
        description text not null,
        amount numeric(20,4) not null check (amount > 0),
        spent_on date not null,
        created_by uuid not null,
        created_at timestamptz not null default now()
      )`);
    await runner.query('create index campaign_expense_campaign on campaign_expense (campaign_id)');

    // One row per person and step, whatever is launched, redelivered or killed.
    await runner.query(`
      create table message (
        id uuid primary key default uuidv7(),
        version int not null default 1,
        campaign_id uuid not null references campaign(id),
        step text not null,
        customer_id uuid not null,
        channel text not null,
        status text not null default 'queued' check (status in ('queued', 'sending', 'sent', 'refused', 'unconfirmed')),
        address text,
        reason text,
        attempts int not null default 0,
        interruptions int not null default 0,
        due_at timestamptz not null default now(),
        claimed_by uuid,
        claimed_until timestamptz,
        sent_at timestamptz,
        provider_answer text,
        created_at timestamptz not null default now(),
        unique (campaign_id, step, customer_id)
      )`);
    await runner.query("create index message_due on message (due_at, id) where status = 'queued'");
    await runner.query("create index message_claimed on message (claimed_until) where status = 'sending'");
    await runner.query('create index message_customer on message (customer_id, sent_at)');
    await runner.query('create index message_address on message (address, sent_at) where address is not null');

    await runner.query(`
      create table response (
        id uuid primary key,
        message_id uuid not null references message(id),
        campaign_id uuid not null references campaign(id),
        customer_id uuid not null,
        via text not null check (via in ('link', 'manual', 'reply')),
        note text,
        created_by uuid,
        created_at timestamptz not null default now()
      )`);
    await runner.query("create unique index response_link on response (message_id) where via = 'link'");
    await runner.query('create index response_campaign on response (campaign_id, id)');
    await runner.query('create index response_customer on response (customer_id, created_at)');

    // Signs the links in mails. Made here, so that an installation has a secret of its own without being given one.
    await runner.query(
      'create table link_key (id uuid primary key default uuidv7(), secret bytea not null, created_at timestamptz not null default now())',
    );
    await runner.query(
      "insert into link_key (secret) values (decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'))",
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['link_key', 'response', 'message', 'campaign_expense', 'campaign'])
      await runner.query(`drop table ${table}`);
  }
}
