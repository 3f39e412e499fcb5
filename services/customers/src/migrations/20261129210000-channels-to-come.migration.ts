import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The ledger keeps what customers said about channels and purposes that this version does not know yet: they unsubscribe
 * in a service that may be a release ahead. What people enter here is still checked where it comes in.
 */
export class ChannelsToCome1796000000901 implements MigrationInterface {
  readonly name = 'ChannelsToCome1796000000901';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table consent_entry drop constraint consent_entry_channel_check, drop constraint consent_entry_purpose_check`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table consent_entry
        add constraint consent_entry_channel_check check (channel in ('email', 'sms', 'phone', 'zalo', 'letter', 'visit')) not valid,
        add constraint consent_entry_purpose_check check (purpose in ('marketing', 'care', 'survey', 'profiling', 'sharing')) not valid`);
  }
}
