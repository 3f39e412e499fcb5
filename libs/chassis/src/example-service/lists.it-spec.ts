import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { type Actor, type Answer } from '@quen/testing';
import { defineList } from '../lists/define-list.js';
import { date } from '../rules/fields.js';
import { ruleTree } from '../rules/rule-tree.js';
import { civilDay, daysAfter, startOfDay } from '../time/civil-day.js';
import { Library } from './library.js';
import { books } from './shelf.entity.js';

const administrator: Actor = { roles: ['administrator'] };

describe('lists', () => {
  let library: Library;
  const list = (query: string): Promise<Answer> => library.as(administrator).get(`/v1/books?${query}`);
  const titlesOf = (answer: Answer): string[] => answer.body.data.map(({ title }: { title: string }) => title);

  beforeAll(async () => {
    library = await Library.start();
    const rows = [
      ['Số đỏ', 'Vũ Trọng Phụng', '90000', '2026-01-01T00:00:00.000001Z'],
      ['Chí Phèo', 'Nam Cao', '45000.50', '2026-01-01T00:00:00.000002Z'],
      ['Tắt đèn', 'Ngô Tất Tố', null, '2026-01-01T00:00:00.000003Z'],
      ['Lão Hạc', 'Nam Cao', '45000.50', '2026-01-02T00:00:00Z'],
      ['50% off_', null, null, '2026-01-03T00:00:00Z'],
    ];
    for (const [title, author, price, at] of rows) {
      await library.sql(
        `insert into book (id, title, author, price, state, owner_id, created_at, version) values ($1, $2, $3, $4, 'in', $5, $6, 1)`,
        [randomUUID(), title, author, price, randomUUID(), at],
      );
    }
  });
  afterAll(() => library.stop());

  it.each([
    ['', ['50% off_', 'Lão Hạc', 'Tắt đèn', 'Chí Phèo', 'Số đỏ']],
    ['sort=price,title', ['Chí Phèo', 'Lão Hạc', 'Số đỏ', '50% off_', 'Tắt đèn']],
    ['sort=-price,-title', ['Số đỏ', 'Lão Hạc', 'Chí Phèo', 'Tắt đèn', '50% off_']],
    ['sort=createdAt', ['Số đỏ', 'Chí Phèo', 'Tắt đèn', 'Lão Hạc', '50% off_']],
  ])('page through %j one by one, whole and in order', async (query, expected) => {
    const seen: string[] = [];
    let cursor = '';
    for (let more = true; more;) {
      const answer = await list(`limit=1&${query}${cursor && `&cursor=${cursor}`}`);
      seen.push(...titlesOf(answer));
      more = answer.body.hasMore;
      cursor = answer.body.nextCursor;
      expect(cursor === null).toBe(!more);
    }
    expect(seen).toEqual(expected);
  });

  it.each([
    ['filter[author]=Nam Cao&sort=title', ['Chí Phèo', 'Lão Hạc']],
    ['filter[author][contains]=nam cáo&sort=title', ['Chí Phèo', 'Lão Hạc']],
    ['filter[price][gte]=45000.5&filter[price][lt]=90000&sort=title', ['Chí Phèo', 'Lão Hạc']],
    ['filter[price][null]=true&sort=title', ['50% off_', 'Tắt đèn']],
    ['filter[price][null]=false&filter[title][ne]=Lão Hạc&sort=title', ['Chí Phèo', 'Số đỏ']],
    ['filter[title][in]=Số đỏ,Tắt đèn&sort=title', ['Số đỏ', 'Tắt đèn']],
    ['filter[createdAt][gt]=2026-01-02', ['50% off_']],
    ['q=so do', ['Số đỏ']],
    ['q=đỏ phụng', ['Số đỏ']],
    ['q=50%25', ['50% off_']],
    ['q=_', ['50% off_']],
  ])('filter and search by %s', async (query, expected) => expect(titlesOf(await list(query))).toEqual(expected));

  it.each([
    ['[gte]=2026-02-03', ['first', 'last', 'next']],
    ['[gt]=2026-02-03', ['next']],
    ['[lte]=2026-02-03', ['before', 'first', 'last']],
    ['[lt]=2026-02-03', ['before']],
    ['=2026-02-03', ['first', 'last']],
    ['[in]=2026-02-04,2026-02-02', ['before', 'next']],
    ['[ne]=2026-02-03&filter[createdAt][gte]=2026-02-01', ['before', 'next']],
  ])('take a plain day as the whole day where the firm is: filter[createdAt]%s', async (filter, expected) => {
    const edges = {
      before: '2026-02-02T16:59:59.999999Z',
      first: '2026-02-02T17:00:00Z',
      last: '2026-02-03T16:59:59.999999Z',
      next: '2026-02-03T17:00:00Z',
    };
    for (const [title, at] of Object.entries(edges)) {
      await library.sql(
        `insert into book (id, title, state, owner_id, author, created_at, version) values ($1, $2, 'in', $1, 'edge', $3, 1)`,
        [randomUUID(), title, at],
      );
    }
    expect(titlesOf(await list(`filter[author]=edge&sort=createdAt&filter[createdAt]${filter}`))).toEqual(expected);
    await library.sql(`delete from book where author = 'edge'`);
  });

  it('cut the same days in SQL and in memory, wherever the firm is', async () => {
    const client = await library.database.connect();
    const instants = fc.sample(
      fc.oneof(
        fc.date({ min: new Date('1980-01-01'), max: new Date('2090-01-01'), noInvalidDate: true }),
        fc
          .tuple(fc.integer({ min: 0, max: 40_000 }), fc.constantFrom(-1, 0, 1))
          .map(([day, off]) => new Date(Date.UTC(1980, 0, 1 + day, 17) + off)),
      ),
      2000,
    );
    for (const zone of [
      'Asia/Ho_Chi_Minh',
      'Pacific/Kiritimati',
      'Etc/GMT+12',
      'America/New_York',
      'Australia/Lord_Howe',
    ]) {
      await client.query(`select set_config('quen.time_zone', $1, false)`, [zone]);
      const { rows } = await client.query(
        'select at, quen_day(at)::text as day, quen_midnight(quen_day(at)) as midnight from unnest($1::timestamptz[]) as i (at)',
        [instants],
      );
      for (const row of rows)
        expect({ zone, ...row }).toEqual({
          zone,
          at: row.at,
          day: civilDay(row.at, zone),
          midnight: startOfDay(row.day, zone),
        });
      const days = ruleTree({ day: date() });
      const {
        rows: [today],
      } = await client.query('select now() as at, quen_today()::text as day');
      for (const operator of ['withinLastDays', 'notWithinLastDays', 'withinNextDays']) {
        for (const [span, off] of [0, 1, 7].flatMap((span) =>
          [-8, -7, -6, -1, 0, 1, 6, 7].map((off) => [span, off] as const),
        )) {
          const day = daysAfter(today.day, off),
            tree = days.parse({ combinator: 'and', rules: [{ field: 'day', operator, value: span }] });
          const { sql, params } = tree.predicate(() => `date '${day}'`);
          const {
            rows: [{ holds, at }],
          } = await client.query(`select ${sql} as holds, now() as at`, [...params]);
          expect({ zone, operator, span, off, holds }).toEqual({
            zone,
            operator,
            span,
            off,
            holds: tree.matches({ day }, at, zone),
          });
        }
      }
    }
    client.release(true);
  });

  it('are by default in an order that no edit changes', () => {
    expect(() => defineList({ ...books, sort: ['updatedAt'], defaultSort: '-updatedAt' })).toThrow(
      'changes while somebody reads',
    );
  });

  it('send what the view names and nothing else of the rows that the route answers', async () => {
    const named = ['author', 'id', 'price', 'state', 'title', 'version'];
    const client = library.as(administrator);
    const [row] = (await list('limit=1')).body.data;
    const one = await client.get(`/v1/books/${row.id}`);
    const where = { combinator: 'and', rules: [{ field: 'title', operator: '=', value: row.title }] };
    const [found] = (await client.post('/v1/books/search', { where })).body.data;
    expect([row, one.body, found].map((shown) => Object.keys(shown).sort())).toEqual([named, named, named]);
    expect(found).toEqual(one.body);
  });

  it('count on demand', async () => {
    expect((await list('limit=2&count=exact&filter[author]=Nam Cao')).body).toMatchObject({ total: 2, hasMore: false });
    expect((await list('limit=2')).body.total).toBeUndefined();
  });

  it.each([
    ['filter[nothing]=1', '?filter[nothing]', 'unknown_field', 'title, author, price'],
    ['filter[price]=cheap', '?filter[price]', 'wrong_value', 'decimal'],
    ['filter[price][like]=1', '?filter[price][like]', 'unknown_operator', 'gte'],
    ['filter[constructor]=1', '?filter[constructor]', 'unknown_field', 'title'],
    ['sort=nothing', '?sort', 'unknown_field', 'createdAt, title, price'],
    ['limit=201', '?limit', 'wrong_value', '200'],
    ['limit[x]=1', '?limit', 'wrong_value', '200'],
    ['limit[]=1', '?limit', 'wrong_value', '200'],
    ['offset=2', '?offset', 'unknown_field', 'limit, cursor'],
    ['cursor=abc', '?cursor', 'wrong_cursor', 'this list'],
    ['count=1', '?count', 'wrong_value', 'exact'],
  ])('refuse %s and name what is allowed', async (query, pointer, code, text) => {
    const answer = await list(query);
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toEqual([{ pointer, code, message: expect.stringContaining(text) }]);
  });

  it('refuse a cursor that was changed, or made for another order', async () => {
    const { nextCursor } = (await list('limit=1')).body;
    for (const query of [
      `cursor=${nextCursor}x`,
      `cursor=${nextCursor}&sort=title`,
      `cursor=${nextCursor}&filter[author]=x`,
    ])
      expect((await list(query)).status).toBe(400);
  });

  it("search by rule trees, inside the route's own condition", async () => {
    const where = {
      combinator: 'or',
      rules: [
        { field: 'author', operator: 'beginsWith', value: 'vu' },
        { combinator: 'and', not: true, rules: [{ field: 'price', operator: 'notNull' }] },
      ],
    };
    const answer = await library.as(administrator).post('/v1/books/search', {
      where,
      sort: 'title',
      count: 'exact',
    });
    expect(titlesOf(answer)).toEqual(['50% off_', 'Số đỏ', 'Tắt đèn']);
    expect(answer.body.total).toBe(3);
    const wrong = await library.as(administrator).post('/v1/books/search', {
      where: { combinator: 'and', rules: [{ field: 'id; drop table book', operator: '=', value: 1 }] },
    });
    expect(wrong.body.errors[0]).toMatchObject({ pointer: '/where/rules/0/field', code: 'unknown_field' });
  });

  it('mean the same in SQL and in memory', async () => {
    const stored = await library.sql('select title, author, price, created_at from book');
    const rows = stored.map(({ created_at, ...row }) => ({ ...row, createdAt: created_at.toISOString() }));
    const values: Record<string, string[]> = {
      title: ['Lão Hạc'],
      author: ['nam'],
      price: ['45000.5'],
      createdAt: ['2026-01-02T00:00:00Z', '2026-01-02'],
    };
    const fields = ruleTree(books.fields);
    let compared = 0;
    for (const { name, operators } of fields.describe()) {
      for (const [operator, value] of operators.flatMap((each) =>
        (values[name] ?? []).map((given) => [each, given] as const),
      )) {
        const given = operator.endsWith('Days')
          ? 3000
          : ['in', 'notIn'].includes(operator)
            ? [value]
            : /etween$/.test(operator)
              ? [value, value]
              : value;
        const tree = fields.parse({ combinator: 'and', rules: [{ field: name, operator, value: given }] });
        const answer = await library.as(administrator).post('/v1/books/search', { where: tree, sort: 'title' });
        expect(answer.status).toBe(200);
        expect({ name, operator, titles: titlesOf(answer).sort() }).toEqual({
          name,
          operator,
          titles: rows
            .filter((row) => tree.matches(row, new Date(), 'Asia/Ho_Chi_Minh'))
            .map((row) => row['title'])
            .sort(),
        });
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(40);
  });
});
