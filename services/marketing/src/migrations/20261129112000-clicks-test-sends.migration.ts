import type { MigrationInterface, QueryRunner } from 'typeorm';
import { enableRowSecurity } from '@quen/chassis';

/**
 * When a message's link was first visited; the tests that people sent, and the mailboxes of the staff, to whom they may
 * go.
 */
export class ClicksTestSends1795957200000 implements MigrationInterface {
  readonly name = 'ClicksTestSends1795957200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table message add column clicked_at timestamptz');

    await runner.query(
      'create table staff (id uuid primary key, version bigint not null, email text, active boolean not null)',
    );
    await runner.query('create index staff_email on staff (email) where active and email is not null');

    await runner.query(`
      create table test_send (
        id uuid primary key default uuidv7(),
        campaign_id uuid not null references campaign(id),
        owner_id uuid not null,
        address text not null,
        sent_at timestamptz not null default now()
      )`);
    await runner.query('create index test_send_owner on test_send (owner_id, sent_at)');
    await runner.query(enableRowSecurity('test_send', { owner: true }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table test_send');
    await runner.query('drop table staff');
    await runner.query('alter table message drop column clicked_at');
  }
}
