import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the services that own a state erased, and at which version: no older state of it comes back into a replica.
 */
export class ErasedRecords1767225600009 implements MigrationInterface {
  readonly name = 'ErasedRecords1767225600009';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'create table erased (state text not null, id uuid not null, version bigint not null, primary key (state, id))',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table erased');
  }
}
