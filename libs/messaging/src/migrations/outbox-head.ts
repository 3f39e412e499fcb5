import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Reads the oldest waiting rows by the index of their numbers. The statistics must not decide: they are of an outbox
 * that is nearly empty. When Kafka is away, a plan made from them would sort everything that waits for each batch,
 * until the next analyze.
 */
export class OutboxHead1795482100000 implements MigrationInterface {
  readonly name = 'OutboxHead1795482100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function outbox_head(shards smallint[], in_flight bigint[], most integer) returns setof outbox language sql stable set enable_sort = off
      as $$ select * from outbox where shard = any(shards) and seq <> all(in_flight) order by seq limit most $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop function outbox_head`);
  }
}
