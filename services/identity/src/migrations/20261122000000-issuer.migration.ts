import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Clients, signing keys and what the issuer remembers. */
export class Issuer1795305600001 implements MigrationInterface {
  name = 'Issuer1795305600001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table client (
        id uuid primary key,
        client_id text not null unique,
        name text not null,
        kind text not null check (kind in ('machine', 'application')),
        secret_hash text,
        roles text[] not null default '{}',
        branch_id uuid references branch,
        redirect_uris text[] not null default '{}',
        post_logout_redirect_uris text[] not null default '{}',
        active boolean not null default true,
        version integer not null default 1,
        created_at timestamptz not null default now(),
        check ((kind = 'machine') = (cardinality(roles) > 0)),
        check ((kind = 'application') = (cardinality(redirect_uris) > 0)),
        check (kind = 'application' or secret_hash is not null)
      );
      create index client_branch on client (branch_id);

      create table signing_key (
        kid text primary key,
        private_key text not null,
        signs_from timestamptz not null,
        created_at timestamptz not null default now()
      );

      create table issuer_record (
        model text not null,
        id text not null,
        payload jsonb not null,
        grant_id text,
        account_id text,
        uid text,
        consumed_at timestamptz,
        expires_at timestamptz,
        primary key (model, id)
      );
      create index issuer_record_grant on issuer_record (grant_id) where grant_id is not null;
      create index issuer_record_account on issuer_record (account_id) where account_id is not null;
      create index issuer_record_uid on issuer_record (uid) where uid is not null;
      create index issuer_record_expiry on issuer_record (expires_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table issuer_record, signing_key, client');
  }
}
