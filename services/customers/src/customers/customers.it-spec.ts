import {
  BranchState,
  build,
  CustomerCorrected,
  CustomerInsightState,
  CustomerRegistered,
  CustomerState,
  Money,
  OwnershipChanged,
} from '@quen/events';
import { eventually, startService, type Client, type Json, type TestService } from '@quen/testing';
import { CustomersConfig } from '../customers.config.js';
import { CustomerDatabaseModule } from '../customers.module.js';

const [haNoi, daNang] = [crypto.randomUUID(), crypto.randomUUID()];
let customers: TestService;
let manager: Client;
let elsewhere: Client;
let administrator: Client;

const branch = (branchId: string, code: string): BranchState =>
  build(BranchState, { branchId, version: 1, code, name: code, path: branchId, active: true });
const register = (client: Client, body: object, headers?: Record<string, string>) =>
  client.post('/v1/customers', body, headers);

beforeAll(async () => {
  customers = await startService(CustomerDatabaseModule, CustomersConfig);
  [manager, elsewhere] = [
    customers.as({ roles: ['branch-manager'], branchId: haNoi }),
    customers.as({ roles: ['branch-manager'], branchId: daNang }),
  ];
  administrator = customers.as({ roles: ['administrator'] });
  await customers.receive(branch(haNoi, 'HN'));
  await customers.receive(branch(daNang, 'DN'));
  await eventually(async () => expect(await customers.sql('select 1 from branch')).toHaveLength(2));
});
afterAll(() => customers?.stop());

describe('registering a customer', () => {
  it('stores, publishes and shows it', async () => {
    const answer = await register(manager, {
      displayName: 'Nguyễn Thị Thu Lan',
      phones: ['0912 345 601'],
      emails: ['LAN@mail.example'],
      taxCode: '0101243151',
      address: { text: '18 Duy Tân, Cầu Giấy, Hà Nội', line: null, ward: null },
    });
    expect(answer).toMatchObject({
      status: 201,
      body: {
        version: 1,
        code: expect.stringMatching(/^KH-\d{6}$/),
        familyName: 'Nguyễn',
        givenName: 'Lan',
        branchId: haNoi,
        phones: [{ e164: '+84912345601' }],
        emails: ['lan@mail.example'],
        address: { province: 'Hà Nội' },
        warnings: [{ pointer: '/taxCode', code: 'tax_code_checksum' }],
        candidates: [],
      },
    });
    expect(answer.headers.get('etag')).toBe('"1"');
    const { id } = answer.body;
    await customers.published(CustomerRegistered, ({ customerId }) => customerId === id);
    expect(await customers.published(CustomerState, ({ customerId }) => customerId === id)).toMatchObject({
      version: 1,
      displayName: 'Nguyễn Thị Thu Lan',
      branchId: haNoi,
    });
  });

  it('names possible duplicates, and refuses a sure one unless it is insisted on', async () => {
    const first = await register(manager, {
      displayName: 'Trần Văn Hải',
      phones: ['0912345602'],
      citizenId: '001085012345',
    });
    const alike = await register(manager, { displayName: 'TRAN VAN HAI', phones: ['+84912345602'] });
    expect(alike.body.candidates).toMatchObject([
      { customerId: first.body.id, score: 80, sure: false, reasons: [{ code: 'same_phone' }, { code: 'same_name' }] },
    ]);
    const same = { displayName: 'Trần Hải', citizenId: '001 085 012 345' };
    expect(await register(manager, same)).toMatchObject({
      status: 409,
      body: { code: 'duplicate_customer', customerId: first.body.id },
    });
    expect((await register(manager, { ...same, allowDuplicate: true })).status).toBe(201);
  });

  it('tells of records in a branch that the caller may not see only that there is one, whatever else is alike', async () => {
    const hidden = {
      displayName: 'Lê Thị Bí Mật',
      phones: ['0912345603', '0912345605'],
      birthDate: '1985-03-02',
      emails: ['mat@mail.example'],
      taxCode: '0311112230',
    };
    await register(elsewhere, hidden);
    await register(elsewhere, { displayName: 'Lê Thị Bí Mật', phones: ['0912345603'] });
    const there = [{ customerId: null, code: null, displayName: null, score: null, sure: null, reasons: [] }];
    const { body, headers } = await register(manager, { displayName: 'Lê Thị Bí Mật', phones: ['0912345603'] });
    expect(body.candidates).toEqual(there);
    // Neither a right nor a wrong guess of what else the hidden record holds changes that.
    let tag = headers.get('etag') ?? '';
    for (const guess of [
      { birthDate: '1985-03-02' },
      { birthDate: '1999-09-09' },
      { displayName: 'Ai Khác' },
      { emails: ['mat@mail.example'] },
    ]) {
      tag = (await manager.patch(`/v1/customers/${body.id}`, guess, { 'if-match': tag })).headers.get('etag') ?? '';
      expect((await manager.get(`/v1/customers/${body.id}/candidates`)).body.data).toEqual(there);
    }
    const same = await register(manager, { displayName: 'Ai Đó', taxCode: '0311112230', kind: 'organisation' });
    expect(same).toMatchObject({ status: 409, body: { code: 'duplicate_customer', customerId: null, reason: null } });
    const patched = await manager.patch(`/v1/customers/${body.id}`, { taxCode: '0311112230' }, { 'if-match': tag });
    expect(patched).toMatchObject({
      status: 409,
      body: { code: 'duplicate_customer', customerId: null, reason: null },
    });
    expect(JSON.stringify([same.body, patched.body])).not.toContain('same_');
  });

  it('refuses a branch that there is not, in the token as in the body', async () => {
    const lost = customers.as({ roles: ['marketer'], branchId: crypto.randomUUID() });
    expect(await register(lost, { displayName: 'Không Chi Nhánh' })).toMatchObject({
      status: 409,
      body: { code: 'not_known_here_yet' },
    });
    expect(await customers.sql('select 1 from customer where branch_id not in (select id from branch)')).toEqual([]);
  });

  it('lets only one of two entries of the same tax code at the same moment win', async () => {
    const answers = await Promise.all(
      Array.from({ length: 4 }, (_, n) =>
        register(manager, { displayName: `Công ty Cùng Lúc ${n}`, kind: 'organisation', taxCode: '0100109106' }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
  });

  it('is done once under the same key', async () => {
    const body = { displayName: 'Phạm Một Lần', phones: ['0912345604'] };
    const [first, again] = [
      await register(manager, body, { 'idempotency-key': 'once-1' }),
      await register(manager, body, { 'idempotency-key': 'once-1' }),
    ];
    expect(again).toMatchObject({ status: 201, body: { id: first.body.id } });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect((await register(manager, { displayName: 'Khác' }, { 'idempotency-key': 'once-1' })).status).toBe(422);
    expect(await customers.sql('select 1 from customer where display_name = $1', ['Phạm Một Lần'])).toHaveLength(1);
  });

  it.each([
    [{ displayName: 'A', surprise: 1 }, '/surprise', 'unknown_field'],
    [{ displayName: 'A', phones: ['hello'] }, '/phones', 'is_phone'],
    [{ displayName: 'A', taxCode: '123' }, '/taxCode', 'is_tax_code'],
    [{ displayName: 'A', birthDate: '1985-02-31' }, '/birthDate', 'is_past_day'],
    [{ displayName: ' ' }, '/displayName', 'matches'],
    [{ displayName: 'A', kind: null }, '/kind', 'is_in'],
    [{ displayName: 'A', otherAddresses: [{ label: 'delivery' }] }, '/otherAddresses/0/address', 'required'],
    [{ displayName: 'A', emails: ['nguyễn@mail.example'] }, '/emails', 'is_email'],
  ])('refuses %j', async (body, pointer, code) => {
    expect(await register(manager, body)).toMatchObject({
      status: 400,
      body: { code: 'validation_failed', errors: [{ pointer, code }] },
    });
  });

  it('refuses a branch that it has not heard of yet, for the time being', async () => {
    const answer = await register(manager, { displayName: 'A', branchId: crypto.randomUUID() });
    expect(answer).toMatchObject({ status: 409, body: { code: 'not_known_here_yet', what: 'branch' } });
    expect(answer.headers.get('retry-after')).toBe('1');
  });

  it('needs a token and a role', async () => {
    expect((await register(customers.anonymous, { displayName: 'A' })).status).toBe(401);
    expect(
      (await register(customers.as({ roles: ['accountant'], branchId: haNoi }), { displayName: 'A' })).status,
    ).toBe(403);
  });
});

describe('a registered customer', () => {
  let id: string;
  beforeAll(async () => {
    id = (
      await register(manager, {
        displayName: 'Đỗ Thị Ánh Ngọc',
        phones: ['0912345610'],
        externalIds: [{ system: 'zalo', id: '77001' }],
        citizenId: '001185012399',
        code: 'cu-77',
      })
    ).body.id;
  });

  it('does not exist for another branch', async () => {
    expect(await elsewhere.get(`/v1/customers/${id}`)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect((await elsewhere.patch(`/v1/customers/${id}`, { needs: 'x' }, { 'if-match': '"1"' })).status).toBe(404);
    expect((await elsewhere.get('/v1/customers/lookup?phone=0912345610')).status).toBe(400);
    expect((await elsewhere.get('/v1/customers/lookup?key=0912345610')).body).toEqual({ data: [] });
    expect((await elsewhere.get('/v1/customers?q=anh ngoc')).body.data).toEqual([]);
  });

  it.each(['0912.345.610', '+84 912 345 610', 'CU-77', 'zalo:77001', '001185012399'])('is found by %s', async (key) => {
    expect((await manager.get(`/v1/customers/lookup?key=${encodeURIComponent(key)}`)).body.data).toMatchObject([
      { id },
    ]);
  });

  it('shows its citizen id to few', async () => {
    expect((await manager.get(`/v1/customers/${id}`)).body.citizenId).toBe('001185012399');
    expect((await customers.as({ roles: ['seller'], branchId: haNoi }).get(`/v1/customers/${id}`)).body.citizenId).toBe(
      '•••399',
    );
  });

  it('is corrected with the version that was read, and told in Vietnamese why not', async () => {
    const path = `/v1/customers/${id}`;
    expect((await manager.patch(path, { needs: 'máy lọc nước' })).status).toBe(428);
    const { body, headers } = await manager.patch(
      path,
      { needs: 'máy lọc nước', phones: ['0912345610', '0912345611'] },
      { 'if-match': '"1"' },
    );
    expect(body).toMatchObject({ version: 2, needs: 'máy lọc nước' });
    expect(headers.get('etag')).toBe('"2"');
    expect(await manager.patch(path, { needs: null }, { 'if-match': '"1"', 'accept-language': 'vi' })).toMatchObject({
      status: 412,
      body: { code: 'stale_version', currentVersion: 2, detail: expect.stringContaining('phiên bản') },
    });
    expect((await manager.patch(path, { surprise: 1 }, { 'if-match': '"2"' })).status).toBe(400);
    expect(await customers.published(CustomerCorrected, ({ customerId }) => customerId === id)).toMatchObject({
      fields: ['needs', 'phones'],
    });
    expect((await manager.get('/v1/customers/lookup?key=0912345611')).body.data).toMatchObject([{ id }]);
    await customers.published(CustomerState, ({ customerId, version }) => customerId === id && version === 2);
  });

  it.each([
    'kind',
    'category',
    'relation',
    'lifecycle',
    'phones',
    'emails',
    'otherAddresses',
    'externalIds',
    'source',
    'language',
    'displayName',
  ])('keeps %s, which cannot be null', async (field) => {
    const { headers } = await manager.get(`/v1/customers/${id}`);
    expect(
      await manager.patch(`/v1/customers/${id}`, { [field]: null }, { 'if-match': headers.get('etag') ?? '' }),
    ).toMatchObject({ status: 400, body: { code: 'validation_failed', errors: [{ pointer: `/${field}` }] } });
  });

  it.each([
    [{ otherAddresses: [{ label: 'delivery', address: null }] }, '/otherAddresses/0/address'],
    [{ otherAddresses: [null] }, '/otherAddresses'],
    [{ externalIds: [null] }, '/externalIds'],
    [{ phones: [null] }, '/phones'],
    [{ emails: [null] }, '/emails'],
    [{ address: { text: null } }, '/address/text'],
  ])('refuses %j with a pointer', async (body, pointer) => {
    const { headers } = await manager.get(`/v1/customers/${id}`);
    const answer = await manager.patch(`/v1/customers/${id}`, body, { 'if-match': headers.get('etag') ?? '' });
    expect(answer).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: expect.stringMatching(`^${pointer}`) }] },
    });
  });

  it("does not take an id that is somebody else's", async () => {
    await register(manager, { displayName: 'Công ty Có Mã', kind: 'organisation', taxCode: '0311112223' });
    const { headers } = await manager.get(`/v1/customers/${id}`);
    expect(
      await manager.patch(`/v1/customers/${id}`, { taxCode: '0311112223' }, { 'if-match': headers.get('etag') ?? '' }),
    ).toMatchObject({ status: 409, body: { code: 'duplicate_customer' } });
  });

  it('shows rank and value that analytics calculated, and never an older one', async () => {
    const insight = (version: number, rank: 'gold' | 'bronze') =>
      build(CustomerInsightState, {
        customerId: id,
        version,
        rank,
        orders: 3,
        revenue: Money.of(9),
        paid: Money.of(9),
        profit: Money.of(3),
        lifetimeValue: Money.of('12000000'),
        recencyScore: 5,
        frequencyScore: 3,
        valueScore: 4,
        openComplaints: 0,
        calculatedAt: new Date().toISOString(),
      });
    await customers.receive(insight(2, 'gold'));
    await eventually(async () =>
      expect((await manager.get(`/v1/customers/${id}`)).body.insight).toMatchObject({
        rank: 'gold',
        lifetimeValue: { amount: '12000000', currency: 'VND' },
      }),
    );
    await customers.receive(insight(1, 'bronze'));
    await customers.receive(insight(3, 'gold'));
    await eventually(async () =>
      expect(
        await customers.sql('select version::int, rank from customer_insight where customer_id = $1', [id]),
      ).toEqual([{ version: 3, rank: 'gold' }]),
    );
  });

  it('changes hands, also into a branch that the caller does not see', async () => {
    const ownerId = crypto.randomUUID();
    const { headers } = await manager.get(`/v1/customers/${id}`);
    const moved = await manager.post(
      `/v1/customers/${id}/transfer`,
      { branchId: daNang, ownerId },
      { 'if-match': headers.get('etag') ?? '' },
    );
    expect(moved).toMatchObject({ status: 201, body: { branchId: daNang, ownerId } });
    expect(await customers.published(OwnershipChanged, ({ customerId }) => customerId === id)).toMatchObject({
      branchId: daNang,
      ownerId,
      previousBranchId: haNoi,
    });
    expect((await manager.get(`/v1/customers/${id}`)).status).toBe(404);
    expect((await elsewhere.get(`/v1/customers/${id}`)).status).toBe(200);
  });
});

describe('a citizen id', () => {
  const [number, taxCode] = ['001185077701', '001185077702'];
  // Agents see the customers of all branches, managers the citizen ids of theirs.
  let both: Client;
  let seller: Client;
  let here: Json;
  let there: Json;
  const found = async (client: Client, key: string): Promise<string[]> =>
    (await client.get(`/v1/customers/lookup?key=${key}`)).body.data.map(({ id }: { id: string }) => id);

  beforeAll(async () => {
    const subject = crypto.randomUUID();
    [both, seller] = [
      customers.as({ roles: ['agent', 'branch-manager'], branchId: haNoi, subject }),
      customers.as({ roles: ['seller'], branchId: haNoi, subject }),
    ];
    here = (
      await register(manager, {
        displayName: 'Ngô Có Thẻ',
        citizenId: number,
        taxCode,
        phones: ['0912345701'],
        ownerId: subject,
      })
    ).body;
    there = (
      await register(elsewhere, {
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
    expect((await elsewhere.get(`/v1/customers/${there.id}`)).body).toMatchObject({
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
        await found(both, key),
        await found(seller, key),
        await found(customers.as({ roles: ['agent'], branchId: haNoi }), key),
      ]).toEqual([[here.id], [], []]);
    for (const key of ['048085066601', '048085066602'])
      expect([await found(both, key), await found(elsewhere, key)]).toEqual([[], [there.id]]);
    for (const query of [
      `q=${number}`,
      `q=${taxCode}`,
      `filter[taxCode]=${taxCode}`,
      `filter[taxCode][startsWith]=${taxCode.slice(0, 9)}`,
    ])
      expect((await seller.get(`/v1/customers?${query}`)).body.data).toEqual([]);
    for (const query of ['filter[citizenId]=1', 'sort=citizenId', 'sort=taxCode'])
      expect((await administrator.get(`/v1/customers?${query}`)).status).toBe(400);
  });

  it('is published nowhere', async () => {
    const state = await customers.published(CustomerState, ({ customerId }) => customerId === here.id);
    expect(JSON.stringify(state)).not.toMatch(`${number}|${taxCode}`);
  });

  it('is changed and cleared only by who may, and a guess is answered like any other', async () => {
    const path = `/v1/customers/${here.id}`;
    const patch = (client: Client, body: object) =>
      client.get(path).then(({ headers }) => client.patch(path, body, { 'if-match': headers.get('etag') ?? '' }));
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
    expect((await patch(manager, { needs: 'y' })).body).toMatchObject({ citizenId: number, taxCode });
    expect((await patch(both, { citizenId: '001185077704' })).body).toMatchObject({ citizenId: '001185077704' });
    expect((await patch(both, { citizenId: number })).body).toMatchObject({ citizenId: number });
    expect(await found(manager, '001185077704')).toEqual([]);
  });

  it('is entered with a new record by whoever registers, and compared only with those that may be read', async () => {
    for (const body of [{ citizenId: number }, { taxCode }]) {
      const answer = await register(seller, { displayName: 'Ngô Thử Đoán', ...body });
      expect(answer).toMatchObject({ status: 201, body: { candidates: [] } });
      expect((await seller.get(`/v1/customers/${answer.body.id}/candidates`)).body.data).toEqual([]);
      expect((await manager.get(`/v1/customers/${answer.body.id}/candidates`)).body.data).toMatchObject([
        { customerId: here.id, sure: true, reasons: [{ points: 100 }] },
      ]);
      expect(await register(manager, { displayName: 'Ngô Biết Rồi', ...body })).toMatchObject({
        status: 409,
        body: { code: 'duplicate_customer' },
      });
    }
    expect(await register(both, { displayName: 'Ngô Thử Nữa', citizenId: '048085066601' })).toMatchObject({
      status: 201,
      body: { candidates: [], warnings: [] },
    });
    const own = (await register(both, { displayName: 'Ngô Thử Sửa' })).body;
    expect(
      (await both.patch(`/v1/customers/${own.id}`, { taxCode: '048085066602' }, { 'if-match': '"1"' })).status,
    ).toBe(200);
  });

  it('tells what is odd of it to whoever has just typed it', async () => {
    const { body } = await register(seller, { displayName: 'Ngô Gõ Sai', citizenId: '003085012345' });
    expect(body).toMatchObject({
      citizenId: '•••345',
      warnings: [{ pointer: '/citizenId', code: 'citizen_id_province' }],
    });
    expect((await seller.get(`/v1/customers/${body.id}`)).body.warnings).toEqual([]);
  });
});

describe('the life-cycle stage', () => {
  let version = 0;
  const bought = (customerId: string, orders: number, lastOrderOn: string, recencyScore = 5): Promise<void> =>
    customers.receive(
      build(CustomerInsightState, {
        customerId,
        version: (version += 1),
        rank: 'gold',
        orders,
        firstOrderOn: '2024-01-02',
        lastOrderOn,
        revenue: Money.of(9),
        paid: Money.of(9),
        profit: Money.of(3),
        lifetimeValue: Money.of(9),
        recencyScore,
        frequencyScore: 3,
        valueScore: 4,
        openComplaints: 0,
        calculatedAt: new Date().toISOString(),
      }),
    );
  const states = async (id: string): Promise<string[]> =>
    (await customers.bus.published(CustomerState))
      .filter(({ key }) => key === id)
      .map(({ data: { lifecycle } }) => lifecycle);
  const say = (id: string, lifecycle: string) =>
    manager
      .get(`/v1/customers/${id}`)
      .then(({ headers }) =>
        manager.patch(`/v1/customers/${id}`, { lifecycle }, { 'if-match': headers.get('etag') ?? '' }),
      );

  it('follows what was bought, and the customer is published once a move', async () => {
    const {
      body: { id, updatedAt },
    } = await register(manager, { displayName: 'Trần Mua Dần' });
    await bought(id, 1, '2024-01-02', 1);
    await eventually(async () => expect(await states(id)).toEqual(['prospect', 'dormant']));
    await bought(id, 2, '2026-10-01');
    await eventually(async () => expect(await states(id)).toEqual(['prospect', 'dormant', 'won-back']));
    await bought(id, 2, '2026-10-01', 4);
    await bought(id, 3, '2026-11-01');
    await bought(id, 3, '2026-11-01', 4);
    await bought(id, 4, '2026-11-02');
    await eventually(async () =>
      expect((await manager.get(`/v1/customers/${id}`)).body).toMatchObject({
        lifecycle: 'repeat',
        insight: { orders: 4 },
      }),
    );
    expect(await states(id)).toEqual(['prospect', 'dormant', 'won-back', 'repeat']);
    const { body } = await manager.get(`/v1/customers/${id}`);
    expect([body.version, body.updatedAt > updatedAt]).toEqual([4, true]);
    expect(
      (await manager.get('/v1/customers?filter[lifecycle]=repeat')).body.data.map((each: Json) => each.id),
    ).toContain(id);
    // Older figures that come again change nothing.
    version -= 4;
    await bought(id, 1, '2024-01-02', 1);
    version += 10;
    await bought(id, 5, '2026-11-03');
    await eventually(async () =>
      expect(await states(id)).toEqual(['prospect', 'dormant', 'won-back', 'repeat', 'frequent']),
    );
  });

  it('is said by people only where facts cannot know it', async () => {
    const {
      body: { id },
    } = await register(manager, { displayName: 'Trần Bỏ Đi' });
    await bought(id, 2, '2026-11-01');
    await eventually(async () => expect((await manager.get(`/v1/customers/${id}`)).body.lifecycle).toBe('repeat'));
    expect(await say(id, 'loyal')).toMatchObject({
      status: 422,
      body: { code: 'lifecycle_follows_facts', stage: 'repeat', errors: [{ pointer: '/lifecycle' }] },
    });
    expect(await say(id, 'lost')).toMatchObject({ status: 200, body: { lifecycle: 'lost' } });
    await bought(id, 2, '2026-11-01', 4);
    await eventually(async () =>
      expect(
        await customers.sql(`select state->>'recencyScore' as score from customer_insight where customer_id = $1`, [
          id,
        ]),
      ).toEqual([{ score: '4' }]),
    );
    expect((await manager.get(`/v1/customers/${id}`)).body.lifecycle).toBe('lost');
    expect(await say(id, 'repeat')).toMatchObject({ status: 200, body: { lifecycle: 'repeat' } });
    expect(await register(manager, { displayName: 'Trần Mới', lifecycle: 'loyal' })).toMatchObject({
      status: 422,
      body: { code: 'lifecycle_follows_facts' },
    });
    expect(await register(manager, { displayName: 'Trần Mới', lifecycle: 'prospect' })).toMatchObject({ status: 201 });
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
  await customers.sql(`
    create role ${reader}; grant usage on schema customers to ${reader}; grant select on all tables in schema customers to ${reader};
    create function ${reader}(part text, scope text) returns int language plpgsql as $$
    declare n int; begin
      perform set_config('quen.scope', scope, true), set_config('quen.branch', '${daNang}', true);
      execute 'set local role ${reader}';
      execute format('select count(*) from %I', part) into n;
      return n; end $$`);
  try {
    for (const part of parts) {
      const [row] = await customers.sql<{ n: number }>(
        `select count(*)::int as n from ${part.replace('reached_', 'customer_')} where customer_id in (select id from customer where branch_id = $1)`,
        [daNang],
      );
      expect([part, ...(await customers.sql(`select ${reader}($1, '') as n`, [part]))]).toEqual([part, { n: 0 }]);
      expect([part, ...(await customers.sql(`select ${reader}($1, 'branch') as n`, [part]))]).toEqual([part, row]);
    }
  } finally {
    await customers.sql(`drop function ${reader}(text, text); drop owned by ${reader}; drop role ${reader}`);
  }
});

describe('search', () => {
  const names = async (q: string, rest = ''): Promise<string[]> =>
    (await manager.get(`/v1/customers?q=${encodeURIComponent(q)}${rest}`)).body.data.map(
      ({ displayName }: { displayName: string }) => displayName,
    );
  beforeAll(async () => {
    for (const displayName of ['Vũ Quang Hà', 'Vũ Quang Hạ', 'Vũ Quang Ha Long', 'Đào Quảng Thanh'])
      await register(manager, { displayName });
  });

  it('ranks what was typed with marks first', async () => {
    expect((await names('vũ quang hạ'))[0]).toBe('Vũ Quang Hạ');
    expect((await names('Vũ Quang Hà'.normalize('NFD')))[0]).toBe('Vũ Quang Hà');
  });
  it('finds all without marks', async () =>
    expect((await names('vu quang ha')).sort()).toEqual(['Vũ Quang Ha Long', 'Vũ Quang Hà', 'Vũ Quang Hạ']));
  it('finds đ by d', async () => expect(await names('dao quang')).toEqual(['Đào Quảng Thanh']));
  it('pages without losing or repeating any', async () => {
    const first = (await manager.get('/v1/customers?q=vu%20quang&limit=2')).body;
    const second = (
      await manager.get(`/v1/customers?q=vu%20quang&limit=2&cursor=${encodeURIComponent(first.nextCursor)}`)
    ).body;
    expect(new Set([...first.data, ...second.data].map(({ id }: { id: string }) => id)).size).toBe(3);
    expect(second.hasMore).toBe(false);
  });
  it('sorts as Vietnamese does and filters', async () => {
    expect(await names('vu quang', '&sort=displayName')).toEqual(
      ['Vũ Quang Hà', 'Vũ Quang Ha Long', 'Vũ Quang Hạ'].sort((a, b) => a.localeCompare(b, 'vi')),
    );
    expect(
      (await manager.get('/v1/customers?filter[kind]=organisation')).body.data.every(
        ({ kind }: { kind: string }) => kind === 'organisation',
      ),
    ).toBe(true);
    expect((await manager.get('/v1/customers?filter[nonsense]=1')).status).toBe(400);
  });
  it('finds words, keys and timelines by an index, under row-level security too', async () => {
    const [owner] = await customers.sql<{ tableowner: string }>(
      `select tableowner from pg_tables where tablename = 'customer' and schemaname = current_schema`,
    );
    await customers.sql(`create function plan_of(query text) returns jsonb language plpgsql security definer set enable_seqscan = off set quen.scope = 'branch' as $$
      declare plan jsonb; begin execute 'explain (format json) ' || query into plan; return plan; end $$`);
    await customers.sql(`alter function plan_of owner to ${owner?.tableowner}`);
    const plan = async (query: string): Promise<string> =>
      JSON.stringify(await customers.sql('select plan_of($1)', [query]));
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
        `select * from timeline_entry where customer_id = '${haNoi}' order by at desc, event_id desc limit 25`,
      ),
    ).toContain('timeline_entry_pkey');
    expect(await plan(`select * from customer order by updated_at desc, id desc limit 25`)).toContain(
      'customer_by_change',
    );
  });
});

it('administrators choose the branch, since they have none', async () => {
  expect(await register(administrator, { displayName: 'A' })).toMatchObject({
    status: 400,
    body: { errors: [{ pointer: '/branchId', code: 'required' }] },
  });
  expect((await register(administrator, { displayName: 'Không Chi Nhánh', branchId: daNang })).status).toBe(201);
});

it('publishes every customer again as they were', async () => {
  const again = await customers.republished(CustomerState);
  expect(again.length).toBeGreaterThan(3);
  for (const { before, after } of again) expect(after).toEqual(before);
});
