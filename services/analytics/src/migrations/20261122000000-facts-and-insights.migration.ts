import type { MigrationInterface, QueryRunner } from 'typeorm';
import { enableRowSecurity } from '@quen/chassis';

export class FactsAndInsights1795341600000 implements MigrationInterface {
  name = 'FactsAndInsights1795341600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table sales_fact (
        event_id uuid not null, line smallint not null, kind text not null check (kind in ('sale', 'return')),
        order_id uuid not null, order_code text, customer_id uuid not null, occurred_on date not null,
        product_id uuid not null, product_code text not null, product_category text,
        quantity numeric not null, revenue numeric not null, cost numeric not null, currency char(3) not null,
        branch_id uuid, owner_id uuid, campaign_id uuid, origin text not null, occurred_at timestamptz not null,
        primary key (event_id, line));
      create index sales_fact_customer on sales_fact (customer_id, occurred_on);

      create table payment_fact (
        event_id uuid primary key, payment_id uuid, order_id uuid not null, customer_id uuid not null, received_on date not null,
        amount numeric not null, currency char(3) not null, method text not null, campaign_id uuid, occurred_at timestamptz not null);
      create index payment_fact_customer on payment_fact (customer_id, received_on);

      create table market_fact (
        event_id uuid primary key, kind text not null, message_id uuid not null, campaign_id uuid not null, customer_id uuid not null,
        channel text, reason text, cost numeric not null default 0, occurred_at timestamptz not null);
      create index market_fact_customer on market_fact (customer_id, occurred_at);
      create index market_fact_campaign on market_fact (campaign_id, kind);

      create table service_fact (
        event_id uuid primary key, kind text not null, case_id uuid not null, customer_id uuid not null, case_kind text, severity text,
        category text, working_minutes int, rating smallint, cost numeric not null default 0, occurred_at timestamptz not null);
      create index service_fact_customer on service_fact (customer_id, occurred_at);

      create table rank_policy (rank text primary key, position smallint not null unique, minimum_value numeric not null check (minimum_value >= 0));
      insert into rank_policy values ('standard', 0, 0), ('bronze', 1, 5000000), ('silver', 2, 20000000), ('gold', 3, 60000000), ('diamond', 4, 150000000);

      create table lifetime_model (
        version int primary key, parameters jsonb not null, customers int not null, fitted_at timestamptz not null default now());
      -- The first model, until one is fitted to the firm's own history: purchase behaviour as published for a
      -- retailer by Fader, Hardie and Lee (2005), order values around 2 million đồng.
      insert into lifetime_model (version, parameters, customers) values (1,
        '{"purchases": {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}, "spend": {"p": 6.25, "q": 3.74, "gamma": 0.88},
          "marginRate": 0.3, "discountRate": 0.12, "horizonYears": 3}', 0);

      create table insight (
        customer_id uuid primary key, version bigint not null default 0,
        source_version bigint not null default -1, customer_code text, display_name text, branch_id uuid, owner_id uuid,
        orders int not null default 0, revenue numeric not null default 0, cost numeric not null default 0,
        paid numeric not null default 0, serve_cost numeric not null default 0,
        messages int not null default 0, cases int not null default 0, open_complaints int not null default 0,
        first_order_on date, last_order_on date, as_of date, because_of uuid, calculated_at timestamptz,
        rank text not null default 'standard' references rank_policy (rank),
        recency_score smallint not null default 0, frequency_score smallint not null default 0, value_score smallint not null default 0,
        lifetime_value numeric not null default 0, alive_probability double precision, orders_next_year double precision,
        expected_order_value numeric, margin_rate double precision, model_version int references lifetime_model (version),
        profit numeric generated always as (revenue - cost - serve_cost) stored);
      create index insight_revenue on insight (revenue desc, customer_id);
      create index insight_profit on insight (profit desc, customer_id);
      create index insight_lifetime_value on insight (lifetime_value desc, customer_id);
      create index insight_recency on insight (recency_score, last_order_on);
      create index insight_branch on insight (branch_id);
    `);
    await runner.query(enableRowSecurity('insight', { branch: true, owner: true }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop table insight, lifetime_model, rank_policy, service_fact, market_fact, payment_fact, sales_fact',
    );
  }
}
