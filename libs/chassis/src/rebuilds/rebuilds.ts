import { Inject, Injectable } from '@nestjs/common';
import { beginOperation, ShadowReading } from '@quen/messaging';
import { Database } from '../database/database.js';
import type { Job } from '../jobs/job.dto.js';
import { Jobs } from '../jobs/jobs.js';
import { storesOf, type DerivedStore } from './derived-store.js';
import { historyLost, nothingToRebuild, rebuildRunning } from './rebuild-problems.js';
import { turnOf } from './rebuild-turn.js';

/** Injection token of the service's derived stores. */
export const derivedStores = Symbol('derived stores');

/** What a rebuild job is given. */
export interface RebuildParams {
  operation: string;
  consumers: string[];
  take: boolean;
}

/** Starts rebuilds as jobs, one at a time. */
@Injectable()
export class Rebuilds {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly reading: ShadowReading,
    @Inject(derivedStores) private readonly stores: readonly DerivedStore[],
  ) {}

  /** @throws Problem unknown_consumer, consumer_not_rebuildable, nothing_to_rebuild, rebuild_running or history_lost */
  async start(consumers: string[], take: boolean, reason: string | undefined): Promise<Job> {
    const stores = storesOf(this.stores, this.reading.names(), consumers);
    if (!stores.length) throw nothingToRebuild();
    const [lost] = await this.reading.lostHistory(stores.flatMap(({ groups }) => groups));
    if (lost) throw historyLost({ topic: lost.topic, partition: lost.partition, offset: lost.firstOffset });
    return this.database.transaction(async (tx) => {
      const [free] = await tx.query<{ free: boolean }[]>(
        `select pg_try_advisory_xact_lock(hashtextextended($1, 0)) and not exists (select 1 from job where kind = 'rebuild' and state in ('waiting', 'running')) as free`,
        [turnOf((await tx.query<{ schema: string }[]>('select current_schema() as schema'))[0]!.schema)],
      );
      if (!free?.free) throw rebuildRunning();
      const operation = await beginOperation(tx, {
        action: 'rebuild',
        ...(consumers.length === 1 ? { consumer: consumers[0]! } : {}),
        ...(reason ? { reason } : {}),
        filter: { consumers, take },
        dryRun: !take,
      });
      return this.jobs.enqueue(tx, 'rebuild', { operation, consumers, take } satisfies RebuildParams);
    });
  }
}
