import type { MigrationInterface, QueryRunner } from 'typeorm';
import { enableRowSecurity } from '@quen/chassis';

/** Branches, departments and staff with their passwords. */
export class Staff1795305600000 implements MigrationInterface {
  name = 'Staff1795305600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table branch (
        id uuid primary key,
        code text not null unique,
        name text not null,
        parent_id uuid references branch,
        path text not null unique,
        province text,
        address text,
        phone text,
        active boolean not null default true,
        version integer not null default 1,
        created_at timestamptz not null default now(),
        check (case when parent_id is null then path = id::text else path like '%' || parent_id::text || '.' || id::text end)
      );
      create index branch_parent on branch (parent_id);
      create index branch_path on branch (path text_pattern_ops);

      create table department (
        id uuid primary key,
        code text not null unique,
        name text not null,
        active boolean not null default true,
        version integer not null default 1,
        created_at timestamptz not null default now()
      );

      create table staff (
        id uuid primary key,
        owner_id uuid not null generated always as (id) stored,
        code text unique,
        login_name text not null unique,
        display_name text not null,
        family_name text,
        middle_name text,
        given_name text,
        email text,
        phone text,
        title text,
        roles text[] not null check (cardinality(roles) > 0),
        branch_id uuid not null references branch,
        department_id uuid references department,
        languages text[] not null default '{}',
        skills text[] not null default '{}',
        active boolean not null default true,
        left_at timestamptz,
        absent_from date,
        absent_until date,
        substitute_id uuid references staff,
        version integer not null default 1,
        created_at timestamptz not null default now(),
        check (active = (left_at is null)),
        check (absent_until >= absent_from),
        check (substitute_id <> id)
      );
      create index staff_branch on staff (branch_id);
      create index staff_department on staff (department_id);
      create index staff_name on staff (display_name, id);

      create table credential (
        staff_id uuid primary key references staff on delete cascade,
        password_hash text not null,
        temporary boolean not null,
        changed_at timestamptz not null default now()
      );

      create table sign_in_attempt (
        key text primary key,
        attempts integer not null,
        last_at timestamptz not null,
        blocked_until timestamptz not null
      );
    `);
    await runner.query(enableRowSecurity('staff', { branch: true, owner: true }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table sign_in_attempt, credential, staff, department, branch');
  }
}
