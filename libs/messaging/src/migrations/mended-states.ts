import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Finds keys whose record was replayed with the value of a repair; nearly always empty, and asked by every slice of a
 * state topic.
 */
export class MendedStates1795482000000 implements MigrationInterface {
  readonly name = 'MendedStates1795482000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `create index inbox_parked_mended on inbox_parked (consumer, msg_key) where status = 'replayed' and value is not null`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index inbox_parked_mended`);
  }
}
