import { CustomerCorrected, CustomerRegistered, CustomerState, OwnershipChanged } from '@quen/events';
import { Customers } from '../customers.it-support.js';

let customers: Customers;
beforeAll(async () => {
  customers = await Customers.start();
});
afterAll(() => customers?.stop());

describe('registering a customer', () => {
  it('stores, publishes and shows it', async () => {
    const answer = await customers.register(customers.manager, {
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
        branchId: customers.haNoi,
        phones: [{ e164: '+84912345601' }],
        emails: ['lan@mail.example'],
        address: { province: 'Hà Nội' },
        warnings: [{ pointer: '/taxCode', code: 'tax_code_checksum' }],
        candidates: [],
      },
    });
    expect(answer.headers.get('etag')).toBe('"1"');
    const { id } = answer.body;
    await customers.service.published(CustomerRegistered, ({ customerId }) => customerId === id);
    expect(await customers.service.published(CustomerState, ({ customerId }) => customerId === id)).toMatchObject({
      version: 1,
      displayName: 'Nguyễn Thị Thu Lan',
      branchId: customers.haNoi,
    });
  });

  it('names possible duplicates, and refuses a sure one unless it is insisted on', async () => {
    const first = await customers.register(customers.manager, {
      displayName: 'Trần Văn Hải',
      phones: ['0912345602'],
      citizenId: '001085012345',
    });
    const alike = await customers.register(customers.manager, {
      displayName: 'TRAN VAN HAI',
      phones: ['+84912345602'],
    });
    expect(alike.body.candidates).toMatchObject([
      { customerId: first.body.id, score: 80, sure: false, reasons: [{ code: 'same_phone' }, { code: 'same_name' }] },
    ]);
    const same = { displayName: 'Trần Hải', citizenId: '001 085 012 345' };
    expect(await customers.register(customers.manager, same)).toMatchObject({
      status: 409,
      body: { code: 'duplicate_customer', customerId: first.body.id },
    });
    expect((await customers.register(customers.manager, { ...same, allowDuplicate: true })).status).toBe(201);
  });

  it('tells of records in a branch that the caller may not see only that there is one, whatever else is alike', async () => {
    const hidden = {
      displayName: 'Lê Thị Bí Mật',
      phones: ['0912345603', '0912345605'],
      birthDate: '1985-03-02',
      emails: ['mat@mail.example'],
      taxCode: '0311112230',
    };
    await customers.register(customers.elsewhere, hidden);
    await customers.register(customers.elsewhere, { displayName: 'Lê Thị Bí Mật', phones: ['0912345603'] });
    const there = [{ customerId: null, code: null, displayName: null, score: null, sure: null, reasons: [] }];
    const { body, headers } = await customers.register(customers.manager, {
      displayName: 'Lê Thị Bí Mật',
      phones: ['0912345603'],
    });
    expect(body.candidates).toEqual(there);
    // Neither a right nor a wrong guess of what else the hidden record holds changes that.
    let tag = headers.get('etag') ?? '';
    for (const guess of [
      { birthDate: '1985-03-02' },
      { birthDate: '1999-09-09' },
      { displayName: 'Ai Khác' },
      { emails: ['mat@mail.example'] },
    ]) {
      tag =
        (await customers.manager.patch(`/v1/customers/${body.id}`, guess, { 'if-match': tag })).headers.get('etag') ??
        '';
      expect((await customers.manager.get(`/v1/customers/${body.id}/candidates`)).body.data).toEqual(there);
    }
    const same = await customers.register(customers.manager, {
      displayName: 'Ai Đó',
      taxCode: '0311112230',
      kind: 'organisation',
    });
    expect(same).toMatchObject({ status: 409, body: { code: 'duplicate_customer', customerId: null, reason: null } });
    const patched = await customers.manager.patch(
      `/v1/customers/${body.id}`,
      { taxCode: '0311112230' },
      { 'if-match': tag },
    );
    expect(patched).toMatchObject({
      status: 409,
      body: { code: 'duplicate_customer', customerId: null, reason: null },
    });
    expect(JSON.stringify([same.body, patched.body])).not.toContain('same_');
  });

  it('refuses a branch that there is not, in the token as in the body', async () => {
    const lost = customers.service.as({ roles: ['marketer'], branchId: crypto.randomUUID() });
    expect(await customers.register(lost, { displayName: 'Không Chi Nhánh' })).toMatchObject({
      status: 409,
      body: { code: 'not_known_here_yet' },
    });
    expect(
      await customers.service.sql('select 1 from customer where branch_id not in (select id from branch)'),
    ).toEqual([]);
  });

  it('lets only one of two entries of the same tax code at the same moment win', async () => {
    const answers = await Promise.all(
      Array.from({ length: 4 }, (_, n) =>
        customers.register(customers.manager, {
          displayName: `Công ty Cùng Lúc ${n}`,
          kind: 'organisation',
          taxCode: '0100109106',
        }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
  });

  it('is done once under the same key', async () => {
    const body = { displayName: 'Phạm Một Lần', phones: ['0912345604'] };
    const [first, again] = [
      await customers.register(customers.manager, body, { 'idempotency-key': 'once-1' }),
      await customers.register(customers.manager, body, { 'idempotency-key': 'once-1' }),
    ];
    expect(again).toMatchObject({ status: 201, body: { id: first.body.id } });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(
      (await customers.register(customers.manager, { displayName: 'Khác' }, { 'idempotency-key': 'once-1' })).status,
    ).toBe(422);
    expect(
      await customers.service.sql('select 1 from customer where display_name = $1', ['Phạm Một Lần']),
    ).toHaveLength(1);
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
    expect(await customers.register(customers.manager, body)).toMatchObject({
      status: 400,
      body: { code: 'validation_failed', errors: [{ pointer, code }] },
    });
  });

  it('refuses a branch that it has not heard of yet, for the time being', async () => {
    const answer = await customers.register(customers.manager, { displayName: 'A', branchId: crypto.randomUUID() });
    expect(answer).toMatchObject({ status: 409, body: { code: 'not_known_here_yet', what: 'branch' } });
    expect(answer.headers.get('retry-after')).toBe('1');
  });

  it('needs a token and a role', async () => {
    expect((await customers.register(customers.service.anonymous, { displayName: 'A' })).status).toBe(401);
    expect((await customers.register(customers.as('accountant'), { displayName: 'A' })).status).toBe(403);
  });
});

describe('a registered customer', () => {
  let id: string;
  beforeAll(async () => {
    id = (
      await customers.register(customers.manager, {
        displayName: 'Đỗ Thị Ánh Ngọc',
        phones: ['0912345610'],
        externalIds: [{ system: 'zalo', id: '77001' }],
        citizenId: '001185012399',
        code: 'cu-77',
      })
    ).body.id;
  });

  it('does not exist for another branch', async () => {
    expect(await customers.elsewhere.get(`/v1/customers/${id}`)).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    });
    expect((await customers.elsewhere.patch(`/v1/customers/${id}`, { needs: 'x' }, { 'if-match': '"1"' })).status).toBe(
      404,
    );
    expect((await customers.elsewhere.get('/v1/customers/lookup?phone=0912345610')).status).toBe(400);
    expect((await customers.elsewhere.get('/v1/customers/lookup?key=0912345610')).body).toEqual({ data: [] });
    expect((await customers.elsewhere.get('/v1/customers?q=anh ngoc')).body.data).toEqual([]);
  });

  it.each(['0912.345.610', '+84 912 345 610', 'CU-77', 'zalo:77001', '001185012399'])('is found by %s', async (key) => {
    expect(
      (await customers.manager.get(`/v1/customers/lookup?key=${encodeURIComponent(key)}`)).body.data,
    ).toMatchObject([{ id }]);
  });

  it('shows its citizen id to few', async () => {
    expect((await customers.manager.get(`/v1/customers/${id}`)).body.citizenId).toBe('001185012399');
    expect((await customers.as('seller').get(`/v1/customers/${id}`)).body.citizenId).toBe('•••399');
  });

  it('is corrected with the version that was read, and told in Vietnamese why not', async () => {
    const path = `/v1/customers/${id}`;
    expect((await customers.manager.patch(path, { needs: 'máy lọc nước' })).status).toBe(428);
    const { body, headers } = await customers.manager.patch(
      path,
      { needs: 'máy lọc nước', phones: ['0912345610', '0912345611'] },
      { 'if-match': '"1"' },
    );
    expect(body).toMatchObject({ version: 2, needs: 'máy lọc nước' });
    expect(headers.get('etag')).toBe('"2"');
    expect(
      await customers.manager.patch(path, { needs: null }, { 'if-match': '"1"', 'accept-language': 'vi' }),
    ).toMatchObject({
      status: 412,
      body: { code: 'stale_version', currentVersion: 2, detail: expect.stringContaining('phiên bản') },
    });
    expect((await customers.manager.patch(path, { surprise: 1 }, { 'if-match': '"2"' })).status).toBe(400);
    expect(await customers.service.published(CustomerCorrected, ({ customerId }) => customerId === id)).toMatchObject({
      fields: ['needs', 'phones'],
    });
    expect((await customers.manager.get('/v1/customers/lookup?key=0912345611')).body.data).toMatchObject([{ id }]);
    await customers.service.published(CustomerState, ({ customerId, version }) => customerId === id && version === 2);
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
    expect(await customers.correct(customers.manager, id, { [field]: null })).toMatchObject({
      status: 400,
      body: { code: 'validation_failed', errors: [{ pointer: `/${field}` }] },
    });
  });

  it.each([
    [{ otherAddresses: [{ label: 'delivery', address: null }] }, '/otherAddresses/0/address'],
    [{ otherAddresses: [null] }, '/otherAddresses'],
    [{ externalIds: [null] }, '/externalIds'],
    [{ phones: [null] }, '/phones'],
    [{ emails: [null] }, '/emails'],
    [{ address: { text: null } }, '/address/text'],
  ])('refuses %j with a pointer', async (body, pointer) => {
    const answer = await customers.correct(customers.manager, id, body);
    expect(answer).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: expect.stringMatching(`^${pointer}`) }] },
    });
  });

  it("does not take an id that is somebody else's", async () => {
    await customers.register(customers.manager, {
      displayName: 'Công ty Có Mã',
      kind: 'organisation',
      taxCode: '0311112223',
    });
    expect(await customers.correct(customers.manager, id, { taxCode: '0311112223' })).toMatchObject({
      status: 409,
      body: { code: 'duplicate_customer' },
    });
  });

  it('changes hands, also into a branch that the caller does not see', async () => {
    const ownerId = crypto.randomUUID();
    const { headers } = await customers.manager.get(`/v1/customers/${id}`);
    const moved = await customers.manager.post(
      `/v1/customers/${id}/transfer`,
      { branchId: customers.daNang, ownerId },
      { 'if-match': headers.get('etag') ?? '' },
    );
    expect(moved).toMatchObject({ status: 201, body: { branchId: customers.daNang, ownerId } });
    expect(await customers.service.published(OwnershipChanged, ({ customerId }) => customerId === id)).toMatchObject({
      branchId: customers.daNang,
      ownerId,
      previousBranchId: customers.haNoi,
    });
    expect((await customers.manager.get(`/v1/customers/${id}`)).status).toBe(404);
    expect((await customers.elsewhere.get(`/v1/customers/${id}`)).status).toBe(200);
  });
});

it('administrators choose the branch, since they have none', async () => {
  expect(await customers.register(customers.administrator, { displayName: 'A' })).toMatchObject({
    status: 400,
    body: { errors: [{ pointer: '/branchId', code: 'required' }] },
  });
  expect(
    (await customers.register(customers.administrator, { displayName: 'Không Chi Nhánh', branchId: customers.daNang }))
      .status,
  ).toBe(201);
});

it('publishes every customer again as they were', async () => {
  const again = await customers.service.republished(CustomerState);
  expect(again.length).toBeGreaterThan(3);
  for (const { before, after } of again) expect(after).toEqual(before);
});
