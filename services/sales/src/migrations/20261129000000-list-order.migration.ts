import type { MigrationInterface, QueryRunner } from 'typeorm';

const tables = ['opportunity', 'quote', 'contract'];
const byChange: Readonly<Record<string, string>> = {
  opportunity: 'status, updated_at desc, id desc',
  quote: 'updated_at desc, id desc',
  contract: 'updated_at desc, id desc',
};

/**
 * Lists are in the order of creation by default, which no edit changes; these carry it, for callers of a branch and for
 * owners, too.
 */
export class ListOrder1795910400002 implements MigrationInterface {
  readonly name = 'ListOrder1795910400002';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of tables) {
      const order = `${table === 'opportunity' ? 'status, ' : ''}created_at desc, id desc`;
      await runner.query(`
        drop index ${table}_branch_idx;
        drop index ${table}_owner_idx;
        create index ${table}_created_idx on ${table} (created_at desc, id desc);
        create index ${table}_branch_idx on ${table} (branch_id, ${order});
        create index ${table}_owner_idx on ${table} (owner_id, ${order});
      `);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables) {
      await runner.query(`
        drop index ${table}_created_idx;
        drop index ${table}_branch_idx;
        drop index ${table}_owner_idx;
        create index ${table}_branch_idx on ${table} (branch_id, ${byChange[table]});
        create index ${table}_owner_idx on ${table} (owner_id, ${byChange[table]});
      `);
    }
  }
}
