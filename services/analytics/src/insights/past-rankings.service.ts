import { Injectable } from '@nestjs/common';
import { Database, invalid, JobHandler, Jobs, type JobRunner, type RunningJob } from '@quen/chassis';
import { isCivilDate } from '@quen/events';
import { defineProblem, type Transaction } from '@quen/messaging';
import { AnalyticsConfig } from '../analytics.config.js';
import { mustHaveCome } from '../as-of.js';
import { ModelsService } from '../models/models.service.js';
import { sumsAsOf } from '../purchases/past-sums.service.js';
import { figuresOf } from './insight-figures.js';

const rankingBeingMade = defineProblem('unavailable', 'ranking_being_made', {
  en: 'The ranking as of {day} is being calculated; ask again in a while.',
  vi: 'Bảng xếp hạng tính đến {day} đang được tính; hãy hỏi lại sau ít phút.',
});

const batch = 500;
/** Customers of a store whose ranking is made while the caller waits. */
const smallStore = 10_000;
/** Days whose rankings are kept. */
const keptDays = 31;
const beginning = '00000000-0000-0000-0000-000000000000';

// What a ranking of the past follows from: the facts that were read (and those that a replay added), the model and the
// policy.
const madeFromSql = `
  select md5(concat_ws('|', (select string_agg(concat_ws(':', topic, part, next_offset), ',' order by topic, part) from inbox_position where consumer = 'crm.analytics.facts'),
         (select count(*) from inbox_parked where consumer = 'crm.analytics.facts' and status <> 'parked'), (select day from calendar), $1::text)) as "madeFrom", (select made_from from past_ranking where day = $2) as "was",
         (select made_at >= quen_midnight(quen_today()) from past_ranking where day = $2) as "isOfToday", (select count(*)::int from (select from insight where last_fact_at is not null limit ${smallStore + 1}) as c) as customers`;

const writeSql = `
  insert into past_insight as p (day, customer_id, rank, orders, revenue, profit, lifetime_value, last_order_on, recency_score, frequency_score, value_score, open_complaints)
  select $1, c."customerId", c.rank, c.orders, c.revenue, c.revenue - c.cost - c."serveCost", c."lifetimeValue", c."lastOrderOn", c."recencyScore", c."frequencyScore", c."valueScore", c."openComplaints"
    from jsonb_to_recordset($2::jsonb) as c ("customerId" uuid, rank text, orders int, revenue numeric, cost numeric, "serveCost" numeric, "lifetimeValue" numeric, "lastOrderOn" date,
         "recencyScore" smallint, "frequencyScore" smallint, "valueScore" smallint, "openComplaints" int)
  on conflict (day, customer_id) do update set rank = excluded.rank, orders = excluded.orders, revenue = excluded.revenue, profit = excluded.profit, lifetime_value = excluded.lifetime_value,
    last_order_on = excluded.last_order_on, recency_score = excluded.recency_score, frequency_score = excluded.frequency_score, value_score = excluded.value_score, open_complaints = excluded.open_complaints`;

/** Rankings as of days of the past: made when they are first asked for, and anew when more has become known. */
@Injectable()
export class PastRankings {
  constructor(
    private readonly database: Database,
    private readonly models: ModelsService,
    private readonly jobs: Jobs,
    private readonly config: AnalyticsConfig,
  ) {}

  /**
   * Sees to it that there is a ranking as of this day: a small store's says what the facts say now, a large one's is
   * made by a job and again when it is of another day.
   * @throws Problem validation_failed for what is no day or has not come, ranking_being_made while the job runs
   */
  async make(day: string): Promise<void> {
    if (!isCivilDate(day))
      throw invalid({ pointer: '?asOf', code: 'wrong_value', message: 'must be a day of the calendar, YYYY-MM-DD' });
    const isMade = await this.database.elevated(async (tx) => {
      mustHaveCome(day, (await this.models.inUse(tx)).day, '?asOf');
      await tx.query(`select pg_advisory_xact_lock(hashtext('past-ranking'), $1::date - '2000-01-01'::date)`, [day]);
      const { madeFrom, was, isOfToday, customers } = await this.basis(tx, day);
      if (was === madeFrom) return true;
      if (customers <= smallStore) {
        await tx.query('delete from past_ranking where day = $1', [day]);
        for (let after = beginning; ;) {
          const { last, done } = await this.fill(tx, day, after);
          if (done < batch) break;
          after = last;
        }
        await this.note(tx, day, madeFrom);
        return true;
      }
      if (was !== null && isOfToday) return true;
      const waiting = await tx.query<unknown[]>(
        `select from job where kind = 'past-ranking' and state in ('waiting', 'running') and params ->> 'day' = $1`,
        [day],
      );
      if (!waiting.length) await this.jobs.enqueue(tx, 'past-ranking', { day });
      return false;
    });
    if (!isMade) throw rankingBeingMade({ day });
  }

  /** What the ranking of a day would be made from now, and what there is of it. */
  async basis(
    tx: Transaction,
    day: string,
  ): Promise<{ madeFrom: string; was: string | null; isOfToday: boolean | null; customers: number }> {
    const { version, policy } = await this.models.inUse(tx, day);
    const [row] = await tx.query<
      { madeFrom: string; was: string | null; isOfToday: boolean | null; customers: number }[]
    >(madeFromSql, [JSON.stringify({ version, policy }), day]);
    return row!;
  }

  /** Calculates the customers after this one, a batch of them. */
  async fill(tx: Transaction, day: string, after: string): Promise<{ last: string; done: number }> {
    const rows = await tx.query<{ id: string }[]>(
      'select customer_id as id from insight where customer_id > $1 and last_fact_at is not null order by customer_id limit $2',
      [after, batch],
    );
    const inUse = await this.models.inUse(tx, day);
    const sums = await sumsAsOf(
      tx,
      rows.map(({ id }) => id),
      day,
    );
    await tx.query(writeSql, [
      day,
      JSON.stringify(sums.map((each) => ({ ...each, ...figuresOf(each, inUse, this.config.REPORTING_CURRENCY) }))),
    ]);
    return { last: rows.at(-1)?.id ?? after, done: rows.length };
  }

  /** Notes that a ranking is whole, and forgets those made longest ago. */
  async note(tx: Transaction, day: string, madeFrom: string): Promise<void> {
    await tx.query(
      'insert into past_ranking (day, made_from) values ($1, $2) on conflict (day) do update set made_from = excluded.made_from, made_at = now()',
      [day, madeFrom],
    );
    await tx.query(
      'delete from past_ranking where day in (select day from past_ranking order by made_at desc, day desc offset $1)',
      [keptDays],
    );
    await tx.query(
      'delete from past_insight p where day <> $1 and not exists (select from past_ranking r where r.day = p.day)',
      [day],
    );
  }
}

/** Makes the ranking of a large store as of a day of the past. */
@JobHandler('past-ranking')
export class PastRankingJob implements JobRunner<{ day: string }> {
  constructor(
    private readonly database: Database,
    private readonly rankings: PastRankings,
  ) {}

  async run(job: RunningJob<{ day: string }>): Promise<{ customers: number }> {
    const { day } = job.params;
    const begun = job.checkpoint as { madeFrom: string; after: string } | undefined;
    const { madeFrom, after: from } = begun ?? {
      ...(await this.database.elevated((tx) => this.rankings.basis(tx, day))),
      after: beginning,
    };
    for (let after = from, total = job.progressSoFar.done; ;) {
      const done = await this.database.elevated(async (tx) => {
        const filled = await this.rankings.fill(tx, day, after);
        after = filled.last;
        total += filled.done;
        await job.advance(tx, { done: total, checkpoint: { madeFrom, after } });
        return filled.done;
      });
      if (done === batch && !job.cancelled) continue;
      if (!job.cancelled) await this.database.elevated((tx) => this.rankings.note(tx, day, madeFrom));
      return { customers: total };
    }
  }
}
