import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Pipelines, and the one that every installation begins with. */
export class Pipelines1793523600002 implements MigrationInterface {
  readonly name = 'Pipelines1793523600002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table pipeline (
        id uuid primary key,
        code text not null check (code <> ''),
        name text not null,
        is_default boolean not null default false,
        active boolean not null default true,
        stages jsonb not null check (jsonb_typeof(stages) = 'array'),
        version integer not null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        constraint pipeline_code_key unique (code),
        check (active or not is_default));
      create unique index pipeline_one_default_idx on pipeline (is_default) where is_default;
    `);
    await runner.query(
      `insert into pipeline (id, code, name, is_default, stages, version) values ($1, 'standard', 'Quy trình bán hàng chuẩn', true, $2, 1)`,
      ['0192f000-0000-7000-8000-000000000001', JSON.stringify(standardStages)],
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table pipeline');
  }
}

const standardStages = [
  {
    code: 'approach',
    name: 'Tiếp cận',
    kind: 'open',
    probability: 10,
    requires: [],
    guards: [],
    moves: ['qualified', 'lost'],
  },
  {
    code: 'qualified',
    name: 'Xác định nhu cầu',
    kind: 'open',
    probability: 30,
    requires: ['amount'],
    guards: [],
    moves: ['approach', 'proposal', 'won', 'lost'],
  },
  {
    code: 'proposal',
    name: 'Báo giá',
    kind: 'open',
    probability: 50,
    requires: ['amount', 'expectedCloseOn'],
    guards: [],
    moves: ['qualified', 'negotiation', 'won', 'lost'],
  },
  {
    code: 'negotiation',
    name: 'Thương lượng',
    kind: 'open',
    probability: 75,
    requires: ['amount', 'expectedCloseOn'],
    guards: [
      {
        rule: { combinator: 'and', rules: [{ field: 'issuedQuotes', operator: '>=', value: 1 }] },
        message: 'Chưa có báo giá nào được phát hành cho khách hàng.',
      },
    ],
    moves: ['proposal', 'won', 'lost'],
  },
  { code: 'won', name: 'Thành công', kind: 'won', probability: 100, requires: ['amount'], guards: [], moves: [] },
  { code: 'lost', name: 'Thất bại', kind: 'lost', probability: 0, requires: [], guards: [], moves: [] },
];
