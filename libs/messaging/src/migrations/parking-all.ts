import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Until when a consumer parks everything that it cannot take. It lies in the row that the fence locks, so that a slice
 * learns of it in the statement that it begins with.
 */
export class ParkingAll1795392000000 implements MigrationInterface {
  readonly name = 'ParkingAll1795392000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table inbox_position add column park_all_until timestamptz`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table inbox_position drop column park_all_until`);
  }
}
