import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the operator was called when the operation was done, so that an account is read without the directory of people.
 */
export class OperatorName1795395600000 implements MigrationInterface {
  readonly name = 'OperatorName1795395600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table inbox_replay add column actor_name text`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table inbox_replay drop column actor_name`);
  }
}
