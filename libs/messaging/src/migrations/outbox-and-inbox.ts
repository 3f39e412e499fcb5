import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables of the outbox, the inbox, parked records and the audit of replays, in the service's own schema. */
export class OutboxAndInbox1735689600000 implements MigrationInterface {
  readonly name = 'OutboxAndInbox1735689600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table outbox (
        seq bigint generated always as identity primary key,
        event_id uuid not null unique,
        shard smallint not null,
        topic text not null,
        aggregatetype text not null,
        aggregateid text not null,
        version bigint not null,
        type text not null,
        state boolean not null,
        headers jsonb not null,
        payload jsonb,
        bytes integer not null,
        created_at timestamptz not null default clock_timestamp()
      )`);
    // The dead rows of a queue of any size must go quickly: the relay reads from the end where they collect.
    await runner.query(
      `alter table outbox set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0)`,
    );
    await runner.query(`create index outbox_shard_seq on outbox (shard, seq)`);
    await runner.query(`
      create table outbox_lease (
        shard smallint primary key,
        owner text,
        epoch bigint not null default 0,
        expires_at timestamptz not null default '-infinity',
        resend boolean not null default false
      )`);
    await runner.query(`insert into outbox_lease (shard) select generate_series(0, 15)`);
    await runner.query(`
      create table outbox_sent_state (
        topic text not null,
        aggregateid text not null,
        shard smallint not null,
        version bigint not null,
        seq bigint not null,
        headers jsonb not null,
        payload jsonb,
        sent_at timestamptz not null default clock_timestamp(),
        primary key (topic, aggregateid)
      )`);
    await runner.query(`create index outbox_sent_state_shard on outbox_sent_state (shard, sent_at)`);
    await runner.query(`
      create table inbox_position (
        consumer text not null,
        topic text not null,
        part integer not null,
        topic_id text not null,
        next_offset bigint not null,
        bootstrap_until bigint,
        primary key (consumer, topic, part)
      )`);
    await runner.query(`
      create table inbox (
        consumer text not null,
        event_id uuid not null,
        processed_at timestamptz not null default clock_timestamp(),
        primary key (consumer, event_id)
      )`);
    await runner.query(`create index inbox_processed_at on inbox (processed_at)`);
    await runner.query(`
      create table inbox_parked (
        consumer text not null,
        msg_key text not null,
        n bigint generated always as identity,
        topic text not null,
        part integer not null,
        msg_offset bigint not null,
        headers jsonb not null,
        value bytea,
        error_class text not null,
        error text not null,
        attempts integer not null,
        parked_at timestamptz not null default clock_timestamp(),
        status text not null default 'parked' check (status in ('parked', 'replayed', 'discarded')),
        settled_at timestamptz,
        primary key (consumer, msg_key, n)
      )`);
    await runner.query(
      `create index inbox_parked_waiting on inbox_parked (consumer, msg_key, n) where status = 'parked'`,
    );
    await runner.query(`
      create table inbox_replay (
        id uuid primary key,
        at timestamptz not null default clock_timestamp(),
        actor text,
        action text not null check (action in ('replay', 'discard')),
        dry_run boolean not null,
        filter jsonb not null,
        result jsonb not null
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `drop table inbox_replay, inbox_parked, inbox, inbox_position, outbox_sent_state, outbox_lease, outbox`,
    );
  }
}
