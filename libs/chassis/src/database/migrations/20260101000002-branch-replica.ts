import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The replica of the branch tree that row-level security looks branches up in. */
export class BranchReplica1767225600002 implements MigrationInterface {
  readonly name = 'BranchReplica1767225600002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table branch (
        id uuid primary key, code text not null, name text not null, parent_id uuid, path text not null,
        province text, active boolean not null, version bigint not null);
      create index on branch (path text_pattern_ops);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table branch');
  }
}
