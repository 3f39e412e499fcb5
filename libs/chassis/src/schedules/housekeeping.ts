import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Every } from './every.js';

/** Removes what is kept for a time only: answers of idempotent requests after a day, finished jobs after 30 days. */
@Injectable()
export class Housekeeping {
  constructor(private readonly dataSource: DataSource) {}

  @Every('PT10M', 'chassis.forget-idempotent-answers')
  async forgetAnswers(): Promise<void> {
    await this.dataSource.query(`delete from idempotency where created_at < now() - interval '24 hours'`);
  }

  @Every('PT6H', 'chassis.forget-finished-jobs')
  async forgetJobs(): Promise<void> {
    await this.dataSource.query(`delete from job where finished_at < now() - interval '30 days'`);
  }
}
