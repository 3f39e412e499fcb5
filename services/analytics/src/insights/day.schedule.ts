import { Injectable } from '@nestjs/common';
import { Database, Every, Jobs, momentOf, rows } from '@quen/chassis';
import { ModelFittingService } from '../models/model-fitting.service.js';

/** Keeps the store's day and its model: time passes without an event. */
@Injectable()
export class DaySchedule {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly fitting: ModelFittingService,
  ) {}

  /** Moves the store's calendar on to the firm's day; a job then calculates every customer for it. */
  @Every('PT1M', 'calendar')
  async beginDay(): Promise<void> {
    await this.database.elevated(async (tx) => {
      const { today } = momentOf(tx);
      const begun = await rows(tx, 'update calendar set day = $1 where day < $1 returning day', [today]);
      if (begun.length) await this.jobs.enqueue(tx, 'new-day');
    });
  }

  /** Has a first model fitted as soon as there are buyers enough. */
  @Every('PT5M', 'first-model')
  async fitFirstModel(): Promise<void> {
    await this.database.elevated(async (tx) => {
      if (!(await this.fitting.isDue(tx))) return;
      const waiting = await tx.query<unknown[]>(
        `select from job where kind in ('fit-model', 'new-day') and state in ('waiting', 'running')`,
      );
      if (!waiting.length) await this.jobs.enqueue(tx, 'fit-model');
    });
  }
}
