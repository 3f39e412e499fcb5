import { Injectable } from '@nestjs/common';
import { Database, Every } from '@quen/chassis';
import { InsightsService } from './insights.service.js';
import { businessZone, recencyDays } from '../value-scores.js';

const batch = 500;

// Each score keeps its customers together in the index, so that only those whose silence crossed a limit are read.
const crossedSql = `
  select customer_id from insight where ${recencyDays.map((days, index) => `(recency_score = ${5 - index} and last_order_on < $1::date - ${days})`).join(' or ')}
   order by customer_id limit ${batch}`;

/** Lowers the recency of customers who have been silent: time passes without an event. */
@Injectable()
export class RecencySchedule {
  constructor(private readonly database: Database, private readonly insights: InsightsService) {}

  /** Moves the calendar on and calculates the customers whose recency score no longer fits the day, in batches. */
  @Every('PT1H', 'recency')
  async lowerRecency(): Promise<void> {
    const [calendar] = await this.database.elevated((tx) => tx.query<[{ day: string }[], number]>('update calendar set day = greatest(day, (now() at time zone $1)::date) returning day::text', [businessZone]));
    for (;;) {
      const crossed = await this.database.elevated(async (tx) => {
        const rows = await tx.query<{ customer_id: string }[]>(crossedSql, [calendar[0]?.day]);
        await this.insights.recalculate(tx, rows.map((row) => row.customer_id));
        return rows.length;
      });
      if (crossed < batch) return;
    }
  }
}
