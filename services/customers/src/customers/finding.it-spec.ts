import { CustomerState } from '@quen/events';
import { type Client, type Json } from '@quen/testing';
import { Customers } from '../customers.it-support.js';

let customers: Customers;
beforeAll(async () => {
  customers = await Customers.start();
});
afterAll(() => customers?.stop());

describe('a citizen id', () => {
  const [number, taxCode] = ['001185077701', '001185077702'];
  // Agents see the customers of all branches, managers the citizen ids of theirs.
  let both: Client;
  let seller: Client;
  let here: Json;
  let there: Json;
  beforeAll(async () => {
    const subject = crypto.randomUUID();
    [both, seller] = [
      customers.service.as({ roles: ['agent', 'branch-manager'], branchId: customers.haNoi, subject }),
      customers.as('seller', subject),
    ];
    here = (
      await customers.register(customers.manager, {
        displayName: 'Ngô Có Thẻ',
        citizenId: number,
        taxCode,
        phones: ['0912345701'],
        ownerId: subject,
      })
    ).body;
    there = (
      await customers.register(customers.elsewhere, {
        displayName: 'Ngô Nơi Khác',
        citizenId: '048085066601',
        taxCode: '048085066602',
        sex: 'female',
        birthDate: '1986-01-01',
      })
    ).body;
  });

  it('is read where the permission reaches the record, whatever other role reads the record', async () => {
    expect((await both.get(`/v1/customers/${here.id}`)).body).toMatchObject({ citizenId: number, taxCode });
    expect((await both.get(`/v1/customers/${there.id}`)).body).toMatchObject({
      citizenId: '•••601',
      taxCode: '•••602',
      warnings: [],
    });
    expect((await customers.elsewhere.get(`/v1/customers/${there.id}`)).body).toMatchObject({
      citizenId: '048085066601',
      warnings: [{ code: 'citizen_id_sex' }, { code: 'citizen_id_birth_year' }],
    });
    const { data } = (await both.get('/v1/customers?q=ngo&limit=200')).body as { data: Json[] };
    expect(Object.fromEntries(data.map(({ id, citizenId }) => [id, citizenId]))).toMatchObject({
      [here.id]: number,
      [there.id]: '•••601',
    });
  });

  it('leads to nobody for who may not read it there, also as a tax code', async () => {
    for (const key of [number, taxCode])
      expect([
        await customers.found(both, key),
        await customers.found(seller, key),
        await customers.found(customers.as('agent'), key),
      ]).toEqual([[here.id], [], []]);
    for (const key of ['048085066601', '048085066602'])
      expect([await customers.found(both, key), await customers.found(customers.elsewhere, key)]).toEqual([
        [],
        [there.id],
      ]);
    for (const query of [
      `q=${number}`,
      `q=${taxCode}`,
      `filter[taxCode]=${taxCode}`,
      `filter[taxCode][startsWith]=${taxCode.slice(0, 9)}`,
    ])
      expect((await seller.get(`/v1/customers?${query}`)).body.data).toEqual([]);
    for (const query of ['filter[citizenId]=1', 'sort=citizenId', 'sort=taxCode'])
      expect((await customers.administrator.get(`/v1/customers?${query}`)).status).toBe(400);
  });

  it('is published nowhere', async () => {
    const state = await customers.service.published(CustomerState, ({ customerId }) => customerId === here.id);
    expect(JSON.stringify(state)).not.toMatch(`${number}|${taxCode}`);
  });

  it('is changed and cleared only by who may, and a guess is answered like any other', async () => {
    const patch = (client: Client, body: object) => customers.correct(client, here.id, body);
    for (const body of [
      { citizenId: null },
      { citizenId: number },
      { citizenId: '001185077703' },
      { taxCode: null },
      { taxCode },
      { taxCode: '0101243150' },
    ]) {
      const [field] = Object.keys(body);
      expect(await patch(seller, { ...body, needs: 'x' })).toMatchObject({
        status: 403,
        body: { code: 'field_forbidden', field, errors: [{ pointer: `/${field}`, code: 'field_forbidden' }] },
      });
    }
    expect(await patch(seller, { needs: 'máy lọc' })).toMatchObject({
      status: 200,
      body: { needs: 'máy lọc', citizenId: '•••701' },
    });
    expect((await patch(customers.manager, { needs: 'y' })).body).toMatchObject({ citizenId: number, taxCode });
    expect((await patch(both, { citizenId: '001185077704' })).body).toMatchObject({ citizenId: '001185077704' });
    expect((await patch(both, { citizenId: number })).body).toMatchObject({ citizenId: number });
    expect(await customers.found(customers.manager, '001185077704')).toEqual([]);
  });

  it('is entered with a new record by whoever registers, and compared only with those that may be read', async () => {
    for (const body of [{ citizenId: number }, { taxCode }]) {
      const answer = await customers.register(seller, { displayName: 'Ngô Thử Đoán', ...body });
      expect(answer).toMatchObject({ status: 201, body: { candidates: [] } });
      expect((await seller.get(`/v1/customers/${answer.body.id}/candidates`)).body.data).toEqual([]);
      expect((await customers.manager.get(`/v1/customers/${answer.body.id}/candidates`)).body.data).toMatchObject([
        { customerId: here.id, sure: true, reasons: [{ points: 100 }] },
      ]);
      expect(await customers.register(customers.manager, { displayName: 'Ngô Biết Rồi', ...body })).toMatchObject({
        status: 409,
        body: { code: 'duplicate_customer' },
      });
    }
    expect(await customers.register(both, { displayName: 'Ngô Thử Nữa', citizenId: '048085066601' })).toMatchObject({
      status: 201,
      body: { candidates: [], warnings: [] },
    });
    const own = (await customers.register(both, { displayName: 'Ngô Thử Sửa' })).body;
    expect(
      (await both.patch(`/v1/customers/${own.id}`, { taxCode: '048085066602' }, { 'if-match': '"1"' })).status,
    ).toBe(200);
  });

  it('tells what is odd of it to whoever has just typed it', async () => {
    const { body } = await customers.register(seller, { displayName: 'Ngô Gõ Sai', citizenId: '003085012345' });
    expect(body).toMatchObject({
      citizenId: '•••345',
      warnings: [{ pointer: '/citizenId', code: 'citizen_id_province' }],
    });
    expect((await seller.get(`/v1/customers/${body.id}`)).body.warnings).toEqual([]);
  });
});

it('lets no part of a customer be reached but as the customer is, by whoever does not own the tables', async () => {
  const reader = `reader_${crypto.randomUUID().slice(0, 8)}`;
  const parts = [
    'customer_key',
    'customer_search',
    'reached_search',
    'customer_insight',
    'timeline_entry',
    'consent_entry',
  ];
  await customers.service.sql(`
    create role ${reader}; grant usage on schema customers to ${reader}; grant select on all tables in schema customers to ${reader};
    create function ${reader}(part text, scope text) returns int language plpgsql as $$
    declare n int; begin
      perform set_config('quen.scope', scope, true), set_config('quen.branch', '${customers.daNang}', true);
      execute 'set local role ${reader}';
      execute format('select count(*) from %I', part) into n;
      return n; end $$`);
  try {
    for (const part of parts) {
      const [row] = await customers.service.sql<{ n: number }>(
        `select count(*)::int as n from ${part.replace('reached_', 'customer_')} where customer_id in (select id from customer where branch_id = $1)`,
        [customers.daNang],
      );
      expect([part, ...(await customers.service.sql(`select ${reader}($1, '') as n`, [part]))]).toEqual([
        part,
        { n: 0 },
      ]);
      expect([part, ...(await customers.service.sql(`select ${reader}($1, 'branch') as n`, [part]))]).toEqual([
        part,
        row,
      ]);
    }
  } finally {
    await customers.service.sql(`drop function ${reader}(text, text); drop owned by ${reader}; drop role ${reader}`);
  }
});

describe('search', () => {
  const names = async (q: string, rest = ''): Promise<string[]> =>
    (await customers.manager.get(`/v1/customers?q=${encodeURIComponent(q)}${rest}`)).body.data.map(
      ({ displayName }: { displayName: string }) => displayName,
    );
  beforeAll(async () => {
    for (const displayName of ['Vũ Quang Hà', 'Vũ Quang Hạ', 'Vũ Quang Ha Long', 'Đào Quảng Thanh'])
      await customers.register(customers.manager, { displayName });
  });

  it('ranks what was typed with marks first', async () => {
    expect((await names('vũ quang hạ'))[0]).toBe('Vũ Quang Hạ');
    expect((await names('Vũ Quang Hà'.normalize('NFD')))[0]).toBe('Vũ Quang Hà');
  });
  it('finds all without marks', async () =>
    expect((await names('vu quang ha')).sort()).toEqual(['Vũ Quang Ha Long', 'Vũ Quang Hà', 'Vũ Quang Hạ']));
  it('finds đ by d', async () => expect(await names('dao quang')).toEqual(['Đào Quảng Thanh']));
  it('pages without losing or repeating any', async () => {
    const first = (await customers.manager.get('/v1/customers?q=vu%20quang&limit=2')).body;
    const second = (
      await customers.manager.get(`/v1/customers?q=vu%20quang&limit=2&cursor=${encodeURIComponent(first.nextCursor)}`)
    ).body;
    expect(new Set([...first.data, ...second.data].map(({ id }: { id: string }) => id)).size).toBe(3);
    expect(second.hasMore).toBe(false);
  });
  it('sorts as Vietnamese does and filters', async () => {
    expect(await names('vu quang', '&sort=displayName')).toEqual(
      ['Vũ Quang Hà', 'Vũ Quang Ha Long', 'Vũ Quang Hạ'].sort((a, b) => a.localeCompare(b, 'vi')),
    );
    expect(
      (await customers.manager.get('/v1/customers?filter[kind]=organisation')).body.data.every(
        ({ kind }: { kind: string }) => kind === 'organisation',
      ),
    ).toBe(true);
    expect((await customers.manager.get('/v1/customers?filter[nonsense]=1')).status).toBe(400);
  });
  it('finds words, keys and timelines by an index, under row-level security too', async () => {
    const [owner] = await customers.service.sql<{ tableowner: string }>(
      `select tableowner from pg_tables where tablename = 'customer' and schemaname = current_schema`,
    );
    await customers.service
      .sql(`create function plan_of(query text) returns jsonb language plpgsql security definer set enable_seqscan = off set quen.scope = 'branch' as $$
      declare plan jsonb; begin execute 'explain (format json) ' || query into plan; return plan; end $$`);
    await customers.service.sql(`alter function plan_of owner to ${owner?.tableowner}`);
    const plan = async (query: string): Promise<string> =>
      JSON.stringify(await customers.service.sql('select plan_of($1)', [query]));
    expect(
      await plan(
        `select * from customer where id in (select customer_id from reached_search where search_text like '%vu%' and search_text like '%quang ha%')`,
      ),
    ).toContain('customer_search_trigrams');
    expect(await plan(`select * from customer_key where kind = 'phone' and value = '+84912345610'`)).toMatch(
      /Index.*customer_key/,
    );
    expect(
      await plan(
        `select * from timeline_entry where customer_id = '${customers.haNoi}' order by at desc, event_id desc limit 25`,
      ),
    ).toContain('timeline_entry_pkey');
    expect(await plan(`select * from customer order by updated_at desc, id desc limit 25`)).toContain(
      'customer_by_change',
    );
  });
});
