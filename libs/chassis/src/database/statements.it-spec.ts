import { Column, CreateDateColumn, DataSource, Entity, PrimaryColumn, VersionColumn } from 'typeorm';
import { inTransaction, newId } from '@quen/messaging';
import { civilDay } from '../time/civil-day.js';
import { momentOf, noteZone } from '../time/moment.js';
import { SnakeCaseNames } from './naming.js';
import { rows } from './rows.js';
import { insertAll, updateAll, upsertAll } from './write-all.js';

const halves = { to: (value: number) => value * 2, from: (value: number) => value / 2 };

@Entity()
class GardenPlant {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') latinName!: string;
  @Column({ type: 'jsonb', nullable: true }) foundIn!: object | null;
  @Column({ type: 'text', array: true, nullable: true }) otherNames!: string[] | null;
  @Column({ type: 'bytea', nullable: true }) seed!: Buffer | null;
  @Column({ type: 'numeric', nullable: true }) heightM!: string | null;
  @Column({ type: 'date', nullable: true }) sownOn!: string | null;
  @Column({ type: 'timestamptz', nullable: true }) bloomedAt!: Date | null;
  @Column({ type: 'int', nullable: true, transformer: halves }) leaves!: number | null;
  @CreateDateColumn() createdAt!: Date;
  @VersionColumn() version!: number;

  grow(): void {}
}

describe('statements', () => {
  const schema = `statements_${newId().slice(-8)}`;
  const db = new DataSource({
    type: 'postgres',
    url: process.env['DATABASE_URL'],
    entities: [GardenPlant],
    namingStrategy: new SnakeCaseNames(),
    extra: { options: `-c search_path=${schema}` },
  });
  const plant = (id: string): Promise<GardenPlant> => db.manager.findOneByOrFail(GardenPlant, { id });

  beforeAll(async () => {
    await db.initialize();
    await db.query(`create schema ${schema}`);
    await db.query(`create table garden_plant (id uuid primary key, latin_name text not null unique, found_in jsonb, other_names text[],
      seed bytea, height_m numeric, sown_on date, bloomed_at timestamptz, leaves int default 8, created_at timestamptz not null default now(), version int not null)`);
  });
  afterAll(async () => {
    await db.query(`drop schema ${schema} cascade`);
    await db.destroy();
  });

  it('know the moment of their transaction without asking for it', async () => {
    noteZone(db, 'Pacific/Kiritimati');
    await inTransaction(db, async (tx) => {
      const { at, today, zone } = momentOf(tx);
      await tx.query('select pg_sleep(0.01)');
      expect(await rows(tx, 'select now() as at')).toEqual([{ at }]);
      expect([today, zone]).toEqual([civilDay(at, zone), 'Pacific/Kiritimati']);
      expect(momentOf(tx)).toBe(momentOf(tx));
    });
    expect(() => momentOf(db.manager)).toThrow('needs a transaction');
  });

  it('answer rows in camel case, whatever the statement does, and leave documents as they are', async () => {
    const [id, foundIn] = [newId(), { sea_level: [{ m_above: 1 }] }];
    const insert = `insert into garden_plant (id, latin_name, found_in, version) values ($1, 'Rosa', $2, 1) returning id, found_in`;
    expect(await rows(db, insert, [id, foundIn])).toEqual([{ id, foundIn }]);
    const update = `update garden_plant set leaves = 2 where id = $1 returning latin_name as "latinName", leaves`;
    expect(await rows(db, update, [id])).toEqual([{ latinName: 'Rosa', leaves: 2 }]);
    expect(await rows(db, `update garden_plant set leaves = 2 where false returning id`)).toEqual([]);
    expect(await rows(db, `select found_in from garden_plant where id = $1`, [id])).toEqual([{ foundIn }]);
    expect(await rows(db, `delete from garden_plant where id = $1 returning found_in`, [id])).toEqual([{ foundIn }]);
    expect(await rows(db, `select found_in from garden_plant`)).toEqual([]);
  });

  it('insert what the entity says, every type, and leave the rest to the defaults', async () => {
    const [full, bare] = [newId(), newId()];
    const values = {
      foundIn: { some_where: ['é', null] },
      otherNames: ['a,b', '{"c"}'],
      seed: Buffer.from([0, 255]),
      heightM: '12345678901234567890.10',
      sownOn: '2026-02-28',
      bloomedAt: new Date('2026-03-01T00:00:00.123Z'),
    };
    await inTransaction(db, (tx) =>
      insertAll(tx, GardenPlant, [
        Object.assign(new GardenPlant(), { id: full, latinName: 'Acer', ...values }),
        { id: bare, latinName: 'Abies' },
      ]),
    );
    expect(await plant(full)).toMatchObject({ latinName: 'Acer', ...values, leaves: 4, version: 1 });
    expect(await plant(bare)).toMatchObject({ foundIn: null, otherNames: null, leaves: 4, version: 1 });
    expect((await plant(bare)).createdAt).toBeInstanceOf(Date);
    await insertAll(db.manager, GardenPlant, []);
  });

  it('insert or change, behind the gate of a version, and say what was written', async () => {
    const [one, other] = [newId(), newId()];
    const put = (version: number, ...ids: string[]): Promise<object[]> =>
      inTransaction(db, (tx) =>
        upsertAll(
          tx,
          GardenPlant,
          ids.map((id) => ({ id, latinName: `Salix ${id} ${version}`, leaves: version, version })),
          { newerBy: 'version' },
        ),
      );
    expect(await put(2, one)).toEqual([{ id: one }]);
    expect(await put(2, one)).toEqual([]);
    expect(await put(1, one, other)).toEqual([{ id: other }]);
    expect(await put(3, one)).toEqual([{ id: one }]);
    expect(await plant(one)).toMatchObject({ leaves: 3, version: 3 });
    const named = { id: newId(), latinName: `Salix ${one} 3`, leaves: 9 };
    expect(await upsertAll(db.manager, GardenPlant, [named], { by: ['latinName'], set: [] })).toEqual([]);
    expect(await upsertAll(db.manager, GardenPlant, [named], { by: ['latinName'], set: ['leaves'] })).toEqual([
      { id: one },
    ]);
    expect(await plant(one)).toMatchObject({ leaves: 9, version: 3 });
  });

  it('change many rows at once, and only those that differ', async () => {
    const [one, other] = [newId(), newId()];
    await insertAll(db.manager, GardenPlant, [
      { id: one, latinName: 'Pinus', leaves: 1 },
      { id: other, latinName: 'Picea', leaves: 1 },
    ]);
    const values = [
      { id: one, leaves: 1, latinName: 'unused' },
      { id: other, leaves: 2, latinName: 'unused' },
      { id: newId(), leaves: 3 },
    ];
    expect(await updateAll(db.manager, GardenPlant, values, ['leaves'])).toEqual([{ id: other }]);
    expect(await plant(other)).toMatchObject({ latinName: 'Picea', leaves: 2, version: 1 });
  });
});
