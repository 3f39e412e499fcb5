import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { type Actor } from '@quen/testing';
import type { Principal } from '../access/principal.js';
import { Rights, type OwnedRow } from '../access/rights.js';
import { Database } from '../database/database.js';
import type { Scope } from '../database/scope.js';
import { fold } from '../text/fold.js';
import { invisibleRanges } from '../text/visible.js';
import { Library } from './library.js';
import { Book } from './shelf.entity.js';

describe('what a caller reaches', () => {
  let library: Library;
  const [root, hanoi, caugiay, saigon] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  const an: Actor = { roles: ['seller'], subject: randomUUID(), branchId: caugiay };
  const binh: Actor = { roles: ['seller'], subject: randomUUID(), branchId: saigon };
  const titles = async (caller: Actor): Promise<string[]> =>
    (await library.as(caller).get('/v1/books?sort=title')).body.data.map(({ title }: { title: string }) => title);
  let anId: string;

  beforeAll(async () => {
    library = await Library.start();
    const tree = [
      [root, root],
      [hanoi, `${root}.${hanoi}`],
      [caugiay, `${root}.${hanoi}.${caugiay}`],
      [saigon, `${root}.${saigon}`],
    ];
    for (const [id, path] of tree)
      await library.sql(
        `insert into branch (id, code, name, path, active, version) values ($1, 'c', 'n', $2, true, 1)`,
        [id, path],
      );
    anId = (await library.as(an).post('/v1/books', { title: 'An' })).body.id;
    await library.as(binh).post('/v1/books', { title: 'Bình' });
  });
  afterAll(() => library.stop());

  it('is the own rows, the rows of the branch and below, or all', async () => {
    expect(await titles(an)).toEqual(['An']);
    expect(await titles({ roles: ['branch-manager'], branchId: hanoi })).toEqual(['An']);
    expect(await titles({ roles: ['branch-manager'], branchId: root })).toEqual(['An', 'Bình']);
    expect(await titles({ roles: ['branch-manager'] })).toEqual([]);
    expect(await titles({ roles: ['administrator'] })).toEqual(['An', 'Bình']);
  });

  it("hides others' records as if they were not there, and takes no rows outside", async () => {
    expect((await library.as(binh).get(`/v1/books/${anId}`)).status).toBe(404);
    expect((await library.as(binh).patch(`/v1/books/${anId}`, { author: 'x' }, { 'if-match': '"1"' })).status).toBe(
      404,
    );
    const outside = await library
      .as({ roles: ['branch-manager'], branchId: saigon })
      .post('/v1/books', { title: 'Elsewhere', branchId: hanoi });
    expect({ status: outside.status, code: outside.body.code }).toEqual({ status: 403, code: 'out_of_scope' });
  });

  it('is nothing without a scope, even for plain SQL, and everything when elevated', async () => {
    const database = library.service.app.get(Database);
    const count = 'select count(*)::int as n from book';
    expect(await library.service.app.get(DataSource).query(count)).toEqual([{ n: 0 }]);
    expect(await database.transaction((tx) => tx.query(count))).toEqual([{ n: 0 }]);
    expect(await database.elevated((tx) => tx.query(count))).toEqual([{ n: 2 }]);
    const [inside, after] = await database.transaction(async (tx) => [
      await database.elevated((same) => same.count(Book)),
      await tx.count(Book),
    ]);
    expect([inside, after]).toEqual([2, 0]);
  });

  describe('beyond what the route asks for', () => {
    const caller = (roles: string[], branchId?: string, scope: Scope = 'all'): Principal => ({
      subject: an.subject as string,
      name: 'An',
      roles,
      scope,
      ...(branchId && { branchId }),
    });
    const may = (who: Principal, row: OwnedRow, action = 'lend'): Promise<boolean> =>
      library.service.app.get(Rights).may(who, 'book', action, row);

    it('is what the scope of the permission asked reaches, whatever else the roles allow', async () => {
      const manager = caller(['branch-manager'], hanoi);
      expect(await Promise.all([root, hanoi, caugiay, saigon].map((branchId) => may(manager, { branchId })))).toEqual([
        false,
        true,
        true,
        false,
      ]);
      expect(await may(caller(['seller', 'offline_access'], caugiay), { ownerId: an.subject, branchId: saigon })).toBe(
        true,
      );
      expect(
        await may(caller(['seller', 'offline_access'], caugiay), { ownerId: binh.subject, branchId: caugiay }),
      ).toBe(false);
      expect(await may(caller(['seller'], caugiay), { ownerId: an.subject }, 'burn')).toBe(false);
      expect(await may(caller(['administrator']), {})).toBe(true);
    });

    it("is nothing of nobody's rows, and nothing for who has no branch", async () => {
      expect(await may(caller(['branch-manager'], hanoi), { branchId: null })).toBe(false);
      expect(await may(caller(['branch-manager']), { branchId: hanoi })).toBe(false);
      expect(await may(caller(['seller']), {})).toBe(false);
    });

    it('tells of rows that are not known yet whether the permission goes as far as the request', () => {
      const everywhere = (roles: string[], scope: Scope): boolean =>
        library.service.app.get(Rights).everywhere(caller(roles, hanoi, scope), 'book', 'lend');
      expect([
        everywhere(['branch-manager'], 'branch'),
        everywhere(['branch-manager'], 'all'),
        everywhere(['administrator'], 'branch'),
        everywhere(['marketer'], 'own'),
      ]).toEqual([true, false, true, false]);
    });
  });

  it('folds text in the database as in the program', async () => {
    for (const text of [
      'Đỗ Thị Ánh',
      'Đỗ Thị Ánh'.normalize('NFD'),
      '  NGUYỄN\tVăn   Ưng ',
      'Ωmega Ñandú',
      'KH-000123',
    ]) {
      const [row] = await library.sql('select quen_fold($1) as folded', [text]);
      expect(row.folded).toBe(fold(text));
    }
    // Every sign up to the kana and every one that nobody sees, behind a letter; but not the Greek sigma, whose small
    // letter JavaScript chooses by its place.
    const signs = Array.from({ length: 0xe1000 }, (_, point) => point).filter(
      (point) =>
        point > 0 &&
        point !== 0x3a3 &&
        (point < 0x3100 || invisibleRanges.some(([from, to]) => point >= from - 1 && point <= to + 1)) &&
        !(point >= 0xd800 && point <= 0xdfff),
    );
    const rows = await library.sql(
      'select quen_fold(t) as folded from unnest($1::text[]) with ordinality as u(t, n) order by n',
      [signs.map((point) => `A${String.fromCodePoint(point)} b`)],
    );
    expect(
      rows
        .map(({ folded }, index) => [signs[index]?.toString(16), folded])
        .filter(([, folded], index) => folded !== fold(`A${String.fromCodePoint(signs[index] ?? 0)} b`)),
    ).toEqual([]);
  });
});
