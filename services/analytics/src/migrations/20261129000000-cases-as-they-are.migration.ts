import type { MigrationInterface, QueryRunner } from 'typeorm';
import { enableRowSecurity } from '@quen/chassis';

/** Open complaints are counted from the cases as they are; service costs follow from minutes or contacts. */
export class CasesAsTheyAre1795950000000 implements MigrationInterface {
  name = 'CasesAsTheyAre1795950000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table support_case (
        case_id uuid primary key, version bigint not null, customer_id uuid not null, branch_id uuid not null, kind text not null, status text not null,
        open_complaint boolean not null generated always as (kind = 'complaint' and status not in ('solved', 'closed')) stored);
      create index support_case_complaint on support_case (customer_id) where open_complaint;
      alter table service_fact add column worked_minutes int, add column channel text;

      -- What was added up until now may be off; the states of all cases are read from the beginning and count anew, and everybody is told.
      update insight set open_complaints = 0 where open_complaints <> 0;
      insert into job (id, kind) select gen_random_uuid(), 'rank-customers' where exists (select 1 from insight where last_fact_at is not null);
    `);
    await runner.query(enableRowSecurity('support_case', { branch: true }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop table support_case; alter table service_fact drop column worked_minutes, drop column channel',
    );
  }
}
