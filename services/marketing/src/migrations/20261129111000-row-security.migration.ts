import type { MigrationInterface, QueryRunner } from 'typeorm';
import { enableRowSecurity } from '@quen/chassis';

/** Tables whose rows are reached as the row that they belong to. */
const parts: Record<string, { whole: string; column: string }> = {
  support_case: { whole: 'customer', column: 'customer_id' },
  suppression: { whole: 'customer', column: 'customer_id' },
  suppressed_address: { whole: 'suppression', column: 'suppression_id' },
  segment_membership: { whole: 'segment', column: 'segment_id' },
  segment_membership_change: { whole: 'segment', column: 'segment_id' },
  campaign_expense: { whole: 'campaign', column: 'campaign_id' },
  campaign_entry: { whole: 'campaign', column: 'campaign_id' },
  message: { whole: 'campaign', column: 'campaign_id' },
  response: { whole: 'campaign', column: 'campaign_id' },
  lead_route: { whole: 'lead', column: 'lead_id' },
  channel_record: { whole: 'sales_channel', column: 'channel_id' },
  channel_day: { whole: 'sales_channel', column: 'channel_id' },
};

/** The second barrier for every table with a branch or an owner, and for their parts. */
export class RowSecurity1795953600000 implements MigrationInterface {
  readonly name = 'RowSecurity1795953600000';

  async up(runner: QueryRunner): Promise<void> {
    // A seller sees what became of a lead, also at channels that are not the seller's to see: the route keeps the
    // channel's code as it was.
    await runner.query('alter table lead_route add column channel_code text');
    await runner.query('update lead_route r set channel_code = s.code from sales_channel s where s.id = r.channel_id');
    await runner.query('alter table lead_route alter column channel_code set not null');

    await runner.query(enableRowSecurity('sales_channel', { branch: true, owner: true }));
    for (const [table, { whole, column }] of Object.entries(parts))
      await runner.query(enableRowSecurity(table, { through: { table: whole, column } }));
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['sales_channel', ...Object.keys(parts)]) {
      await runner.query(`drop policy quen_scope on ${table}`);
      await runner.query(`alter table ${table} no force row level security`);
      await runner.query(`alter table ${table} disable row level security`);
    }
    await runner.query('alter table lead_route drop column channel_code');
  }
}
