import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * One replica of the staff for all services. Where a service had one of its own, with other columns, its rows stay in
 * use and the topic is read once more to fill the rest: that is why the new columns may be null and why versions go
 * back. A row without name, mailbox or activity was an erased member's in marketing.
 */
export class StaffReplica1796083200001 implements MigrationInterface {
  readonly name = 'StaffReplica1796083200001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table if not exists staff (id uuid primary key, version bigint not null, active boolean not null);
      alter table staff
        add column if not exists display_name text,
        add column if not exists branch_id uuid,
        add column if not exists email text,
        add column if not exists received_at timestamptz not null default now();
      insert into erased (state, id, version)
        select 'crm.identity.staff', id, version - 1 from staff where display_name is null and email is null and not active;
      delete from staff where display_name is null and email is null and not active;
      update staff set version = -1;
      delete from inbox where consumer like 'crm.%.staff-replica';
      delete from inbox_position where consumer like 'crm.%.staff-replica';

      -- Who works for the firm is known to all who work for it; only the topic says so.
      alter table staff enable row level security;
      alter table staff force row level security;
      drop policy if exists quen_scope on staff;
      create policy quen_scope on staff using ((select quen_scope()) is not null) with check ((select quen_scope()) = 'all');
    `);
  }

  async down(): Promise<void> {
    // Earlier versions pass the further columns over.
  }
}
