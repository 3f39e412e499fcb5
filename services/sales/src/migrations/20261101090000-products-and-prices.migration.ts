import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Products and services, price books with effective dates, prices by quantity tier. */
export class ProductsAndPrices1793523600001 implements MigrationInterface {
  readonly name = 'ProductsAndPrices1793523600001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table product (
        id uuid primary key,
        code text not null check (code = upper(btrim(code)) and code <> ''),
        name text not null,
        kind text not null check (kind in ('goods', 'service')),
        unit text not null,
        category text,
        department text,
        list_price numeric(19,4) check (list_price >= 0),
        cost numeric(19,4) check (cost >= 0),
        currency char(3) not null,
        active boolean not null default true,
        search_text text not null,
        version integer not null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        constraint product_code_key unique (code));
      create index product_name_idx on product (name, id);
      create index product_category_idx on product (category, id);

      create table price_book (
        id uuid primary key,
        code text not null check (code = upper(btrim(code)) and code <> ''),
        name text not null,
        currency char(3) not null,
        valid_from date not null,
        valid_to date check (valid_to >= valid_from),
        customer_category text,
        customer_rank text,
        branch_id uuid,
        priority integer not null default 0,
        active boolean not null default true,
        version integer not null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        constraint price_book_code_key unique (code));

      create table price (
        price_book_id uuid not null references price_book on delete cascade,
        product_id uuid not null references product,
        from_quantity numeric(16,4) not null check (from_quantity > 0),
        unit_price numeric(19,4) not null check (unit_price >= 0),
        primary key (price_book_id, product_id, from_quantity));
      create index price_product_idx on price (product_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table price, price_book, product');
  }
}
