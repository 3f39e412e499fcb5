import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Text folding, the functions of row-level security, and the tables of idempotent requests, jobs and schedules. */
export class Foundation1767225600001 implements MigrationInterface {
  readonly name = 'Foundation1767225600001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function quen_fold(input text) returns text
      language sql immutable strict parallel safe
      return btrim(regexp_replace(translate(lower(normalize(regexp_replace(normalize(input, nfd), '[\\u0300-\\u036f]', '', 'g'), nfc) collate "pg_c_utf8"), 'đ', 'd'), '\\s+', ' ', 'g'));

      create function quen_scope() returns text language sql stable parallel safe
      return nullif(current_setting('quen.scope', true), '');

      create function quen_subject() returns uuid language sql stable parallel safe
      return case when current_setting('quen.subject', true) ~ '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$'
        then current_setting('quen.subject', true)::uuid end;

      create function quen_branch() returns uuid language sql stable parallel safe
      return case when current_setting('quen.branch', true) ~ '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$'
        then current_setting('quen.branch', true)::uuid end;

      create function quen_branches() returns uuid[] language plpgsql stable parallel safe as $$
      declare own uuid := quen_branch();
      begin
        if own is null then return '{}'; end if;
        return (
          select coalesce(array_agg(below.id), '{}') || own
          from branch above join branch below on below.path = above.path or starts_with(below.path, above.path || '.')
          where above.id = own);
      end $$;

      create table idempotency (
        subject text not null, route text not null, key text not null,
        request_hash text not null, status int not null, headers jsonb not null default '{}', body json,
        created_at timestamptz not null default now(),
        primary key (subject, route, key));
      create index on idempotency (created_at);
      create function quen_idempotent(for_subject text, for_route text, for_key text)
      returns table (locked boolean, request_hash text, status int, headers jsonb, body json) language plpgsql as $$
      begin
        locked := pg_try_advisory_xact_lock(hashtextextended(concat_ws(E'\\n', current_schema(), for_subject, for_route, for_key), 0));
        if locked then
          delete from idempotency i where i.subject = for_subject and i.route = for_route and i.key = for_key and i.created_at < now() - interval '24 hours';
          select i.request_hash, i.status, i.headers, i.body into request_hash, status, headers, body
          from idempotency i where i.subject = for_subject and i.route = for_route and i.key = for_key;
        end if;
        return next;
      end $$;

      create table job (
        id uuid primary key, kind text not null, state text not null default 'waiting'
          check (state in ('waiting', 'running', 'succeeded', 'failed', 'cancelled')),
        params jsonb not null default '{}', caller jsonb not null default '{}', created_by text not null default '',
        done bigint not null default 0, total bigint, failed bigint not null default 0,
        checkpoint jsonb, result jsonb, problem jsonb, cancel_requested boolean not null default false,
        attempts int not null default 0, lease_owner uuid, lease_until timestamptz,
        created_at timestamptz not null default now(), started_at timestamptz, finished_at timestamptz);
      create index on job (created_at) where state in ('waiting', 'running');
      create index on job (created_by, created_at);
      create table job_file (
        job_id uuid not null references job on delete cascade, name text not null, media_type text not null,
        direction text not null check (direction in ('in', 'out')), content bytea not null,
        primary key (job_id, direction, name));
      create table job_failed_row (
        job_id uuid not null references job on delete cascade, line int not null, field text not null default '', reason text not null,
        row json not null default '{}', primary key (job_id, line, field));

      create table schedule (
        name text primary key, next_run_at timestamptz not null default now(), last_run_at timestamptz,
        lease_owner uuid, lease_until timestamptz not null default '-infinity', last_error text);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table schedule, job_failed_row, job_file, job, idempotency;
      drop function quen_idempotent(text, text, text), quen_branches(), quen_branch(), quen_subject(), quen_scope(), quen_fold(text);
    `);
  }
}
