import type { INestApplicationContext } from '@nestjs/common';
import { Database, type CorrectedRows, type DerivedStore } from '@quen/chassis';
import { CustomerInsightState } from '@quen/events';
import { Events, type Transaction } from '@quen/messaging';
import { InsightsService } from './insights.service.js';

const batch = 500;

/** The whole store of facts and insights: it follows from the topics, the models, the rank policy and the calendar. */
export const insightStore: DerivedStore = {
  groups: ['crm.analytics.facts', 'crm.analytics.customer-names', 'crm.analytics.cases'],
  tables: {
    sales_fact: {},
    payment_fact: {},
    market_fact: {},
    service_fact: {},
    purchase_day: {},
    support_case: {},
    insight: { ignore: ['version', 'calculated_at'] },
  },
  copied: ['rank_policy', 'lifetime_model', 'calendar'],
  changedBy: { jobs: ['fit-model', 'new-day', 'rank-customers'] },
  settle,
  publish,
};

async function settle(app: INestApplicationContext): Promise<void> {
  const [database, insights] = [app.get(Database), app.get(InsightsService, { strict: false })];
  for (let after = '00000000-0000-0000-0000-000000000000', found = batch; found === batch;) {
    const ids = await database.elevated(async (tx) => {
      const rows = await tx.query<{ customer_id: string }[]>(
        'select customer_id from insight where customer_id > $1 and last_fact_at is not null order by customer_id limit $2',
        [after, batch],
      );
      await insights.recalculate(
        tx,
        rows.map((row) => row.customer_id),
        'moved',
      );
      return rows.map((row) => row.customer_id);
    });
    [after, found] = [ids.at(-1) ?? after, ids.length];
  }
}

/** Replicas take only what is newer, so a corrected insight gets a version above every one that was published. */
async function publish(
  app: INestApplicationContext,
  tx: Transaction,
  { table, changed, added, removed }: CorrectedRows,
): Promise<void> {
  if (table !== 'insight') return;
  const ids = [...changed, ...added].map((key) => key['customer_id']);
  // How often a row that was lost had been published is lost with it; the clock in milliseconds is above any such
  // count.
  await tx.query(
    'update insight set version = greatest(version, (extract(epoch from clock_timestamp()) * 1000)::bigint) where customer_id = any($1::uuid[])',
    [added.map((key) => key['customer_id'])],
  );
  const published = await tx.query<{ customer_id: string }[]>(
    'select customer_id from insight where customer_id = any($1::uuid[]) and last_fact_at is not null order by customer_id',
    [ids],
  );
  await app.get(InsightsService, { strict: false }).recalculate(
    tx,
    published.map((row) => row.customer_id),
  );
  for (const row of removed)
    if (Number(row['version']) > 0)
      await app.get(Events).erase(tx, CustomerInsightState, String(row['customer_id']), Number(row['version']) + 1);
}
