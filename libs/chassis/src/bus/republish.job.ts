import { setTimeout as sleep } from 'node:timers/promises';
import { ModuleRef } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { Events, finishOperation, isTransient, Operations, type Transaction } from '@quen/messaging';
import { Database } from '../database/database.js';
import { JobHandler, type JobRunner } from '../jobs/job-handler.js';
import { JobCancelled, JobInterrupted, type RunningJob } from '../jobs/running-job.js';
import { StateSources } from './state-source.js';

/** Which state topic to publish again, and under which account. */
export interface RepublishParams {
  operation: string;
  topic: string;
  id?: string;
}

const batch = 500;
/**
 * While a republication runs, at most so many events wait in the outbox. What the service publishes meanwhile waits
 * behind them.
 */
const outboxAtMost = 2_000;
const lookAgainMs = 100;

/**
 * Publishes current states again, in batches through the outbox. Killed, it goes on behind the last batch that was
 * committed.
 */
@JobHandler('bus-republish')
export class RepublishJob implements JobRunner<RepublishParams> {
  constructor(
    private readonly database: Database,
    private readonly dataSource: DataSource,
    private readonly events: Events,
    private readonly bus: Operations,
    private readonly sources: StateSources,
    private readonly modules: ModuleRef,
  ) {}

  async run(job: RunningJob<RepublishParams>): Promise<{ published: number }> {
    try {
      const result = await this.publish(job);
      await finishOperation(this.dataSource, job.params.operation, result);
      return result;
    } catch (error) {
      if (!(error instanceof JobInterrupted) && !isTransient(error)) {
        await finishOperation(
          this.dataSource,
          job.params.operation,
          error instanceof JobCancelled ? { cancelled: true } : { error: String(error) },
        );
      }
      throw error;
    }
  }

  private async publish(job: RunningJob<RepublishParams>): Promise<{ published: number }> {
    const { topic, id } = job.params;
    const found = this.sources.of(topic);
    if (!found) throw new Error(`No source of ${topic}`);
    const { source, declaration } = found;
    let { done } = job.progressSoFar;
    let after = job.checkpoint as string | undefined;
    await job.progress({ total: id === undefined ? await this.database.elevated((tx) => source.count(tx)) : 1 });
    for (let more = true; more;) {
      await this.room(job);
      more = await this.database.elevated(async (tx: Transaction) => {
        const page = { limit: batch, ...(after === undefined ? {} : { after }), ...(id === undefined ? {} : { id }) };
        const states = await source.read(tx, page, (type) => this.modules.get(type, { strict: false }));
        await this.events.publishAll(
          tx,
          states.map((state) => ({
            aggregate: { version: (state as { version: number }).version },
            messages: [state],
          })),
        );
        const last = states.at(-1) as Record<string, string> | undefined;
        const checkpoint = last?.[declaration.key] ?? after;
        await job.advance(tx, { done: done + states.length, ...(checkpoint === undefined ? {} : { checkpoint }) });
        done += states.length;
        after = checkpoint;
        return id === undefined && states.length === batch;
      });
    }
    return { published: done };
  }

  /** Waits until the relay has caught up. */
  private async room(job: RunningJob<RepublishParams>): Promise<void> {
    while ((await this.bus.overview.waitingUpTo(outboxAtMost)) >= outboxAtMost) {
      if (job.cancelled) throw new JobCancelled();
      await sleep(lookAgainMs);
    }
  }
}
