import { Injectable } from '@nestjs/common';
import { civilDay, daysAfter, Log, momentOf } from '@quen/chassis';
import { earliestDay } from '@quen/events';
import type { Transaction } from '@quen/messaging';
import { InsightsService } from '../insights/insights.service.js';
import type { Effect, FactRow, FactTable } from './fact-rows.js';

/** The four fact tables of the store and the columns that are written, with the type each is read as. */
const tables = {
  sales_fact: `event_id uuid, line smallint, kind text, order_id uuid, order_code text, customer_id uuid, occurred_on date, product_id uuid,
    product_code text, product_category text, quantity numeric, revenue numeric, cost numeric, currency text, branch_id uuid, owner_id uuid,
    campaign_id uuid, origin text, occurred_at timestamptz`,
  payment_fact: `event_id uuid, payment_id uuid, order_id uuid, customer_id uuid, received_on date, amount numeric, currency text, method text,
    branch_id uuid, owner_id uuid, campaign_id uuid, origin text, occurred_at timestamptz`,
  market_fact:
    'event_id uuid, kind text, message_id uuid, campaign_id uuid, customer_id uuid, channel text, reason text, cost numeric, occurred_at timestamptz',
  service_fact: `event_id uuid, kind text, case_id uuid, customer_id uuid, case_kind text, severity text, category text, working_minutes int,
    worked_minutes int, channel text, rating smallint, cost numeric, occurred_at timestamptz`,
} as const satisfies Record<FactTable, string>;

const insertSql = Object.entries(tables).map(([table, columns]) => {
  const names = columns
    .split(',')
    .map((column) => column.trim().split(/\s+/)[0])
    .join(', ');
  return [
    table as FactTable,
    `insert into ${table} (${names}) select ${names} from jsonb_to_recordset($1::jsonb) as f (${columns})`,
  ] as const;
});

// Whose sale came back is told by the sale where the return does not say it.
const ownReturnsSql = `
  update sales_fact r set branch_id = s.branch_id, owner_id = s.owner_id
    from sales_fact s where r.event_id = any($1::uuid[]) and r.kind = 'return' and r.branch_id is null and s.order_id = r.order_id and s.kind = 'sale'`;

/** Stores facts and passes on what they change. */
@Injectable()
export class FactsService {
  constructor(
    private readonly insights: InsightsService,
    private readonly log: Log,
  ) {}

  /**
   * Stores facts, in one statement for each table they are of, and applies their changes to the customers they touch.
   * Called once in a transaction: see {@link InsightsService.apply}.
   */
  async store(tx: Transaction, effects: Effect[]): Promise<void> {
    for (const [table, sql] of insertSql) {
      const rows = effects.flatMap((effect) => [
        ...(effect.table === table ? effect.facts : []),
        ...(table === 'payment_fact' ? (effect.payments ?? []) : []),
      ]);
      if (rows.length) await tx.query(sql, [JSON.stringify(rows)]);
    }
    const strays = effects
      .filter(
        ({ table, facts: [line] }) =>
          table === 'sales_fact' && line?.['kind'] === 'return' && line['branch_id'] === null,
      )
      .map(({ facts: [line] }) => line!['event_id']);
    if (strays.length) await tx.query(ownReturnsSql, [strays]);
    const changes = effects.flatMap(({ table, changes }) =>
      table === 'service_fact' ? changes.map((change) => ({ ...change, serviceCost: change.serveCost })) : changes,
    );
    const sales = effects.filter(
      ({ table, facts: [line] }) => table === 'sales_fact' && line && this.countsInModels(line, momentOf(tx).zone),
    );
    await this.insights.apply(
      tx,
      changes,
      sales.map(({ facts: [line] }) => String(line!['event_id'])),
    );
  }

  /**
   * A sale of a day that cannot be meant stays a fact, but would move everybody's model: a slip of the pen in a year is
   * a thousand years of silence.
   */
  private countsInModels({ kind, event_id: event, occurred_on: day, occurred_at: at }: FactRow, zone: string): boolean {
    const sane =
      kind !== 'sale' ||
      (String(day) >= earliestDay && String(day) <= daysAfter(civilDay(new Date(String(at)), zone), 1));
    if (!sane)
      this.log.warn(
        { event: 'absurd_day', fact: event, day },
        'a sale of a day before 1990 or after its own fact is left out of the models',
      );
    return sane;
  }
}
