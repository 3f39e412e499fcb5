import { readFileSync } from 'node:fs';
import { CustomerRegistered, CustomerState } from '@quen/events';
import { eventually } from '@quen/testing';
import {
  customers,
  daNang,
  failedRows,
  finished,
  haNoi,
  imported,
  marketer,
  send,
  startImports,
  stopImports,
} from '../imports.it-support.js';

beforeAll(startImports);
afterAll(() => stopImports());

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
