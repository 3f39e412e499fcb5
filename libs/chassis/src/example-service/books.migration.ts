import type { MigrationInterface, QueryRunner } from 'typeorm';
import { enableRowSecurity } from '../index.js';

export class Books1769904000001 implements MigrationInterface {
  readonly name = 'Books1769904000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table book (
      id uuid primary key, title text not null unique, author text, price numeric(12, 2), state text not null check (state in ('in', 'lent')),
      owner_id uuid not null, branch_id uuid, created_at timestamptz not null default clock_timestamp(), version int not null,
      search_text text generated always as (quen_fold(title || ' ' || coalesce(author, ''))) stored)`);
    await runner.query(enableRowSecurity('book', { branch: true, owner: true }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table book');
  }
}
