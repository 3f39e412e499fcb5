import type { MigrationInterface, QueryRunner } from 'typeorm';
import { enableRowSecurity } from '@quen/chassis';

/**
 * Orders and what happened to them. Deliveries, invoices, payments and returns are rows that are only ever added;
 * the sums on the order and its lines let the database itself refuse what is beyond the order.
 */
export class Orders1793523600006 implements MigrationInterface {
  readonly name = 'Orders1793523600006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create sequence order_code;
      create sequence invoice_code;

      create table sales_order (
        id uuid primary key,
        code text not null,
        customer_id uuid not null,
        ordered_on date not null,
        status text not null check (status in ('draft', 'confirmed', 'cancelled', 'closed')),
        origin text not null check (origin in ('entry', 'import')),
        import_id uuid,
        quote_id uuid references quote,
        contract_id uuid references contract,
        opportunity_id uuid,
        lead_id uuid,
        campaign_id uuid,
        branch_id uuid not null,
        owner_id uuid,
        payment_terms text,
        delivery_terms text,
        currency char(3) not null,
        total numeric(19,4) not null check (total >= 0),
        invoiced numeric(19,4) not null default 0,
        paid numeric(19,4) not null default 0,
        credited numeric(19,4) not null default 0,
        delivered text not null default 'none' check (delivered in ('none', 'part', 'full')),
        confirmed_at timestamptz,
        version integer not null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        constraint sales_order_code_key unique (code),
        constraint invoiced_within_total check (invoiced between 0 and total),
        constraint paid_within_total check (paid between 0 and total),
        constraint credited_within_total check (credited between 0 and total),
        check (status not in ('confirmed', 'closed') or confirmed_at is not null),
        check (origin = 'entry' or campaign_id is null));
      create unique index sales_order_quote_key on sales_order (quote_id) where status <> 'cancelled';
      create index sales_order_customer_idx on sales_order (customer_id, ordered_on desc, id desc);
      create index sales_order_branch_idx on sales_order (branch_id, ordered_on desc, id desc);
      create index sales_order_owner_idx on sales_order (owner_id, ordered_on desc, id desc);
      create index sales_order_ordered_idx on sales_order (ordered_on desc, id desc);

      create table order_line (
        order_id uuid not null references sales_order,
        line integer not null check (line > 0),
        product_id uuid not null references product,
        product_code text not null,
        product_category text,
        quantity numeric(16,4) not null check (quantity > 0),
        amount numeric(19,4) not null check (amount >= 0),
        cost numeric(19,4) not null check (cost >= 0),
        delivered numeric(16,4) not null default 0 check (delivered >= 0),
        returned numeric(16,4) not null default 0 check (returned >= 0),
        primary key (order_id, line),
        constraint delivered_within_ordered check (delivered <= quantity),
        constraint returned_within_delivered check (returned <= delivered));

      create table delivery (
        id uuid primary key,
        order_id uuid not null references sales_order,
        delivered_on date not null,
        note text,
        by_id text not null,
        at timestamptz not null default now());
      create index delivery_order_idx on delivery (order_id, at);
      create table delivery_line (
        delivery_id uuid not null references delivery,
        line integer not null,
        quantity numeric(16,4) not null check (quantity > 0),
        amount numeric(19,4) not null,
        cost numeric(19,4) not null,
        primary key (delivery_id, line));

      create table invoice (
        id uuid primary key,
        code text not null,
        order_id uuid not null references sales_order,
        amount numeric(19,4) not null check (amount > 0),
        issued_on date not null,
        due_on date not null check (due_on >= issued_on),
        by_id text not null,
        at timestamptz not null default now(),
        constraint invoice_code_key unique (code));
      create index invoice_order_idx on invoice (order_id, at);

      create table payment (
        id uuid primary key,
        order_id uuid not null references sales_order,
        amount numeric(19,4) not null check (amount > 0),
        received_on date not null,
        method text not null,
        reference text,
        by_id text not null,
        at timestamptz not null default now());
      create index payment_order_idx on payment (order_id, at);
      -- The same bank reference twice is the same money.
      create unique index payment_reference_key on payment (order_id, method, reference) where reference is not null;

      create table goods_return (
        id uuid primary key,
        order_id uuid not null references sales_order,
        returned_on date not null,
        credited numeric(19,4) not null check (credited >= 0),
        reason text,
        by_id text not null,
        at timestamptz not null default now());
      create index goods_return_order_idx on goods_return (order_id, at);
      create table goods_return_line (
        return_id uuid not null references goods_return,
        line integer not null,
        quantity numeric(16,4) not null check (quantity > 0),
        amount numeric(19,4) not null,
        cost numeric(19,4) not null,
        primary key (return_id, line));

      create function keep_fact() returns trigger language plpgsql as $body$
      begin
        raise exception '% rows are facts: add another one instead', tg_table_name using errcode = 'restrict_violation';
      end $body$;
      create trigger keep_fact before update or delete on delivery for each row execute function keep_fact();
      create trigger keep_fact before update or delete on delivery_line for each row execute function keep_fact();
      create trigger keep_fact before update or delete on invoice for each row execute function keep_fact();
      create trigger keep_fact before update or delete on payment for each row execute function keep_fact();
      create trigger keep_fact before update or delete on goods_return for each row execute function keep_fact();
      create trigger keep_fact before update or delete on goods_return_line for each row execute function keep_fact();
    `);
    await runner.query(enableRowSecurity('sales_order', { branch: true, owner: true }));
    for (const part of ['order_line', 'delivery', 'invoice', 'payment', 'goods_return']) {
      await runner.query(enableRowSecurity(part, { through: { table: 'sales_order', column: 'order_id' } }));
    }
    await runner.query(enableRowSecurity('delivery_line', { through: { table: 'delivery', column: 'delivery_id' } }));
    await runner.query(
      enableRowSecurity('goods_return_line', { through: { table: 'goods_return', column: 'return_id' } }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table goods_return_line, goods_return, payment, invoice, delivery_line, delivery, order_line, sales_order;
      drop function keep_fact; drop sequence order_code, invoice_code`);
  }
}
