import { CustomerState } from '@quen/events';
import { eventually, type Json } from '@quen/testing';
import {
  customers,
  daNang,
  failedRows,
  haNoi,
  imported,
  marketer,
  send,
  startImports,
  stopImports,
} from '../imports.it-support.js';

beforeAll(startImports);
afterAll(() => stopImports());

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
    const said = async () => (await customers.bus.published(CustomerState)).filter(({ key }) => key === id).at(-1);
    await eventually(async () => expect((await said())?.data.consents).toMatchObject([{ given: false }]));
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
