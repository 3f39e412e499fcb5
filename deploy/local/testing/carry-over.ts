import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Tries what was erased before every replica kept it in one place: flags, versions and side tables of earlier schemas
 * move there, and nothing of them is left behind.
 * @param db with all migrations run, and no rows
 */
export async function tryCarryOver(db: DataSource) {
  const runner = db.createQueryRunner();
  try {
    const move = db.migrations.find(({ name }) => /^Erased(Customers|Records)17960832/.test(name ?? ''));
    if (move) await tryErased(runner, move);
    const staff = db.migrations.find(({ name }) => name === 'StaffReplica1796083200001');
    if (staff) await tryStaff(runner, staff);
  } finally {
    await runner.release();
  }
}

async function tryErased(runner: QueryRunner, move: MigrationInterface) {
  const states = ['crm.customers.customer', 'crm.analytics.customer-insight', 'crm.support.case'];
  for (const [index, state] of states.entries())
    await runner.query('insert into erased (state, id, version) values ($1, $2, $3)', [state, randomUUID(), 7 + index]);
  const erased = () => runner.query('select * from erased order by state');
  const known = () => tablesWith(runner, 'select count(*)::int as n from');
  const [before, rows] = [await erased(), await known()];
  await move.down(runner);
  assert.notDeepEqual(await erased(), before, 'the earlier schema kept it elsewhere');
  await move.up(runner);
  assert.deepEqual(await erased(), before);
  assert.deepEqual(await known(), rows);
  await runner.query('delete from erased');
}

/** Rows of the tables that replicas fill. */
async function tablesWith(runner: QueryRunner, select: string) {
  const found = [];
  for (const table of ['customer', 'support_case', 'insight']) {
    const [{ known }] = await runner.query('select to_regclass($1) is not null as known', [table]);
    if (known) found.push(await runner.query(`${select} ${table}`));
  }
  return found;
}

/** A service's own table of staff gets the columns that it lacks, and its topic is read once more for them. */
async function tryStaff(runner: QueryRunner, migration: MigrationInterface) {
  const [present, gone] = [randomUUID(), randomUUID()];
  await runner.query(`
    drop table staff;
    create table staff (id uuid primary key, version bigint not null, email text, active boolean not null);
    insert into staff values ('${present}', 4, 'an@quen.vn', true), ('${gone}', 6, null, false);
    insert into inbox_position (consumer, topic, part, topic_id, next_offset) values ('crm.any.staff-replica', 't', 0, 'c', 9)`);
  await migration.up(runner);
  assert.deepEqual(await runner.query('select id, version, display_name, email, active from staff'), [
    { id: present, version: '-1', display_name: null, email: 'an@quen.vn', active: true },
  ]);
  // One below: should the member only have left, the state of that version is taken.
  assert.deepEqual(await runner.query('select state, id, version from erased'), [
    { state: 'crm.identity.staff', id: gone, version: '5' },
  ]);
  assert.deepEqual(await runner.query('select from inbox_position'), []);
  await runner.query('delete from staff; delete from erased');
}
