import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Answers of which nobody knows the day, imports that failed, and search names in one style of tone marks. */
export class ConsentDays1795910400101 implements MigrationInterface {
  readonly name = 'ConsentDays1795910400101';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table consent_entry add column undated boolean not null default false;
      alter table customer_import add column problem jsonb, drop constraint customer_import_state_check,
        add constraint customer_import_state_check check (state in ('waiting', 'running', 'done', 'failed', 'cancelled'));
      update customer set search_name = normalize(regexp_replace(regexp_replace(normalize(search_name, nfd),
          '(o)([\\u0300\\u0301\\u0303\\u0309\\u0323])([ae])(?![\\u0300-\\u036f])', '\\1\\3\\2', 'g'), '(u)([\\u0300\\u0301\\u0303\\u0309\\u0323])(y)(?![\\u0300-\\u036f])', '\\1\\3\\2', 'g'), nfc)
        where normalize(search_name, nfd) ~ '(o[\\u0300\\u0301\\u0303\\u0309\\u0323][ae]|u[\\u0300\\u0301\\u0303\\u0309\\u0323]y)(?![\\u0300-\\u036f])';
      update customer_key k set value = one.value
        from (select kind, value as typed, customer_id, normalize(regexp_replace(regexp_replace(normalize(value, nfd),
            '(O)([\\u0300\\u0301\\u0303\\u0309\\u0323])([AE])(?![\\u0300-\\u036f])', '\\1\\3\\2', 'g'), '(U)([\\u0300\\u0301\\u0303\\u0309\\u0323])(Y)(?![\\u0300-\\u036f])', '\\1\\3\\2', 'g'), nfc) as value
          from customer_key where kind = 'code') one
        where k.kind = one.kind and k.value = one.typed and k.customer_id = one.customer_id and one.value <> one.typed
          and not exists (select 1 from customer_key other where other.kind = one.kind and other.value = one.value);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      update customer_import set state = 'done' where state = 'failed';
      alter table customer_import drop column problem, drop constraint customer_import_state_check,
        add constraint customer_import_state_check check (state in ('waiting', 'running', 'done', 'cancelled'));
      alter table consent_entry drop column undated;
    `);
  }
}
