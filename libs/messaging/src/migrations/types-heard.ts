import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What operators may be said to have done. */
const accountsOf = (also: string, checked: string): string => `
  alter table inbox_replay drop constraint inbox_replay_action_check, add constraint inbox_replay_action_check check (action in
    (${also}'replay', 'discard', 'skip', 'repair', 'read-value', 'pause', 'resume', 'reset', 'republish', 'rebuild'))${checked}`;

/**
 * From which offset on a consumer has taken a type. What lies before was passed over by versions that had no reaction to
 * it, and is what a re-read may take.
 */
export class TypesHeard1796000001001 implements MigrationInterface {
  readonly name = 'TypesHeard1796000001001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table inbox_heard (
        consumer text not null,
        topic text not null,
        part integer not null,
        type text not null,
        from_offset bigint not null,
        primary key (consumer, topic, part, type)
      )`);
    await runner.query(accountsOf(`'reread', `, ''));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(accountsOf('', ' not valid'));
    await runner.query(`drop table inbox_heard`);
  }
}
