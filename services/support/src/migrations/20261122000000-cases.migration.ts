import type { MigrationInterface, QueryRunner } from 'typeorm';
import { enableRowSecurity } from '@quen/chassis';
import { publicHolidays } from '../calendars/public-holidays.js';

const firstYears = [2025, 2026, 2027];

export class Cases1795345200000 implements MigrationInterface {
  name = 'Cases1795345200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table calendar (
        id uuid primary key, version int not null default 1, name text not null unique, zone text not null, week jsonb not null,
        is_default boolean not null default false, created_at timestamptz not null default now(), updated_at timestamptz not null default now());
      create unique index calendar_default on calendar (is_default) where is_default;
      create table holiday (calendar_id uuid not null references calendar on delete cascade, day date not null, name text not null, primary key (calendar_id, day));

      create table sla_policy (
        id uuid primary key, version int not null default 1, name text not null unique, calendar_id uuid not null references calendar,
        targets jsonb not null, is_default boolean not null default false,
        created_at timestamptz not null default now(), updated_at timestamptz not null default now());
      create unique index sla_policy_default on sla_policy (is_default) where is_default;

      create table customer (
        id uuid primary key, version bigint not null default -1, code text, display_name text, branch_id uuid, language text not null default 'vi',
        merged_into uuid, erased boolean not null default false,
        insight_version bigint not null default -1, rank text not null default 'standard', lifetime_value numeric not null default 0,
        ranked_at timestamptz, received_at timestamptz);

      create sequence case_code;
      create table "case" (
        id uuid primary key, version int not null default 1, code text not null unique, customer_id uuid not null, branch_id uuid not null, agent_id uuid,
        subject text not null, description text, kind text not null, severity text not null, category text not null, cause text, channel text not null,
        status text not null check (status in ('new', 'open', 'waiting', 'solved', 'closed')),
        opened_at timestamptz not null, first_answered_at timestamptz, solved_at timestamptz, closed_at timestamptz, solution text, reopened int not null default 0,
        rating smallint check (rating between 1 and 5), rating_comment text,
        policy_id uuid not null references sla_policy, policy_version int not null,
        first_response_due_at timestamptz, solution_due_at timestamptz, first_response_breached_at timestamptz, solution_breached_at timestamptz,
        points int not null, rank text not null default 'standard',
        created_at timestamptz not null default now(), updated_at timestamptz not null default now());
      create index case_customer on "case" (customer_id);
      create index case_queue on "case" (points desc, opened_at, id) where status in ('new', 'open');
      create index case_first_response_due on "case" (first_response_due_at) where first_response_breached_at is null and first_answered_at is null;
      create index case_solution_due on "case" (solution_due_at) where solution_breached_at is null and status in ('new', 'open');
      create index case_branch on "case" (branch_id, opened_at desc);
      create index case_agent on "case" (agent_id) where status in ('new', 'open', 'waiting');

      create table case_log (
        case_id uuid not null references "case", n int generated always as identity, at timestamptz not null, kind text not null, actor uuid, actor_name text,
        status text not null, running boolean not null, text text, data jsonb not null default '{}', primary key (case_id, n));
    `);
    await runner.query(enableRowSecurity('case', { branch: true, owner: 'agent_id' }));
    await this.defaults(runner);
  }

  /** Office hours and targets that a firm begins with and edits; holidays as Vietnamese law fixes them. */
  private async defaults(runner: QueryRunner): Promise<void> {
    const office = [
      { from: '08:00', to: '12:00' },
      { from: '13:00', to: '17:30' },
    ];
    const week = { 1: office, 2: office, 3: office, 4: office, 5: office, 6: [{ from: '08:00', to: '12:00' }] };
    await runner.query(
      `insert into calendar (id, name, zone, week, is_default) values ('019a0000-0000-7000-8000-0000000ca1e0', 'Giờ hành chính', 'Asia/Ho_Chi_Minh', $1, true)`,
      [JSON.stringify(week)],
    );
    await runner.query(
      `insert into holiday (calendar_id, day, name)
      select '019a0000-0000-7000-8000-0000000ca1e0', day, min(name) from jsonb_to_recordset($1::jsonb) as h (day date, name text) group by day`,
      [JSON.stringify(firstYears.flatMap((year) => publicHolidays(year)))],
    );
    const targets = {
      low: { firstResponseMinutes: 480, solutionMinutes: 2400 },
      normal: { firstResponseMinutes: 240, solutionMinutes: 1440 },
      high: { firstResponseMinutes: 60, solutionMinutes: 480 },
      critical: { firstResponseMinutes: 30, solutionMinutes: 240 },
    };
    await runner.query(
      `insert into sla_policy (id, name, calendar_id, targets, is_default)
      values ('019a0000-0000-7000-8000-00000005a1e0', 'Tiêu chuẩn', '019a0000-0000-7000-8000-0000000ca1e0', $1, true)`,
      [JSON.stringify(targets)],
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table case_log, "case", customer, sla_policy, holiday, calendar');
    await runner.query('drop sequence case_code');
  }
}
