import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A channel's won amount adds up its own currency only, so it says of how many won leads it is the sum. */
export class WonCurrencies1795960800000 implements MigrationInterface {
  readonly name = 'WonCurrencies1795960800000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table channel_record add column valued int not null default 0');
    await runner.query('update channel_record set valued = won');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table channel_record drop column valued');
  }
}
