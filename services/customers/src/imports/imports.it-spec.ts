import { readFileSync } from 'node:fs';
import { BranchState, build, CustomerRegistered, CustomerState } from '@quen/events';
import { eventually, startService, type Answer, type Client, type Json, type TestService } from '@quen/testing';

const [haNoi, daNang] = [crypto.randomUUID(), crypto.randomUUID()];
let customers: TestService;
let marketer: Client;

const form = (content: string | Uint8Array, fields: Record<string, string> = {}): FormData => {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  data.append(
    'file',
    new Blob([typeof content === 'string' ? content : new Uint8Array(content)], { type: 'text/csv' }),
    'list.csv',
  );
  return data;
};
const send = (
  content: string | Uint8Array,
  fields?: Record<string, string>,
  headers?: Record<string, string>,
  client = marketer,
): Promise<Answer<Json>> => client.post('/v1/customers/imports', form(content, fields), headers);
const finished = (id: string, client = marketer): Promise<Json> =>
  eventually(
    async () => {
      const job = (await client.get(`/v1/jobs/${id}`)).body;
      if (job.state !== 'succeeded' && job.problem?.code !== 'every_row_failed')
        throw new Error(`the job is ${job.state}: ${JSON.stringify(job)}`);
      return (await client.get(`/v1/customers/imports/${id}`)).body;
    },
    { timeoutMs: 50_000 },
  );
const imported = async (content: string | Uint8Array, fields?: Record<string, string>): Promise<Json> => {
  const { status, body, headers } = await send(content, fields);
  expect([status, headers.get('location')]).toEqual([202, `/v1/jobs/${body.id}`]);
  return finished(body.id);
};
const failedRows = async (id: string): Promise<string> => (await marketer.get(`/v1/jobs/${id}/failed-rows.csv`)).body;

beforeAll(async () => {
  customers = await startService('customers', { env: { IMPORT_BATCH_ROWS: '50' } });
  marketer = customers.as({ roles: ['marketer'], branchId: haNoi });
  for (const [branchId, code] of [
    [haNoi, 'HN'],
    [daNang, 'DN'],
  ] as const)
    await customers.receive(
      build(BranchState, { branchId, version: 1, code, name: code, path: branchId, active: true }),
    );
  await eventually(async () => expect(await customers.sql('select 1 from branch')).toHaveLength(2));
});
afterAll(() => customers?.stop());

it('imports a list with guessed columns, meets known customers and repeated rows, and records consents', async () => {
  const known = (await marketer.post('/v1/customers', { displayName: 'Trần Văn Quen', phones: ['0913000001'] })).body;
  const result = await imported(
    '\ufeffHọ và tên;SĐT;Email;Đồng ý nhận thông tin\r\nTRAN VAN QUEN;0913 000 001;quen@mail.example;đồng ý\r\nLê Thị Mới;01688000002;;không\r\nle thi moi;0388000002;moi@mail.example;\r\n'.normalize(
      'NFD',
    ),
    { source: 'seminar', sourceNote: 'Hội thảo nước sạch' },
  );
  expect(result).toMatchObject({
    state: 'done',
    rows: 3,
    created: 1,
    updated: 2,
    matched: 0,
    rejected: 0,
    columns: { 'Họ và tên': 'name', SĐT: 'phone', Email: 'email', 'Đồng ý nhận thông tin': 'consent:marketing:email' },
  });
  expect((await marketer.get(`/v1/customers/${known.id}`)).body).toMatchObject({
    displayName: 'Trần Văn Quen',
    emails: ['quen@mail.example'],
    consents: [{ purpose: 'marketing', channel: 'email', given: true }],
  });
  const {
    body: {
      data: [fresh],
    },
  } = await marketer.get('/v1/customers/lookup?key=0388000002');
  expect(fresh).toMatchObject({
    displayName: 'Lê Thị Mới',
    source: 'seminar',
    emails: ['moi@mail.example'],
    consents: [{ given: false }],
    importId: result.id,
    branchId: haNoi,
  });
  expect(await customers.published(CustomerRegistered, ({ customerId }) => customerId === fresh.id)).toMatchObject({
    importId: result.id,
  });
  expect((await marketer.get(`/v1/customers/${known.id}/consents`)).body.data).toMatchObject([
    { source: 'Hội thảo nước sạch', wording: 'Đồng ý nhận thông tin', proof: 'list.csv, line 2' },
  ]);
});

it('gives broken rows back to be mended, and takes them the second time', async () => {
  const header = 'Họ và tên,SĐT,Ngày sinh,Ghi chú';
  const result = await imported(
    `${header}\n,,,\nKhông Số,,,\nNgày Sai,0913000011,31/02/1985,\nCông Thức,0913000012,,=HYPERLINK("http://x.example")\nNửa Dòng,0913\nTốt Lắm,0913000013,1/2/1990,- gọi lại tối\n"Hở Ngoặc,0913000014,,\n`,
  );
  expect(result).toMatchObject({
    rows: 6,
    created: 3,
    rejected: 3,
    warned: 1,
    reasons: { key_missing: 1, phone_invalid: 1, unclosed_quote: 1 },
    warnings: { date_invalid: 1 },
    unreadCells: [{ line: 4, field: 'Ngày sinh', code: 'date_invalid' }],
  });
  const csv = await failedRows(result.id);
  expect(csv).toContain('Nửa Dòng,0913,,,6,SĐT,');
  expect(csv).toContain('Hở Ngoặc');
  const mended = csv
    .replace('0913,', '0913000015,')
    .split('\r\n')
    .filter((line, index) => index === 0 || line.includes('Nửa Dòng'))
    .join('\r\n');
  expect(mended).toContain('line,field,reason,code');
  expect(await imported(mended)).toMatchObject({ rows: 1, created: 1, rejected: 0 });
});

it('previews without writing', async () => {
  const [{ n: before }] = (await customers.sql<{ n: string }>('select count(*) n from customer')) as [{ n: string }];
  const result = await imported('Tên,SĐT\nXem Trước,0913000021\nxem truoc,0913000021\nSai,x\n', { dryRun: 'true' });
  expect(result).toMatchObject({
    dryRun: true,
    created: 1,
    matched: 1,
    rejected: 1,
    sample: [
      { line: 2, outcome: 'created', name: 'Xem Trước' },
      { line: 3, outcome: 'matched' },
      { line: 4, outcome: 'rejected', faults: [{ field: 'SĐT', code: 'phone_invalid' }] },
    ],
  });
  expect(await customers.sql('select count(*) n from customer')).toEqual([{ n: before }]);
});

it('keeps to its mode', async () => {
  const file = 'code,name,phone,needs\nMODE-1,Chế Độ Một,0913000031,a\n';
  expect(await imported(file, { mode: 'update' })).toMatchObject({ rejected: 1, reasons: { not_found: 1 } });
  expect(await imported(file, { mode: 'create' })).toMatchObject({ created: 1 });
  expect(await imported(file.replace(',a', ',b'), { mode: 'create' })).toMatchObject({ matched: 1, updated: 0 });
  expect(await imported(file.replace(',a', ',b'), { mode: 'update' })).toMatchObject({ updated: 1 });
});

it("keeps to the importer's branches", async () => {
  const result = await imported('name,phone,branch\nMột,0913000041,HN\nHai,0913000042,DN\nBa,0913000043,XX\n');
  expect(result).toMatchObject({ created: 1, rejected: 2, reasons: { branch_forbidden: 1, branch_unknown: 1 } });
  const elsewhere = customers.as({ roles: ['marketer'], branchId: daNang });
  expect((await elsewhere.get(`/v1/customers/imports/${result.id}`)).status).toBe(404);
  const hidden = await send('code,name,phone\nMODE-1,Giấu,0913000044\n', {}, {}, elsewhere);
  expect(await finished(hidden.body.id, elsewhere)).toMatchObject({ rejected: 1, reasons: { match_hidden: 1 } });
});

it('takes citizen ids only from who may read and write them wherever the import reaches', async () => {
  const manager = customers.as({ roles: ['branch-manager'], branchId: haNoi });
  await manager.post('/v1/customers', {
    displayName: 'Có Thẻ',
    citizenId: '001085044401',
    taxCode: '001085044402',
    phones: ['0913000071'],
  });
  const guesses = 'name,citizenId\nCó Thẻ,001085044401\nCó Thẻ,001085044403\n';
  for (const fields of [{ mode: 'update', keys: 'citizenId', dryRun: 'true' }, {}])
    expect(await send(guesses, fields as Record<string, string>)).toMatchObject({
      status: 403,
      body: { code: 'import_citizen_ids' },
    });
  expect(await send('name,phone\nA,0913000072\n', { keys: 'citizenId,phone' })).toMatchObject({
    status: 403,
    body: { code: 'import_citizen_ids' },
  });
  const asTaxCode = 'name,taxCode\nCó Thẻ,001085044402\nCó Thẻ,001085044404\n';
  expect(await imported(asTaxCode, { mode: 'update', dryRun: 'true' })).toMatchObject({
    rejected: 2,
    reasons: { citizen_id_forbidden: 2 },
  });
  expect(
    await imported('name,phone,citizenId\nKhông Thẻ,0913000073,001085044401\n', { mapping: '{"citizenId":null}' }),
  ).toMatchObject({ created: 1, rejected: 0 });
  const own = await send(guesses, { mode: 'update', keys: 'citizenId', dryRun: 'true' }, {}, manager);
  expect(await finished(own.body.id, manager)).toMatchObject({ matched: 1, rejected: 1, reasons: { not_found: 1 } });
  // Another branch's manager does not meet them, and may enter the number of a record of his own.
  const elsewhere = customers.as({ roles: ['branch-manager'], branchId: daNang });
  const other = await send(guesses, { mode: 'create' }, {}, elsewhere);
  expect(await finished(other.body.id, elsewhere)).toMatchObject({ created: 2, rejected: 0 });
});

it('reads of a stage only what facts cannot know', async () => {
  await imported('name,phone,lifecycle\nMột Thân Thiết,0913000081,thân thiết\nHai Đã Mất,0913000082,lost\n');
  const stage = async (phone: string): Promise<string> =>
    (await marketer.get(`/v1/customers/lookup?key=${phone}`)).body.data[0].lifecycle;
  expect([await stage('0913000081'), await stage('0913000082')]).toEqual(['prospect', 'lost']);
});

it.each([
  ['what is no text', Buffer.from([0x6e, 0x61, 0x6d, 0x65, 0x0a, 0x8a, 0xea]), {}, 'import_not_utf8'],
  ['a torn workbook', Buffer.from('PK\x03\x04 torn'), {}, 'workbook_unreadable'],
  ['an empty file', Buffer.from(''), {}, 'import_empty'],
  ['no name column', Buffer.from('a,b\n1,2\n'), {}, 'import_columns_unclear'],
  ['an unknown field', Buffer.from('name\nA\n'), { surprise: '1' }, 'validation_failed'],
  ['a mapping of no such header', Buffer.from('name\nA\n'), { mapping: '{"x":"name"}' }, 'validation_failed'],
  ['a branch that there is not', Buffer.from('name\nA\n'), { branchId: crypto.randomUUID() }, 'validation_failed'],
  ['an unknown mode', Buffer.from('name\nA\n'), { mode: 'replace' }, 'validation_failed'],
])('refuses %s at once', async (_, content, fields, code) =>
  expect(await send(content, fields as Record<string, string>)).toMatchObject({ status: 400, body: { code } }),
);

it('takes the same upload under the same key once', async () => {
  const [first, again] = [
    await send('name,phone\nMột Lần,0913000051\n', {}, { 'idempotency-key': 'upload-1' }),
    await send('name,phone\nMột Lần,0913000051\n', {}, { 'idempotency-key': 'upload-1' }),
  ];
  expect(again).toMatchObject({ status: 202, body: { id: first.body.id } });
});

it('goes on after a kill, without loss and without doubles', async () => {
  const rows = Array.from({ length: 1500 }, (_, n) => `Khách Bị Ngắt ${n},09${String(20_000_000 + n)},yes`);
  const { body } = await send(`name,phone,marketingConsent\n${rows.join('\n')}\n`);
  await eventually(async () =>
    expect((await marketer.get(`/v1/jobs/${body.id}`)).body.progress.done).toBeGreaterThan(0),
  );
  await customers.kill();
  const [job] = await customers.sql<{ done: string; state: string }>('select done, state from job where id = $1', [
    body.id,
  ]);
  expect([job?.state, Number(job?.done) < 1500]).toEqual(['running', true]);
  // The lease of the process that died ends by itself after 30 s; the test does not wait that long.
  await customers.sql(`update job set lease_until = now() where id = $1`, [body.id]);
  await customers.restart();
  expect(await finished(body.id)).toMatchObject({
    rows: 1500,
    done: 1500,
    created: 1500,
    updated: 0,
    matched: 0,
    rejected: 0,
  });
  expect(
    await customers.sql(
      `select count(*)::int n, count(distinct phones)::int phones from customer where import_id = $1`,
      [body.id],
    ),
  ).toEqual([{ n: 1500, phones: 1500 }]);
  expect(
    await customers.sql(
      `select count(*)::int n from consent_entry e join customer c on c.id = e.customer_id where c.import_id = $1`,
      [body.id],
    ),
  ).toEqual([{ n: 1500 }]);
  await eventually(
    async () => {
      const ids = (await customers.bus.published(CustomerState))
        .filter(({ data }) => data.displayName.startsWith('Khách Bị Ngắt'))
        .map(({ key }) => key);
      expect(new Set(ids).size).toBe(1500);
    },
    { timeoutMs: 30_000 },
  );
});

it('imports the sample seminar list: what is planted in it is found', async () => {
  const folder = new URL('../../../../deploy/sample/', import.meta.url);
  const planted = JSON.parse(readFileSync(new URL('seminar-list.planted.json', folder), 'utf8')) as {
    rows: number;
    repeats: number[];
    broken: { line: number; fault: string }[];
    wrongTaxCode: number[];
  };
  const result = await imported(readFileSync(new URL('seminar-list.csv', folder), 'utf8'), {
    source: 'seminar',
    sourceNote: 'Hội thảo',
  });
  expect(result.rows).toBe(planted.rows);
  const rejected = (
    await customers.sql<{ line: number }>('select line from job_failed_row where job_id = $1 order by line', [
      result.id,
    ])
  ).map(({ line }) => line);
  // A day that there is not costs its cell, and what looks like a formula is text.
  const mild = planted.broken.filter(({ fault }) => fault === 'garbage_date' || fault === 'formula');
  const broken = planted.broken.filter((each) => !mild.includes(each));
  expect(mild).toHaveLength(6);
  expect(rejected).toEqual(broken.map(({ line }) => line).sort((a, b) => a - b));
  expect(result.warnings).toEqual({
    tax_code_checksum: planted.wrongTaxCode.length,
    date_invalid: 2,
    day_is_year: 1,
  });
  expect(result.warned).toBe(planted.wrongTaxCode.length + 3);
  expect(result.created).toBe(planted.rows - broken.length - planted.repeats.length);
});

describe('field cases', () => {
  const consentsOf = async (key: string): Promise<Json> =>
    (await marketer.get(`/v1/customers/lookup?key=${key}`)).body.data[0].consents;

  it('an address with an accent costs its row only, in a preview, in an import and at the door', async () => {
    const file =
      'Họ và tên,SĐT,Email\nLê Thị Trước,0960001101,truoc@mail.example\nLê Thị Giữa,0960001102,lê.giữa@mail.example\nLê Thị Sau,0960001103,\u200bsau@mail.example\ufeff\n';
    for (const dryRun of ['true', 'false']) {
      expect(await imported(file, { dryRun })).toMatchObject({
        state: 'done',
        created: 2,
        rejected: 1,
        reasons: { email_invalid: 1 },
        sample: [{}, { line: 3, outcome: 'rejected', faults: [{ field: 'Email', code: 'email_invalid' }] }, {}],
      });
    }
    const {
      body: {
        data: [after],
      },
    } = await marketer.get('/v1/customers/lookup?key=0960001103');
    expect(after.emails).toEqual(['sau@mail.example']);
    for (const email of ['lê.giữa@mail.example', '"lan lan"@mail.example']) {
      expect(await marketer.post('/v1/customers', { displayName: 'Giữa', emails: [email] })).toMatchObject({
        status: 400,
        body: { errors: [{ pointer: '/emails', code: 'is_email' }] },
      });
      expect(
        (await marketer.patch(`/v1/customers/${after.id}`, { emails: [email] }, { 'if-match': `"${after.version}"` }))
          .status,
      ).toBe(400);
    }
    expect(
      await marketer.post('/v1/customers', { displayName: 'Tr\u00adần\u200b Ẩn', emails: ['a\u200bn@mail.example'] }),
    ).toMatchObject({ status: 201, body: { displayName: 'Trần Ẩn', emails: ['an@mail.example'] } });
    expect((await marketer.get('/v1/customers?q=Tr%E2%80%8B%E1%BA%A7n%20%E1%BA%A8n')).body.data[0]).toMatchObject({
      displayName: 'Trần Ẩn',
    });
  });

  it('knows a customer by a code with invisible signs or in another style of tone marks', async () => {
    await imported('code,name,phone\nHÒA-1,Hòa Một,0960001111\n');
    expect(await imported('code,name,needs\n\u2060hoà\u200b-1\ufeff,Hòa Một,lọc\n')).toMatchObject({
      updated: 1,
      created: 0,
    });
  });

  it('keeps names in parts', async () => {
    await imported('Họ đệm,Tên,SĐT\nNguyễn Thị Thu,Lan,0960001701\n');
    expect((await marketer.get('/v1/customers/lookup?key=0960001701')).body.data).toMatchObject([
      { displayName: 'Nguyễn Thị Thu Lan', familyName: 'Nguyễn', middleName: 'Thị Thu', givenName: 'Lan' },
    ]);
  });

  it('never takes a denial for a consent', async () => {
    const file =
      'Họ và tên,SĐT,Email,Không nhận quảng cáo\nVõ Thị Đừng,0960002101,dung@mail.example,x\nVõ Thị Được,0960002102,duoc@mail.example,\n';
    expect(await imported(file)).toMatchObject({
      created: 2,
      columns: { 'Không nhận quảng cáo': 'refusal:marketing:email+others' },
      notices: [],
    });
    expect([await consentsOf('0960002101'), await consentsOf('0960002102')]).toMatchObject([
      [{ purpose: 'marketing', channel: 'email', given: false }],
      [],
    ]);
    expect(await send(file, { mapping: '{"Không nhận quảng cáo":"consent:marketing:email"}' })).toMatchObject({
      status: 400,
      body: { errors: [{ code: 'header_denies' }] },
    });
  });

  it('lets a withdrawal stand against a list that is read again, but not against a later day', async () => {
    const file = 'Họ và tên,SĐT,Email,Đồng ý nhận thông tin\nĐỗ Thị Rút,0960002201,rut@mail.example,có\n';
    expect(await imported(file)).toMatchObject({ created: 1, notices: [{ code: 'consent_day_missing' }] });
    const {
      body: {
        data: [{ id }],
      },
    } = await marketer.get('/v1/customers/lookup?key=0960002201');
    expect(await consentsOf('0960002201')).toMatchObject([{ given: true, undated: true }]);
    const phoned = {
      purpose: 'marketing',
      channel: 'email',
      given: false,
      source: 'phone',
      wording: 'Đừng gửi nữa',
      at: '2026-05-10T03:00:00Z',
    };
    expect((await marketer.post(`/v1/customers/${id}/consents`, phoned)).status).toBe(201);
    expect(await imported(file)).toMatchObject({ matched: 1, warned: 1, sample: [{ warnings: ['refusal_stands'] }] });
    expect(await imported(file, { collectedAt: '2026-05-10' })).toMatchObject({
      notices: [],
      sample: [{ warnings: ['refusal_stands'] }],
    });
    expect(await consentsOf('0960002201')).toEqual([
      expect.objectContaining({ given: false, at: '2026-05-10T03:00:00.000Z' }),
    ]);
    expect((await marketer.get(`/v1/customers/${id}/consents`)).body.data).toHaveLength(2);
    expect(
      (await customers.bus.published(CustomerState)).filter(({ key }) => key === id).at(-1)?.data.consents,
    ).toMatchObject([{ given: false }]);
    await imported(file.replace('thông tin\n', 'thông tin,Ngày đồng ý\n').replace(',có', ',có,11/05/2026'));
    expect(await consentsOf('0960002201')).toEqual([
      expect.objectContaining({ given: true, at: '2026-05-10T17:00:00.000Z' }),
    ]);
    expect(await send(file, { collectedAt: '2999-01-01' })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/collectedAt', code: 'in_the_future' }] },
    });
  });

  it('takes the evidence of a mailing tool as evidence', async () => {
    const result = await imported(
      'Họ và tên,SĐT,Email Address,OPTIN_TIME,OPTIN_IP\nBùi Văn Chimp,0960002301,chimp@mail.example,2024-02-12 17:59:31,203.0.113.5\n',
    );
    expect(result).toMatchObject({
      created: 1,
      rejected: 0,
      columns: { OPTIN_TIME: 'consentDate' },
      unread: ['OPTIN_IP'],
    });
    expect(await consentsOf('0960002301')).toEqual([]);
  });

  it('reads the windows code page, names the separator itself, and fills short rows up', async () => {
    const named = 'sep=;\r\nTên;SĐT;Ghi chú\r\nMai Đình;0961002701\r\n';
    expect(await imported(named)).toMatchObject({ created: 1, delimiter: ';' });
    const paged = Buffer.from('Tên,SÐT\nÐào Lê,0961002702\n'.replaceAll('Ð', '\xd0'), 'latin1');
    expect(await imported(paged)).toMatchObject({ created: 1, sample: [{ name: 'Đào Lê' }] });
  });

  it('takes what can be read of phones, days, amounts and notes, and tells the rest', async () => {
    const result = await imported(
      [
        'Họ và tên\tĐiện thoại\tNgày sinh\tDoanh thu\tGhi chú',
        'Ô Một\t024 3936 1234 máy lẻ 7\t1979\t2.750.000,00\t=HYPERLINK("http://x.example","bấm")',
        'Ô Hai\tĐT: 0961002802 (chị Mai)\t29005\t2750000.00\t- gọi sau 17h (bận)',
        'Ô Ba\t0961002803 - 0961002804\t30/05/1979 00:00:00\t2.750.000₫\t@shop',
        'Ô Bốn\t0961002805 hoặc 0961002806\t05/30/1979\tnhiều\tkhông có',
      ].join('\n'),
    );
    expect(result).toMatchObject({
      created: 4,
      rejected: 0,
      warned: 3,
      warnings: { partly_read: 2, day_is_year: 1, date_invalid: 1, number_invalid: 1, placeholder: 1 },
    });
    const one = async (key: string): Promise<Json> =>
      (await marketer.get(`/v1/customers/lookup?key=${key}`)).body.data[0];
    expect(await one('02439361234')).toMatchObject({
      birthDate: null,
      revenue: { amount: '2750000' },
      note: '=HYPERLINK("http://x.example","bấm")',
    });
    expect(await one('0961002802')).toMatchObject({ birthDate: '1979-05-30', note: '- gọi sau 17h (bận)' });
    expect(await one('0961002804')).toMatchObject({ birthDate: '1979-05-30', revenue: { amount: '2750000' } });
    expect(await one('0961002806')).toMatchObject({ birthDate: null, revenue: null, note: null });
    const { result: told } = (await marketer.get(`/v1/jobs/${result.id}`)).body;
    expect(told).toMatchObject({ unread: [], encoding: 'utf-8' });
    expect(told.unreadCells).toContainEqual({ line: 2, field: 'Điện thoại', code: 'partly_read', text: 'ext 7' });
    expect(told.sample[2].cells).toContainEqual(
      expect.objectContaining({ field: 'Ngày sinh', text: '30/05/1979 00:00:00', value: '1979-05-30' }),
    );
  });

  it('finds a number however it is written', async () => {
    await imported('name,phone\nTìm Theo Số,0961003101\n');
    for (const typed of [
      '0961003101',
      '0961.003.101',
      '0961-003-101',
      '(0961) 003101',
      '+84 961 003 101',
      '0084961003101',
    ])
      expect((await marketer.get(`/v1/customers?q=${encodeURIComponent(typed)}`)).body.data).toMatchObject([
        { displayName: 'Tìm Theo Số' },
      ]);
  });

  it("gives its list as a file: the caller's branch, and citizen ids for who may read them", async () => {
    const manager = customers.as({ roles: ['branch-manager'], branchId: haNoi });
    await manager.post('/v1/customers', { displayName: 'Xuất Một', phones: ['0961004101'], citizenId: '001085044499' });
    await customers
      .as({ roles: ['branch-manager'], branchId: daNang })
      .post('/v1/customers', { displayName: 'Xuất Hai', phones: ['0961004102'] });
    const { body, status } = await manager.post('/v1/customers/exports?q=xuat&sort=code', undefined, {
      'accept-language': 'vi',
    });
    expect(status).toBe(202);
    const job = await eventually(async () => {
      const found = (await manager.get(`/v1/jobs/${body.id}`)).body;
      expect(found.state).toBe('succeeded');
      return found;
    });
    const text = (await manager.get(job.result.file)).body as string;
    expect(text).toContain('Họ và tên,Danh xưng');
    expect([text.includes('Xuất Một'), text.includes('+84961004101'), text.includes('001085044499')]).toEqual([
      true,
      true,
      true,
    ]);
    expect(text).not.toContain('Xuất Hai');
    expect((await marketer.post('/v1/customers/exports')).status).toBe(403);
  });

  it('gives two columns of one name back as two', async () => {
    const header = 'Họ và tên,Điện thoại,Điện thoại,line';
    const { id } = await imported(
      `${header}\nĐủ Số,0961001801,0961001802,a\nThiếu Số,0961001803,xx,b\n,0961001805,0961001806,c\n`,
    );
    expect((await failedRows(id)).replace('\ufeff', '').split('\r\n')).toMatchObject([
      `${header},line,field,reason,code`,
      expect.stringMatching(/^Thiếu Số,0961001803,xx,b,3,Điện thoại,.*,phone_invalid$/),
      expect.stringMatching(/^,0961001805,0961001806,c,4,Họ và tên,.*,name_missing$/),
      '',
    ]);
  });

  it('shows as failed what failed, with its rows, and what was cancelled as cancelled', async () => {
    const none = await imported('name,phone\nMột,x\nHai,y\n');
    expect(none).toMatchObject({ state: 'failed', problem: { code: 'every_row_failed' }, rejected: 2, rows: 2 });
    expect(await failedRows(none.id)).toContain('Hai,y');
    expect((await marketer.get('/v1/customers/imports?filter[state]=failed')).body.data).toContainEqual(
      expect.objectContaining({ id: none.id }),
    );
    // As when a table is gone, or a rule of the database is not known here: each row breaks by itself.
    await customers.sql(`alter table customer add constraint broken check (display_name not like 'Vỡ %') not valid`);
    const some = await imported('name,phone\nLành Một,0960002401\nVỡ Hai,0960002402\nLành Ba,0960002403\n');
    expect(some).toMatchObject({ state: 'done', created: 2, rejected: 1, reasons: { not_written: 1 } });
    const { body } = await send(
      `name,phone\n${Array.from({ length: 150 }, (_, index) => `Vỡ ${index},09600025${String(index).padStart(3, '0')}`.replace('09600025', '0960002')).join('\n')}\n`,
    );
    await eventually(
      async () =>
        expect((await marketer.get(`/v1/customers/imports/${body.id}`)).body).toMatchObject({
          state: 'failed',
          problem: { code: 'job_stopped', detail: expect.stringContaining('line 101') },
          rejected: 99,
        }),
      { timeoutMs: 60_000 },
    );
    expect((await failedRows(body.id)).trim().split('\r\n')).toHaveLength(100);
    await customers.sql('alter table customer drop constraint broken');
  });
});
