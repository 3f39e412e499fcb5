import type { DataSource } from 'typeorm';
import { shardCount } from './outbox.js';
import { isDeadNeighbour, neighbourhood } from './owner.js';

/**
 * After an unclean change of owner the recent states go out twice: at once, and when this share of their memory is
 * over. A late send of the former owner may land in between, and its sender may die before it can say so. The second
 * time puts that right.
 */
const lateShare = 0.95;

/** What a renewal found out. */
export interface Renewal {
  /** Shards held now. */
  readonly shards: readonly number[];
  /**
   * Among them those whose recent states must be sent again, since a late send of a former owner may have overwritten
   * them.
   */
  readonly resend: readonly number[];
  /** How many were taken or lost. */
  readonly changes: number;
  /** Among them those beyond this relay's fair share. They are given back when nothing of them is in flight. */
  readonly surplus: readonly number[];
}

/**
 * Which relay sends which shards of an outbox. Each relay says that it is there, so that all of them know the fair
 * share.
 * Times are the database's, so that no process's clock matters.
 */
export class Leases {
  private held: readonly number[] = [];
  private renewedAt = -Infinity;
  private renewing: Promise<Renewal> | undefined;

  /** @param stateMemoryMs how long after an unclean change of owner a late send may still land */
  constructor(
    private readonly db: DataSource,
    private readonly owner: string,
    private readonly ttlMs: number,
    private readonly stateMemoryMs: number,
  ) {}

  get shards(): readonly number[] {
    return this.held;
  }

  /** How long the leases surely last; measured from before the last renewal, on a clock that never jumps. */
  remainingMs(): number {
    return this.held.length ? this.renewedAt + this.ttlMs - performance.now() : 0;
  }

  /**
   * Renews the leases that are held and takes those that nobody holds any more, up to the fair share. Two calls at once
   * are one, since they would lock each other out.
   */
  renew(): Promise<Renewal> {
    this.renewing ??= this.renewOnce().finally(() => (this.renewing = undefined));
    return this.renewing;
  }

  private async renewOnce(): Promise<Renewal> {
    const before = performance.now();
    const dead = this.held.length < shardCount ? await this.deadNeighbours() : [];
    const rows = await this.db.query<{ shard: number | null; resend: boolean; taken: boolean; fair: number }[]>(
      `with present as (
         insert into outbox_relay (owner, expires_at) values ($1, clock_timestamp() + $2 * interval '1 millisecond')
         on conflict (owner) do update set expires_at = excluded.expires_at),
       departed as (delete from outbox_relay where owner <> $1 and (expires_at < clock_timestamp() or owner = any($3::text[]))),
       share as (
         select ceil(${shardCount} / (1.0 + count(*)))::integer as fair from outbox_relay
         where owner <> $1 and expires_at >= clock_timestamp() and owner <> all($3::text[])),
       mine as (select shard, false as taken, false as unclean, resend, resend_at from outbox_lease where owner = $1 for update skip locked),
       free as (
         select shard, true as taken, owner is not null as unclean, resend, resend_at from outbox_lease
         where owner is distinct from $1 and (expires_at < clock_timestamp() or owner = any($3::text[]))
         order by shard
         limit greatest((select fair from share) - (select count(*) from outbox_lease where owner = $1), 0)
         for update skip locked),
       renewed as (
         update outbox_lease l set owner = $1, expires_at = clock_timestamp() + $2 * interval '1 millisecond', epoch = l.epoch + due.taken::integer,
                resend = due.resend or due.unclean or coalesce(due.resend_at < clock_timestamp(), false),
                resend_at = case when due.unclean then clock_timestamp() + $4 * interval '1 millisecond' when due.resend_at < clock_timestamp() then null else due.resend_at end
         from (select * from mine union all select * from free) due where l.shard = due.shard
         returning l.shard, l.resend, due.taken)
       select shard, resend, taken, fair from share left join renewed on true order by shard`,
      [this.owner, this.ttlMs, dead, this.stateMemoryMs * lateShare],
    );
    const leased = rows.flatMap(({ shard, ...row }) => (shard === null ? [] : [{ shard, ...row }]));
    const shards = leased.map(({ shard }) => shard);
    const taken = leased.filter((row) => row.taken).length;
    const lost = this.held.filter((shard) => !shards.includes(shard)).length;
    if (taken + lost > 0) this.held = shards;
    this.renewedAt = before;
    return {
      shards,
      resend: leased.filter((row) => row.resend).map(({ shard }) => shard),
      changes: taken + lost,
      surplus: shards.slice(rows[0]?.fair ?? shardCount),
    };
  }

  /**
   * Owners on this machine whose process is gone. After a kill and a restart nobody needs to wait for their leases to
   * expire.
   */
  private async deadNeighbours(): Promise<string[]> {
    const rows = await this.db.query<{ owner: string }[]>(
      `select distinct owner from outbox_lease where starts_with(owner, $1) and owner <> $2`,
      [neighbourhood, this.owner],
    );
    return rows.map(({ owner }) => owner).filter(isDeadNeighbour);
  }

  /** Tells the present owners of these shards that this process may have overwritten newer states with older ones. */
  async confess(shards: readonly number[]): Promise<void> {
    await this.db.query(`update outbox_lease set resend = true where shard = any($1::smallint[])`, [shards]);
  }

  /** Says that the recent states of these shards were sent again. */
  async resent(shards: readonly number[]): Promise<void> {
    await this.db.query(`update outbox_lease set resend = false where shard = any($1::smallint[]) and owner = $2`, [
      shards,
      this.owner,
    ]);
  }

  /** Gives shards back of which nothing is in flight, for a relay that has less than its share. */
  async giveBack(shards: readonly number[]): Promise<void> {
    this.held = this.held.filter((shard) => !shards.includes(shard));
    await this.db.query(
      `update outbox_lease set owner = null, expires_at = '-infinity' where owner = $1 and shard = any($2::smallint[])`,
      [this.owner, shards],
    );
  }

  /** Gives everything back, so that another relay goes on at once and has nothing to send again. */
  async release(): Promise<void> {
    this.held = [];
    await this.db.query(
      `with departed as (delete from outbox_relay where owner = $1) update outbox_lease set owner = null, expires_at = '-infinity' where owner = $1`,
      [this.owner],
    );
  }
}
