import { openTable } from '@quen/chassis';
import { Money, ProductState } from '@quen/events';
import { newId } from '@quen/messaging';
import { aCustomer, anInsight, eventually, match, startService, type TestService } from '@quen/testing';

describe('products and prices', () => {
  let sales: TestService;
  beforeAll(async () => {
    sales = await startService('sales');
  });
  afterAll(() => sales.stop());
  const director = () => sales.as({ roles: ['director'], subject: '01920000-0000-7000-8000-00000000000d' });

  it('keeps a product and publishes its state', async () => {
    const made = await director().post('/v1/products', {
      code: 'ln-ro08',
      name: 'Máy lọc nước RO 8 lõi',
      unit: 'chiếc',
      listPrice: Money.of(4_990_000),
      cost: Money.of(3_350_000),
    });
    expect(made).toMatchObject({
      status: 201,
      body: { code: 'LN-RO08', kind: 'goods', listPrice: { amount: '4990000', currency: 'VND' }, version: 1 },
    });
    await sales.published(
      ProductState,
      (state) => state.productId === made.body.id && state.listPrice?.amount === '4990000',
    );

    const changed = await director().patch(
      `/v1/products/${made.body.id}`,
      { listPrice: Money.of(5_090_000), category: 'Máy lọc nước' },
      match(made.body),
    );
    expect(changed).toMatchObject({
      status: 200,
      body: { version: 2, name: 'Máy lọc nước RO 8 lõi', category: 'Máy lọc nước' },
    });
    await sales.published(
      ProductState,
      (state) => state.productId === made.body.id && state.version === 2 && state.listPrice?.amount === '5090000',
    );
    expect(await director().patch(`/v1/products/${made.body.id}`, { name: 'x' }, match(made.body))).toMatchObject({
      status: 412,
      body: { code: 'stale_version' },
    });
    expect(await director().patch(`/v1/products/${made.body.id}`, { name: 'x' })).toMatchObject({ status: 428 });
    expect(await director().post('/v1/products', { code: 'LN-RO08', name: 'x', unit: 'x' })).toMatchObject({
      status: 409,
      body: { code: 'product_code_taken' },
    });
    expect(await director().post('/v1/products', { code: 'A', name: 'x', unit: 'x', colour: 'red' })).toMatchObject({
      status: 400,
      body: { code: 'validation_failed' },
    });
    expect((await director().get('/v1/products?q=may loc')).body.data).toHaveLength(1);
  });

  it('tells what a product costs the firm only to those who may know, and keeps price and cost in one currency', async () => {
    const made = (
      await director().post('/v1/products', {
        code: 'GIA-VON',
        name: 'Giá vốn',
        unit: 'chiếc',
        listPrice: Money.of(500),
        cost: Money.of(300),
      })
    ).body;
    for (const [roles, cost] of [
      [['seller'], undefined],
      [['agent', 'marketer'], undefined],
      [['accountant'], '300'],
      [['seller', 'branch-manager'], '300'],
      [['data-reader'], '300'],
    ] as const) {
      const who = sales.as({ roles: [...roles] });
      expect((await who.get(`/v1/products/${made.id}`)).body.cost?.amount).toBe(cost);
      expect(
        (await who.get('/v1/products?filter[code]=GIA-VON')).body.data.map(
          (each: { cost?: Money }) => each.cost?.amount,
        ),
      ).toEqual([cost]);
    }
    expect(
      await director().patch(`/v1/products/${made.id}`, { listPrice: Money.of('5.50', 'USD') }, match(made)),
    ).toMatchObject({ status: 422, body: { code: 'product_currency' } });
    expect(
      await director().patch(
        `/v1/products/${made.id}`,
        { listPrice: Money.of('5.50', 'USD'), cost: Money.of('3', 'USD') },
        match(made),
      ),
    ).toMatchObject({ status: 200, body: { cost: { currency: 'USD' } } });
    expect(
      await director().post('/v1/price-books', {
        code: 'NGUOC',
        name: 'x',
        validFrom: '2026-02-01',
        validTo: '2026-01-31',
      }),
    ).toMatchObject({ status: 422, body: { code: 'price_book_dates' } });
  });

  const finished = (id: string, who = director()) =>
    eventually(
      async () => {
        const { body } = await who.get(`/v1/jobs/${id}`);
        expect(['succeeded', 'failed']).toContain(body.state);
        return body;
      },
      { timeoutMs: 60_000 },
    );
  const send = (content: string | Uint8Array<ArrayBuffer>, fields: Record<string, string> = {}, who = director()) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    form.set('file', new Blob([content]), 'products');
    return who.post('/v1/products/imports', form, { 'accept-language': 'vi' });
  };
  const codes = async (like: string): Promise<unknown[]> =>
    sales.sql(
      `select code, name, unit, trim_scale(list_price)::text as price, trim_scale(cost)::text as cost, active, version from product where code like $1 order by code`,
      [like],
    );

  it('takes a list of products, corrects those that are there, and tells what it did not read', async () => {
    const list =
      'sep=;\nMã hàng (*);Tên hàng;ĐVT;Giá bán (VND);Giá vốn;Đang bán;Ngày nhập\nsp-01;Bình lọc;cái;1.500.000,00;;x;1\nSP-02;Vòi;cái;rẻ;N/A;không;2\nSP-03;;cái\nSP 04;Van;cái;5.000\nsp-01;Bình lọc 2;;;900k;;3\n';
    const rehearsed = await finished((await send(list, { dryRun: 'true' })).body.id);
    expect(rehearsed.result).toMatchObject({ dryRun: true, created: 2, updated: 1, rejected: 2 });
    expect(await codes('SP-%')).toEqual([]);
    const job = await finished((await send(list)).body.id);
    expect(job.result).toMatchObject({
      created: 2,
      updated: 1,
      failed: 2,
      warned: 1,
      unread: ['Ngày nhập'],
      unreadCells: [
        { line: 4, field: 'Giá bán (VND)', code: 'number_invalid', text: 'rẻ' },
        { line: 4, field: 'Giá vốn', code: 'placeholder' },
      ],
      reasons: { missing: 1, code_invalid: 1 },
    });
    expect(await codes('SP-%')).toEqual([
      { code: 'SP-01', name: 'Bình lọc 2', unit: 'cái', price: '1500000', cost: '900000', active: true, version: 1 },
      { code: 'SP-02', name: 'Vòi', unit: 'cái', price: null, cost: null, active: false, version: 1 },
    ]);
    expect((await director().get(job.links.failedRows)).body).toContain('SP-03,,cái,,,,,5,Tên hàng,còn thiếu,missing');
    await sales.published(ProductState, (state) => state.code === 'SP-01' && state.cost?.amount === '900000');
    const again = await finished((await send('code,price\nSP-01,"1,600,000"\nSP-02,\n')).body.id);
    expect(again.result).toMatchObject({ updated: 1, matched: 1, failed: 0 });
    await sales.published(
      ProductState,
      (state) => state.code === 'SP-01' && state.version === 2 && state.listPrice?.amount === '1600000',
    );
    expect(await send('a,b\n1,2\n')).toMatchObject({ status: 422, body: { code: 'import_columns_missing' } });
    expect((await send(list, {}, sales.as({ roles: ['seller'] }))).status).toBe(403);
  });

  it('gives its list as a file that a spreadsheet runs nothing of, and reads it back', async () => {
    for (const [code, name] of [
      ['XK-1', '=HYPERLINK("http://x")'],
      ['XK-2', 'Máy, "lọc"\n2 dòng'],
      ['XK-3', '-5'],
    ])
      await director().post('/v1/products', {
        code,
        name,
        unit: 'cái',
        listPrice: Money.of(1_500),
        cost: Money.of(900),
      });
    const asked = 'filter[code][startsWith]=XK&sort=-code';
    const csv = await director().post(`/v1/products/exports?${asked}`, undefined, { 'accept-language': 'vi' });
    expect([csv.status, csv.headers.get('location')]).toEqual([202, `/v1/jobs/${csv.body.id}`]);
    const job = await finished(csv.body.id);
    expect(job).toMatchObject({ state: 'succeeded', result: { rows: 3 }, links: { files: [job.result.file] } });
    const text = (await director().get(job.result.file)).body as string;
    expect(text.replace('\ufeff', '').split('\r\n').slice(0, 2)).toEqual([
      'Mã sản phẩm,Tên sản phẩm,Loại,Đơn vị tính,Nhóm hàng,Phòng ban,Giá niêm yết,Giá vốn,Loại tiền,Đang bán,Sửa lúc',
      expect.stringMatching(/^XK-3,-5,goods,cái,,,1500,900,VND,true,/),
    ]);
    expect(text).toContain(`"'=HYPERLINK(""http://x"")"`);
    expect((await finished((await send(text)).body.id)).result).toMatchObject({ matched: 3, failed: 0 });

    const book = await finished((await director().post(`/v1/products/exports?${asked}&format=xlsx`)).body.id);
    const [{ content }] = (await sales.sql<{ content: Buffer }>(
      `select content from job_file where job_id = $1 and direction = 'out' order by piece`,
      [book.id],
    )) as [{ content: Buffer }];
    const table = await openTable(content);
    expect(await table.count()).toBe(3);
    expect((await finished((await send(new Uint8Array(content))).body.id)).result).toMatchObject({
      matched: 3,
      failed: 0,
    });
    for await (const [, second, third] of table.batches(10))
      expect([second?.cells[1], second?.cells[6], third?.cells[1]]).toEqual([
        'Máy, "lọc"\n2 dòng',
        '1500',
        '=HYPERLINK("http://x")',
      ]);

    const accountant = sales.as({ roles: ['accountant'] });
    const own = await finished((await accountant.post(`/v1/products/exports?${asked}`)).body.id, accountant);
    expect(own.result.rows).toBe(3);
    expect((await director().post('/v1/products/exports?format=pdf')).status).toBe(400);
    expect((await director().post('/v1/products/exports?filter[cost]=1')).status).toBe(400);
    expect((await sales.as({ roles: ['seller'] }).post('/v1/products/exports')).status).toBe(403);
  });

  it('holds the prices of a branch for that branch only, in the database too', async () => {
    const [branchId, buyer] = [newId(), aCustomer()];
    await sales.receive(Object.assign(buyer, { branchId }));
    const product = (
      await director().post('/v1/products', {
        code: 'CN-01',
        name: 'Giá chi nhánh',
        unit: 'chiếc',
        listPrice: Money.of(1_000),
      })
    ).body;
    const book = (
      await director().post('/v1/price-books', { code: 'CN', name: 'Chi nhánh', validFrom: '2026-01-01', branchId })
    ).body;
    await director().put(
      `/v1/price-books/${book.id}/prices`,
      { prices: [{ productId: product.id, fromQuantity: '1', unitPrice: '900' }] },
      match(book),
    );
    await eventually(async () => {
      const made = await sales
        .as({ roles: ['seller'], branchId })
        .post('/v1/quotes', { customerId: buyer.customerId, lines: [{ productId: product.id, quantity: '1' }] });
      expect(made).toMatchObject({ status: 201, body: { total: { amount: '900' } } });
    });
    const open = await sales.sql(`
      select distinct c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
       where c.relnamespace = 'sales'::regnamespace and c.relkind = 'r' and not (c.relrowsecurity and c.relforcerowsecurity)
         and (a.attname in ('branch_id', 'owner_id') or c.relname in ('insight', 'support_case', 'price'))`);
    expect(open).toEqual([]);
  });

  it('lets sellers read, not write', async () => {
    const seller = sales.as({ roles: ['seller'] });
    expect((await seller.get('/v1/products')).status).toBe(200);
    expect((await seller.post('/v1/products', { code: 'B', name: 'x', unit: 'x' })).status).toBe(403);
    expect((await sales.anonymous.get('/v1/products')).status).toBe(401);
  });

  it('explains the price of a quantity for a customer on a day', async () => {
    const product = (
      await director().post('/v1/products', {
        code: 'LOI-01',
        name: 'Lõi lọc số 1',
        unit: 'chiếc',
        listPrice: Money.of(100_000),
      })
    ).body;
    const gold = aCustomer();
    await sales.receive(gold);
    await sales.receive(anInsight(gold.customerId, { rank: 'gold' }));
    const general = (
      await director().post('/v1/price-books', { code: 'GENERAL', name: 'Chung', validFrom: '2026-01-01' })
    ).body;
    const forGold = (
      await director().post('/v1/price-books', {
        code: 'GOLD',
        name: 'Hạng vàng',
        validFrom: '2026-01-01',
        validTo: '2026-12-31',
        customerRank: 'gold',
      })
    ).body;
    const filled = await director().put(
      `/v1/price-books/${general.id}/prices`,
      {
        prices: [
          { productId: product.id, fromQuantity: '1', unitPrice: '95000' },
          { productId: product.id, fromQuantity: '10', unitPrice: '90000' },
        ],
      },
      match(general),
    );
    expect(filled).toMatchObject({
      status: 200,
      body: { version: 2, prices: [{ fromQuantity: '1' }, { fromQuantity: '10' }] },
    });
    await director().put(
      `/v1/price-books/${forGold.id}/prices`,
      { prices: [{ productId: product.id, fromQuantity: '1', unitPrice: '88000' }] },
      match(forGold),
    );

    const ask = (query: string) => director().get(`/v1/prices/quote?product=LOI-01&${query}`);
    expect((await ask('quantity=12&on=2026-06-01')).body).toMatchObject({
      source: 'price-book',
      unitPrice: { amount: '90000' },
      amount: { amount: '1080000' },
    });
    await eventually(async () => {
      const { body } = await ask(`quantity=12&on=2026-06-01&customer=${gold.customerId}`);
      expect(body.unitPrice).toEqual({ amount: '88000', currency: 'VND' });
      expect(body.considered[0]).toMatchObject({ book: 'GOLD', verdict: 'chosen' });
    });
    expect((await ask(`quantity=1&on=2027-01-01&customer=${gold.customerId}`)).body.unitPrice.amount).toBe('95000');
    expect((await ask('quantity=1&on=2025-06-01')).body).toMatchObject({
      source: 'list-price',
      unitPrice: { amount: '100000' },
    });
    expect(await director().get('/v1/prices/quote?product=NOTHING')).toMatchObject({
      status: 422,
      body: { code: 'product_unknown' },
    });
    expect(
      await director().put(
        `/v1/price-books/${general.id}/prices`,
        { prices: [{ productId: product.id, fromQuantity: '1', unitPrice: '1000.4999' }] },
        match(filled.body),
      ),
    ).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/prices/0/unitPrice', message: 'must be a whole number: VND has no decimals' }] },
    });
    expect(await director().put(`/v1/price-books/${general.id}/prices`, { prices: [] }, match(general))).toMatchObject({
      status: 412,
    });
  });
});
