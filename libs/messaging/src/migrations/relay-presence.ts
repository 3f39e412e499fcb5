import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Relays that are there, for fair shares of the shards; and when recent states of a shard go out once more after an
 * unclean change of owner.
 */
export class RelayPresence1795305600000 implements MigrationInterface {
  readonly name = 'RelayPresence1795305600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table outbox_relay (owner text primary key, expires_at timestamptz not null)`);
    await runner.query(`alter table outbox_lease add column resend_at timestamptz`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table outbox_lease drop column resend_at`);
    await runner.query(`drop table outbox_relay`);
  }
}
