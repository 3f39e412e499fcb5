import type { MigrationInterface, QueryRunner } from 'typeorm';
import { enableRowSecurity } from '@quen/chassis';

/** Imports with their results, the timeline of each customer, and the replica of what is calculated of customers. */
export class ImportsTimelineInsights1772323200002 implements MigrationInterface {
  readonly name = 'ImportsTimelineInsights1772323200002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table customer_import (
        id uuid primary key, file_name text not null, bytes int not null,
        mode text not null check (mode in ('create', 'create-update', 'update')), keys text[] not null, dry_run boolean not null,
        source text not null, source_note text not null, branch_id uuid, owner_id uuid not null, collected_at timestamptz,
        header text[] not null, delimiter text not null, columns jsonb not null,
        rows int not null, done int not null, created int not null, updated int not null, matched int not null, rejected int not null, warned int not null,
        reasons jsonb not null, sample jsonb not null,
        state text not null check (state in ('waiting', 'running', 'done', 'cancelled')), created_at timestamptz not null, finished_at timestamptz);
      create index customer_import_by_time on customer_import (created_at, id);
      ${enableRowSecurity('customer_import', { branch: true, owner: true })};

      create table timeline_entry (
        customer_id uuid not null, at timestamptz not null, event_id uuid not null,
        service text not null, kind text not null, subject_id text not null, actor text, occurred_at timestamptz not null, data jsonb not null,
        primary key (customer_id, at, event_id));
      alter table timeline_entry enable row level security;
      alter table timeline_entry force row level security;
      -- The consumer (scope all) may hear of a customer before its own record is there; readers see what their customers' rows allow.
      create policy quen_scope on timeline_entry
        using ((select quen_scope()) = 'all' or exists (select 1 from customer c where c.id = customer_id))
        with check ((select quen_scope()) = 'all');

      create table customer_insight (
        customer_id uuid primary key, version bigint not null, rank text not null, state jsonb not null, received_at timestamptz not null default now());
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table customer_insight, timeline_entry, customer_import;');
  }
}
