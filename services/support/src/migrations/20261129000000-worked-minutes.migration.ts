import type { MigrationInterface, QueryRunner } from 'typeorm';
import { enableRowSecurity } from '@quen/chassis';

/** Minutes of work on cases; what belongs to a branch is kept from others in the database, too. */
export class WorkedMinutes1795946400000 implements MigrationInterface {
  name = 'WorkedMinutes1795946400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table "case" add column worked_minutes int not null default 0, add column untold_minutes int;
      alter table case_log add column minutes int check (minutes between 0 and 1440)`);
    // Until now a rating stayed when its solution did not hold.
    await runner.query(`
      update "case" q set rating = null, rating_comment = null, version = version + 1
        from (select case_id, max(n) filter (where kind = 'rated') as rated, max(n) filter (where kind = 'solved') as solved from case_log group by case_id) as l
       where l.case_id = q.id and q.rating is not null and (q.status in ('new', 'open', 'waiting') or l.rated < l.solved)`);
    await runner.query(enableRowSecurity('customer', { branch: true }));
    await runner.query(enableRowSecurity('case_log', { through: { table: 'case', column: 'case_id' } }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop policy quen_scope on case_log; alter table case_log no force row level security, disable row level security;
      drop policy quen_scope on customer; alter table customer no force row level security, disable row level security;
      alter table case_log drop column minutes; alter table "case" drop column worked_minutes, drop column untold_minutes`);
  }
}
