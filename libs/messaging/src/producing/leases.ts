import type { DataSource } from 'typeorm';
import { shardCount } from './outbox.js';
import { isDeadNeighbour, neighbourhood } from './owner.js';

/** What a renewal found out. */
export interface Renewal {
  /** Shards held now. */
  readonly shards: readonly number[];
  /** Among them those whose recent states must be sent again, since a late send of a former owner may have overwritten them. */
  readonly resend: readonly number[];
  /** How many were taken or lost. */
  readonly changes: number;
}

/** Which relay sends which shards of an outbox. Times are the database's, so that no process's clock matters. */
export class Leases {
  private held: readonly number[] = [];
  private renewedAt = -Infinity;

  constructor(private readonly db: DataSource, private readonly owner: string, private readonly ttlMs: number) {}

  get shards(): readonly number[] {
    return this.held;
  }

  /** How long the leases surely last; measured from before the last renewal, on a clock that never jumps. */
  remainingMs(): number {
    return this.held.length ? this.renewedAt + this.ttlMs - performance.now() : 0;
  }

  /** Renews what is held and takes what nobody holds any more. */
  async renew(): Promise<Renewal> {
    const before = performance.now();
    const dead = this.held.length < shardCount ? await this.deadNeighbours() : [];
    const rows = await this.db.query<{ shard: number; resend: boolean; taken: boolean }[]>(
      `with free as (
         select shard, owner is distinct from $1 as taken, owner is not null and owner <> $1 as unclean, resend
         from outbox_lease where owner = $1 or expires_at < clock_timestamp() or owner = any($3::text[])
         for update skip locked),
       renewed as (
         update outbox_lease l set owner = $1, expires_at = clock_timestamp() + $2 * interval '1 millisecond',
                epoch = l.epoch + free.taken::integer, resend = free.resend or free.unclean
         from free where l.shard = free.shard
         returning l.shard, l.resend, free.taken)
       select shard, resend, taken from renewed order by shard`,
      [this.owner, this.ttlMs, dead],
    );
    const shards = rows.map(({ shard }) => shard);
    const taken = rows.filter((row) => row.taken).length;
    const lost = this.held.filter((shard) => !shards.includes(shard)).length;
    this.held = shards;
    this.renewedAt = before;
    return { shards, resend: rows.filter((row) => row.resend).map(({ shard }) => shard), changes: taken + lost };
  }

  /** Owners on this machine whose process is gone; after a kill and a restart nobody needs to wait for their leases to expire. */
  private async deadNeighbours(): Promise<string[]> {
    const rows = await this.db.query<{ owner: string }[]>(`select distinct owner from outbox_lease where starts_with(owner, $1) and owner <> $2`, [neighbourhood, this.owner]);
    return rows.map(({ owner }) => owner).filter(isDeadNeighbour);
  }

  /** Tells the present owners of these shards that this process may have overwritten newer states with older ones. */
  async confess(shards: readonly number[]): Promise<void> {
    await this.db.query(`update outbox_lease set resend = true where shard = any($1::smallint[])`, [shards]);
  }

  /** Says that the recent states of these shards were sent again. */
  async resent(shards: readonly number[]): Promise<void> {
    await this.db.query(`update outbox_lease set resend = false where shard = any($1::smallint[]) and owner = $2`, [shards, this.owner]);
  }

  /** Gives everything back, so that another relay goes on at once and has nothing to send again. */
  async release(): Promise<void> {
    this.held = [];
    await this.db.query(`update outbox_lease set owner = null, expires_at = '-infinity' where owner = $1`, [this.owner]);
  }
}
