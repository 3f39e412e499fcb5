import type { MigrationInterface, QueryRunner } from 'typeorm';
import { enableRowSecurity } from '@quen/chassis';

/**
 * Facts about a customer that are nobody's sale are reached by whoever reaches the customer; the service itself reaches
 * all, without looking at the customer.
 */
const asTheCustomer = (table: string): string => {
  const reached = `(select quen_scope()) = 'all' or exists (select from insight i where i.customer_id = ${table}.customer_id)`;
  return `alter table ${table} enable row level security;
    alter table ${table} force row level security;
    create policy quen_scope on ${table} using (${reached}) with check (${reached})`;
};

/**
 * One day for all customers; purchases are days on which something was bought and kept; models know what they were
 * fitted to.
 */
export class OneDayAndPurchases1796000000101 implements MigrationInterface {
  name = 'OneDayAndPurchases1796000000101';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create index sales_fact_order on sales_fact (order_id) where kind = 'sale';
      update sales_fact r set branch_id = s.branch_id, owner_id = s.owner_id from sales_fact s where r.kind = 'return' and r.branch_id is null and s.order_id = r.order_id and s.kind = 'sale';

      create table purchase_day (
        customer_id uuid not null, day date not null, revenue numeric not null, quantity numeric not null,
        kept boolean not null generated always as (revenue > 0 and quantity > 0) stored, primary key (customer_id, day));
      insert into purchase_day (customer_id, day, revenue, quantity)
        select f.customer_id, case when f.kind = 'sale' then f.occurred_on else s.occurred_on end, sum(f.revenue), sum(f.quantity)
          from sales_fact f left join lateral (select * from sales_fact s where f.kind = 'return' and s.order_id = f.order_id and s.kind = 'sale' limit 1) as s on true
         where case when f.kind = 'sale' then f.occurred_on between '1990-01-01' and quen_day(f.occurred_at) + 1 else s.occurred_on is not null end
         group by 1, 2;

      alter table insight
        add column purchases int not null default 0, add column purchase_revenue numeric not null default 0, add column first_purchase_on date, add column last_purchase_on date,
        add column first_purchase_revenue numeric not null default 0, add column service_cost numeric not null default 0,
        add column purchase_probability double precision, add column serve_cost_per_year numeric;
      update insight i set purchases = p.purchases, purchase_revenue = p.revenue, first_purchase_on = p.first, last_purchase_on = p.last, first_purchase_revenue = p.first_revenue
        from (select customer_id, count(*)::int as purchases, sum(revenue) as revenue, min(day) as first, max(day) as last, (array_agg(revenue order by day))[1] as first_revenue
                from purchase_day where kept group by 1) as p where p.customer_id = i.customer_id;
      update insight i set service_cost = s.cost from (select customer_id, sum(cost) as cost from service_fact group by 1) as s where s.customer_id = i.customer_id;
      drop index insight_recency;

      alter table lifetime_model add column as_of date not null default '-infinity', add column purchases bigint not null default 0, add column revenue numeric not null default 0;
      update lifetime_model set parameters = parameters || '{"serveCostPerYear": 0}';
      update lifetime_model set as_of = quen_day(fitted_at) where customers > 0;
      alter table lifetime_model alter column as_of drop default;

      -- Rankings as of days of the past. Name, branch and owner are those of today, since they decide who may see the customer.
      create table past_ranking (day date primary key, made_from text not null, made_at timestamptz not null default now());
      create table past_insight (
        day date not null, customer_id uuid not null, rank text not null, orders int not null, revenue numeric not null, profit numeric not null, lifetime_value numeric not null, last_order_on date,
        recency_score smallint not null, frequency_score smallint not null, value_score smallint not null, open_complaints int not null, primary key (day, customer_id));
      create index past_insight_lifetime_value on past_insight (day, lifetime_value desc, customer_id);
      create index past_insight_revenue on past_insight (day, revenue desc, customer_id);
      create view insight_as_of with (security_invoker = true) as
        select p.*, i.customer_code, i.display_name, i.branch_id, i.owner_id from past_insight p join insight i using (customer_id);

      -- Everybody is calculated anew for the one day.
      insert into job (id, kind) select gen_random_uuid(), 'new-day' where exists (select 1 from insight where last_fact_at is not null);
    `);
    await runner.query(enableRowSecurity('sales_fact', { branch: true, owner: true }));
    for (const table of ['payment_fact', 'market_fact', 'service_fact', 'purchase_day', 'past_insight'])
      await runner.query(asTheCustomer(table));
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['sales_fact', 'payment_fact', 'market_fact', 'service_fact']) {
      await runner.query(
        `drop policy quen_scope on ${table}; alter table ${table} no force row level security; alter table ${table} disable row level security`,
      );
    }
    await runner.query(`
      drop view insight_as_of; drop table past_insight, past_ranking;
      create index insight_recency on insight (recency_score, last_order_on);
      alter table insight drop column purchases, drop column purchase_revenue, drop column first_purchase_on, drop column last_purchase_on, drop column first_purchase_revenue,
        drop column service_cost, drop column purchase_probability, drop column serve_cost_per_year;
      alter table lifetime_model drop column as_of, drop column purchases, drop column revenue;
      drop table purchase_day; drop index sales_fact_order`);
  }
}
