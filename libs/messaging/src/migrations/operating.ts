import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What operating the bus needs: paused consumers, moved positions, repaired records, and an account of every operation
 * that nothing rewrites.
 */
export class Operating1735776000000 implements MigrationInterface {
  readonly name = 'Operating1735776000000';

  async up(runner: QueryRunner): Promise<void> {
    // Both flags lie in the row that the fence locks, so that a slice learns of them in the statement that it begins
    // with.
    await runner.query(`
      alter table inbox_position
        add column epoch bigint not null default 0,
        add column paused boolean not null default false,
        add column moved_at timestamptz`);
    await runner.query(`
      create table inbox_pause (
        consumer text primary key,
        reason text not null,
        actor text,
        at timestamptz not null default clock_timestamp()
      )`);
    await runner.query(`alter table inbox_parked add column repaired_at timestamptz`);
    await runner.query(`create unique index inbox_parked_n on inbox_parked (n)`);
    await runner.query(`create index inbox_parked_at on inbox_parked (parked_at, n)`);
    await runner.query(`
      create view inbox_parked_record as
      select n, consumer, msg_key, topic, part, msg_offset, headers, headers ->> 'ce_type' as type, error_class, error, attempts,
             parked_at, status, settled_at, repaired_at, octet_length(value) as bytes
      from inbox_parked`);
    await runner.query(`
      alter table inbox_replay
        add column consumer text,
        add column reason text,
        add column finished_at timestamptz,
        alter column result drop not null,
        drop constraint inbox_replay_action_check,
        add constraint inbox_replay_action_check check (action in
          ('replay', 'discard', 'skip', 'repair', 'read-value', 'pause', 'resume', 'reset', 'republish', 'rebuild'))`);
    await runner.query(`update inbox_replay set consumer = filter ->> 'consumer', finished_at = at`);
    await runner.query(`create index inbox_replay_at on inbox_replay (at, id)`);
    await runner.query(`
      create function inbox_replay_is_kept() returns trigger language plpgsql as $$
      begin
        if tg_op = 'UPDATE' and old.result is null and new.result is not null
           and to_jsonb(new) - 'result' - 'finished_at' = to_jsonb(old) - 'result' - 'finished_at' then
          return new;
        end if;
        raise exception 'an account of an operation is kept as it is' using errcode = 'restrict_violation';
      end $$`);
    await runner.query(
      `create trigger inbox_replay_is_kept before update or delete on inbox_replay for each row execute function inbox_replay_is_kept()`,
    );
    await runner.query(
      `create trigger inbox_replay_is_not_emptied before truncate on inbox_replay for each statement execute function inbox_replay_is_kept()`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop trigger inbox_replay_is_not_emptied on inbox_replay`);
    await runner.query(`drop trigger inbox_replay_is_kept on inbox_replay`);
    await runner.query(`drop function inbox_replay_is_kept`);
    await runner.query(`delete from inbox_replay where action not in ('replay', 'discard') or result is null`);
    await runner.query(`drop index inbox_replay_at`);
    await runner.query(`
      alter table inbox_replay
        drop constraint inbox_replay_action_check,
        add constraint inbox_replay_action_check check (action in ('replay', 'discard')),
        alter column result set not null,
        drop column finished_at,
        drop column reason,
        drop column consumer`);
    await runner.query(`drop view inbox_parked_record`);
    await runner.query(`drop index inbox_parked_at, inbox_parked_n`);
    await runner.query(`alter table inbox_parked drop column repaired_at`);
    await runner.query(`drop table inbox_pause`);
    await runner.query(`alter table inbox_position drop column moved_at, drop column paused, drop column epoch`);
  }
}
